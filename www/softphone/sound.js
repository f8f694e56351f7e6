import { createAudioSession } from "../js/audio.js";
import { announce, announceUrgently } from "./announce.js";
import { deviceStorage } from "./store.js";
import { partyOf } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/audio.js").AudioDevices} AudioDevices
 * @typedef {import("../../js/audio.js").AudioSession} AudioSession
 * @typedef {import("../../js/audio.js").InterruptionCause} InterruptionCause
 *
 * @typedef {object} Page
 * @property {(kind: "audio", text: string) => void} write
 * @property {(error: unknown) => void} onError
 * @property {(what: string, advice: string) => void} onWarning
 * @property {(devices: AudioDevices) => void} onDevices
 * @property {() => void} onChange what `nudgeOf()` says may be something else
 *
 * @typedef {object} Nudge what a person in a call should know of the sound
 * @property {"interrupted" | "muted" | "silent"} kind
 * @property {string} words
 * @property {string} [button] what it says
 * @property {() => void | Promise<void>} [act] what it does
 */

/** So long it says that somebody is muted who speaks. */
const SHOWN_MS = 10_000;

/** @type {Record<InterruptionCause, string>} */
const CAUSES = {
  muted: "The system has muted your microphone.", ended: "The system has taken your microphone.",
  context: "The system has stopped the sound.",
};

/** What is used, as a person calls it; and what it is called where no name is known. */
const KINDS = /** @type {const} */ ([
  { id: "microphoneId", list: "microphones", usual: "the system's microphone", verb: "You speak through" },
  { id: "speakerId", list: "speakers", usual: "the system's speaker", verb: "You hear through" },
  { id: "ringId", list: "speakers", usual: "the system's speaker", verb: "It rings through" },
]);

/** The sound of the calls: devices that come and go, and what a person in a call should know. */
export class Sound {
  #page;
  /** @type {AudioSession | undefined} */
  #session;
  /** Those in which somebody has spoken, muted. @type {Map<Call, ReturnType<typeof setTimeout>>} */
  #spoken = new Map();
  /** The devices in use, by the name of their id. @type {Map<string, { deviceId: string, label: string }>} */
  #used = new Map();

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** While somebody is signed in. */
  get session() {
    return this.#session;
  }

  /**
   * @param {Client} client
   * @param {{ wakeLock: boolean }} options
   */
  attach(client, options) {
    const session = createAudioSession(client, { remember: deviceStorage(), ...options });
    this.#session = session;
    session.on("changed", ({ devices }) => {
      this.#compare(devices);
      this.#page.onDevices(devices);
    });
    session.on("speakingWhileMuted", ({ calls }) => this.#speak(calls));
    session.on("silentMicrophone", ({ silent }) => {
      this.#tell(silent ? "Your microphone says nothing." : "Your microphone is heard again.");
      this.#page.onChange();
    });
    session.on("interrupted", ({ why }) => {
      this.#page.write("audio", CAUSES[why]);
      announceUrgently(CAUSES[why]);
      this.#page.onChange();
    });
    session.on("resumed", ({ calls }) => {
      this.#tell(["The sound is back.", ...calls.map((call) => `${partyOf(call).name} is off hold.`)].join(" "));
      this.#page.onChange();
    });
    session.on("error", ({ error }) => this.#page.onError(error));
    client.on("callEnded", ({ call }) => this.#quiet(call));
    this.#page.onDevices(session.devices);
    return session;
  }

  detach() {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
    this.#used.clear();
    for (const call of [...this.#spoken.keys()]) this.#quiet(call);
  }

  /**
   * What the card of a call should say.
   *
   * @param {Call} call
   * @returns {Nudge | undefined}
   */
  nudgeOf(call) {
    const session = this.#session;
    if (session?.interruption?.calls.includes(call)) {
      const words = `${CAUSES[session.interruption.why]} On hold until it is back.`;
      return { kind: "interrupted", words, button: "Resume", act: () => session.resume() };
    }
    if (call.state !== "active") return undefined;
    if (call.muted && this.#spoken.has(call)) {
      return { kind: "muted", words: "You are speaking while muted.", button: "Unmute", act: () => call.unmute() };
    }
    if (call.muted || !session?.microphoneSilent) return undefined;
    return { kind: "silent", words: "Your microphone says nothing. Is it switched off?" };
  }

  /** @param {readonly Call[]} calls */
  #speak(calls) {
    for (const call of calls) {
      clearTimeout(this.#spoken.get(call));
      this.#spoken.set(call, setTimeout(() => this.#quiet(call), SHOWN_MS));
    }
    this.#page.write("audio", "Spoken while muted");
    announceUrgently("You are speaking while muted.");
    this.#page.onChange();
  }

  /** @param {Call} call */
  #quiet(call) {
    clearTimeout(this.#spoken.get(call));
    if (this.#spoken.delete(call)) this.#page.onChange();
  }

  /** Tells of a device that was used and is gone. @param {AudioDevices} devices */
  #compare(devices) {
    for (const { id, list, usual, verb } of KINDS) {
      const before = this.#used.get(id);
      const present = devices[list];
      const now = present.find(({ deviceId }) => deviceId !== "" && deviceId === devices[id]);
      const isGone = before !== undefined && !present.some(({ deviceId }) => deviceId === before.deviceId);
      // Until another one is used in its place, there is nothing to tell.
      if (isGone && devices[id] === before.deviceId) continue;
      if (isGone) {
        const [what, advice] = [`${before.label || "A device"} is gone.`, `${verb} ${now?.label || usual}.`];
        this.#page.write("audio", `${what} ${advice}`);
        this.#page.onWarning(what, advice);
      }
      if (now === undefined) this.#used.delete(id);
      else this.#used.set(id, now);
    }
  }

  /** @param {string} words */
  #tell(words) {
    this.#page.write("audio", words);
    announce(words);
  }
}
