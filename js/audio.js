/** @typedef {import("./index.js").Call} Call */
/** @typedef {import("./index.js").CallState} CallState */
/** @typedef {import("./index.js").Client} Client */
/** @typedef {import("./index.js").ListenOptions} ListenOptions */
/** @typedef {import("./audio.js").AudioSession} AudioSessionInterface */
/** @typedef {import("./audio.js").AudioSessionEvents} AudioSessionEvents */
/** @typedef {import("./audio.js").AudioSessionOptions} AudioSessionOptions */
/** @typedef {import("./audio.js").CallLevels} CallLevels */
/** @typedef {import("./audio.js").MicrophoneTest} MicrophoneTest */

import { listenToMicrophone, playTestTone } from "./audio/check.js";
import { DeviceChoice } from "./audio/devices.js";
import { Ears } from "./media/ears.js";
import { Gate } from "./audio/gate.js";
import { Interruption } from "./audio/interruption.js";
import { followLevels } from "./media/levels.js";
import { readAudioOptions, readInterval, readTestOptions } from "./audio/options.js";
import { Screen } from "./audio/screen.js";
import { SourceTrack } from "./audio/source.js";
import { MicrophoneWatch } from "./audio/watch.js";
import { misuse, OffhookError, wrongOption } from "./error.js";
import { Listeners } from "./listeners.js";
import { kind, readDevice } from "./options.js";

/** Nothing tells of another microphone, of another stream, or of a sound: so often they are looked at, in ms. */
const TICK_MS = 100;

/**
 * @param {Client} client
 * @param {AudioSessionOptions} [options]
 */
export function createAudioSession(client, options) {
  return new AudioSession(client, readAudioOptions(options));
}

/**
 * The sound of a client's calls. Documented in `audio.d.ts`.
 *
 * @implements {AudioSessionInterface}
 */
class AudioSession {
  #client;
  #listeners = new Listeners([
    "changed", "speakingWhileMuted", "silentMicrophone", "interrupted", "resumable", "resumed", "activated",
    "deactivated", "error",
  ]);
  /** Ends the listening to the client and the page. */
  #over = new AbortController();
  /** Those that have not ended, and what ends the listening to each. @type {Map<Call, () => void>} */
  #calls = new Map();
  /** Ends each level that is told. @type {Set<() => void>} */
  #levels = new Set();
  /** Why there is no sound. @type {Set<"disabled" | "interrupted">} */
  #silencedBy = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  /** Whether the person takes part in a call. */
  #isUp = false;
  #gate = new Gate();
  #screen = new Screen();
  #ears = new Ears(() => this.#interruption?.look());
  #source;
  #interruption;
  #watch;
  #devices;
  #ready;
  #wakeLock;

  /**
   * @param {Client} client
   * @param {ReturnType<typeof readAudioOptions>} options
   */
  constructor(client, { remember, interruptions, autoResume, wakeLock, silenceMs }) {
    this.#client = client;
    this.#wakeLock = wakeLock;
    const fail = (/** @type {unknown} */ error) => this.#fail(error);
    const read = () => client.devices.microphoneTrack;
    this.#source = new SourceTrack(read, (isAnother) => this.#microphoneChanged(isAnother));
    this.#interruption = interruptions ? this.#newInterruption(autoResume, fail) : undefined;
    this.#watch = new MicrophoneWatch(this.#ears, this.#source, this.#listeners, silenceMs);
    const changed = () => this.#listeners.tell("changed", { devices: this.devices });
    const used = () => this.#tick();
    this.#devices = new DeviceChoice(client, remember, { changed, used, fail, over: this.#over.signal });
    this.#listen();
    this.#ready = this.#devices.start();
  }

  get ready() {
    return this.#ready;
  }

  get devices() {
    return this.#devices.view;
  }

  get audioEnabled() {
    return this.#gate.isOpen;
  }

  get active() {
    return this.#silencedBy.size === 0;
  }

  get interruption() {
    const why = this.#interruption?.why;
    return why && { calls: this.#interruption?.calls ?? [], why };
  }

  get microphoneSilent() {
    return this.#watch.isSilent;
  }

  get screenAwake() {
    return this.#screen.isAwake;
  }

  /** @param {string | undefined} deviceId */
  async setMicrophone(deviceId) {
    this.#check();
    const id = readDevice(deviceId);
    this.#source.forgive();
    await this.#devices.choose("microphone", id);
  }

  /** @param {string | undefined} deviceId */
  async setSpeaker(deviceId) {
    this.#check();
    await this.#devices.choose("speaker", readDevice(deviceId));
  }

  /** @param {string | undefined} deviceId */
  async setRing(deviceId) {
    this.#check();
    await this.#devices.choose("ring", readDevice(deviceId));
  }

  /** @param {boolean} enabled */
  setAudioEnabled(enabled) {
    this.#check();
    if (typeof enabled !== "boolean") throw wrongOption("enabled", kind(enabled), "true or false");
    if (enabled === this.#gate.isOpen) return;
    this.#gate.set(enabled, this.#calls.keys());
    this.#silence("disabled", !enabled);
  }

  async resume() {
    this.#check();
    this.#ears.wake();
    if (this.#source.trouble) await this.#reacquire();
    await this.#interruption?.resume();
  }

  async reset() {
    this.#check();
    this.#interruption?.forget();
    this.setAudioEnabled(true);
    this.#source.forgive();
    this.#ears.reset();
    if (this.#source.track) await this.#reacquire();
    await this.#devices.refresh();
  }

  /**
   * @param {Call} call
   * @param {(levels: CallLevels) => void} listener
   * @param {{ hz?: number }} [options]
   */
  levels(call, listener, options) {
    this.#check();
    const interval = readInterval(options);
    if (typeof listener !== "function") throw wrongOption("listener", kind(listener), "a function");
    return followLevels(this.#ears, call, interval, (local, remote) => listener({ local, remote }), this.#levels);
  }

  /** @param {string | undefined} [deviceId] */
  async testTone(deviceId) {
    this.#check();
    return playTestTone(readDevice(deviceId) ?? this.#client.devices.speakerId, this.#over.signal);
  }

  /** @param {{ deviceId?: string | undefined, seconds?: number, onLevel?: any, signal?: AbortSignal }} [options] */
  async testMicrophone(options) {
    this.#check();
    const { ms, onLevel, signal, deviceId } = readTestOptions(options);
    const device = readDevice(deviceId) ?? this.#client.devices.microphoneId;
    const given = new AbortController();
    const over = () => given.abort();
    for (const one of [signal, this.#over.signal]) {
      if (one?.aborted) over();
      one?.addEventListener("abort", over, { signal: given.signal });
    }
    try {
      return await listenToMicrophone(this.#ears, device, { ms, onLevel, over: given.signal });
    } finally {
      over();
    }
  }

  /**
   * @template {keyof AudioSessionEvents} K
   * @param {K} event
   * @param {(event: AudioSessionEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    return this.#listeners.add(event, listener, options);
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    if (this.#isOver) return;
    if (!this.#gate.isOpen) this.#gate.set(true, this.#calls.keys());
    this.#over.abort();
    for (const stop of [...this.#levels]) stop();
    this.#interruption?.close();
    this.#watch.close();
    this.#source.close();
    for (const undo of this.#calls.values()) undo();
    this.#calls.clear();
    this.#rest();
    this.#ears.close();
    this.#listeners.clear();
  }

  get #isOver() {
    return this.#over.signal.aborted;
  }

  #check() {
    if (this.#isOver) throw misuse(60003, "the audio session is over: createAudioSession() makes another");
  }

  /**
   * @param {boolean} autoResume
   * @param {(error: unknown) => void} fail
   */
  #newInterruption(autoResume, fail) {
    return new Interruption({
      calls: () => [...this.#calls.keys()],
      cause: () => this.#source.trouble ?? (this.#ears.isInterrupted ? "context" : undefined),
      tell: (event, calls, why) => this.#listeners.tell(event, { calls: Object.freeze([...calls]), why }),
      silenced: (isSilenced) => this.#silence("interrupted", isSilenced),
      fail,
    }, autoResume);
  }

  #listen() {
    const { signal } = this.#over;
    const client = this.#client;
    const heard = (/** @type {{ call: Call }} */ { call }) => this.#hear(call);
    client.on("incomingCall", heard, { signal });
    client.on("recoveredCall", heard, { signal });
    client.on("callState", ({ call, previous }) => this.#hear(call, previous), { signal });
    // The entry has taken another microphone, or failed to.
    client.on("warning", () => this.#tick(), { signal });
    client.on("error", ({ error, call }) => (error.fatal && !call ? this[Symbol.dispose]() : this.#tick()), { signal });
    // A client that will not come back has nothing to be heard any more.
    client.on("socketDisconnected", () => client.ready || client.reconnecting || this[Symbol.dispose](), { signal });
    const look = () => document.visibilityState === "visible" && this.#lookAgain();
    document.addEventListener("visibilitychange", look, { signal });
    for (const event of ["pageshow", "focus"]) addEventListener(event, look, { signal });
    navigator.mediaDevices?.addEventListener("devicechange", look, { signal });
    for (const call of client.calls) this.#hear(call);
  }

  /**
   * @param {Call} call
   * @param {CallState} [previous]
   */
  #hear(call, previous = call.state) {
    if (call.state === "done") {
      this.#calls.get(call)?.();
      this.#calls.delete(call);
    } else if (!this.#calls.has(call)) this.#calls.set(call, call.on("updated", () => this.#tick()));
    this.#setUp([...this.#calls.keys()].some(isWanted));
    if (this.#calls.size > 0) this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    else this.#rest();
    this.#tick();
    this.#interruption?.hear(call, previous);
  }

  /** There is no call. */
  #rest() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#setUp(false);
  }

  /** @param {boolean} isUp */
  #setUp(isUp) {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    if (this.#wakeLock) this.#screen.want(isUp);
    shareSound(isUp);
  }

  #tick() {
    if (this.#isOver) return;
    const calls = [...this.#calls.keys()];
    this.#source.follow();
    this.#gate.keep(calls);
    this.#watch.look(this.active ? calls.filter(({ state }) => state === "active") : [], performance.now());
  }

  /** @param {boolean} isAnother */
  #microphoneChanged(isAnother) {
    this.#interruption?.look();
    // Labels and ids are known once it was opened; one that took another's place is there to see.
    if (isAnother) void this.#devices.look();
  }

  /** The page is looked at, or something was plugged in: what could not be had may be had now. */
  #lookAgain() {
    void this.#screen.refresh();
    this.#ears.wake();
    this.#tick();
    // No event tells that the system has given it back while the page was asleep.
    this.#interruption?.look();
    // Whether it works or not is seen by what is heard then.
    if (this.#source.trouble === "ended") this.#reacquire().catch(() => {});
  }

  async #reacquire() {
    await this.#devices.reacquire();
    this.#interruption?.look();
  }

  /**
   * @param {"disabled" | "interrupted"} why
   * @param {boolean} isSilenced
   */
  #silence(why, isSilenced) {
    const wasActive = this.active;
    if (isSilenced) this.#silencedBy.add(why);
    else this.#silencedBy.delete(why);
    if (wasActive !== this.active) this.#listeners.tell(this.active ? "activated" : "deactivated", { why });
  }

  /** @param {unknown} error */
  #fail(error) {
    if (this.#isOver) return;
    if (error instanceof OffhookError) this.#listeners.tell("error", { error });
    else reportError(error);
  }
}

/** Whether the person takes part in it, or is about to. @param {Call} call */
function isWanted({ state, direction }) {
  return direction === "outbound" || (state !== "new" && state !== "ringing");
}

/** Tells a system that asks (Safari) that sound goes both ways. @param {boolean} isUp */
function shareSound(isUp) {
  const { audioSession } = /** @type {{ audioSession?: { type: string } }} */ (navigator);
  if (audioSession) audioSession.type = isUp ? "play-and-record" : "auto";
}
