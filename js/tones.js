/** @typedef {import("./index.js").Call} Call */
/** @typedef {import("./index.js").Client} Client */
/** @typedef {import("./index.js").ListenOptions} ListenOptions */
/** @typedef {import("./tones.js").SoundingTone} SoundingTone */
/** @typedef {import("./tones.js").ToneName} ToneName */
/** @typedef {import("./tones.js").ToneOutput} ToneOutput */
/** @typedef {import("./tones.js").ToneRegion} ToneRegion */
/** @typedef {import("./tones.js").ToneSource} ToneSource */
/** @typedef {import("./tones.js").Tones} TonesInterface */
/** @typedef {import("./tones.js").TonesEvents} TonesEvents */
/** @typedef {import("./tones.js").TonesOptions} TonesOptions */

import { misuse, OffhookError, wrongOption } from "./error.js";
import { Listeners } from "./listeners.js";
import { kind, readDevice } from "./options.js";
import {
  OUTPUTS, readOutput, readRegion, readSource, readTone, readTonesOptions, readVolume,
} from "./tones/options.js";
import { Output } from "./tones/output.js";
import { keyPattern } from "./tones/pattern.js";
import { project } from "./tones/projection.js";
import { cadenceOf, patternOf, REGIONS } from "./tones/regions.js";
import { Sounds } from "./tones/sounds.js";
import { Vibration } from "./tones/vibration.js";

export const TONE_REGIONS = Object.freeze([...REGIONS]);

/** How long a preview sounds, in ms: any region's ringing is known by then. */
const PREVIEW_MS = 4_000;

/** How long a click waits to learn whether it helped, in ms. */
const RESUMES_WITHIN_MS = 4_000;

/** What a key is called at its output, beside the tones. */
const KEY = "key";

/**
 * @param {Client} client
 * @param {TonesOptions} [options]
 */
export function createTones(client, options) {
  return new Tones(client, readTonesOptions(options, client.dialect));
}

/**
 * A client's tones: what `project()` says of its calls, carried out. Documented in `tones.d.ts`.
 *
 * @implements {TonesInterface}
 */
class Tones {
  #client;
  #region;
  #times;
  #devices;
  #vibrates;
  #soundsDtmf;
  #sounds = new Sounds();
  #vibration = new Vibration();
  #listeners = new Listeners(["sounding", "blocked", "unblocked", "error"]);
  /** Ends the listening to the client. */
  #watching = new AbortController();
  /** Ends the listening to the page. @type {AbortController | undefined} */
  #touching;
  /** Oldest first. @type {Map<string, { call: Call, state: Call["state"], since: number }>} */
  #calls = new Map();
  /** @type {readonly SoundingTone[]} */
  #sounding = [];
  /** @type {{ tone: ToneName, until: number } | undefined} */
  #previewed;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #outputs;

  /**
   * @param {Client} client
   * @param {ReturnType<typeof readTonesOptions>} options
   */
  constructor(client, { region, sounds, devices, volume, times, vibrate, dtmf }) {
    this.#client = client;
    this.#region = region;
    this.#times = times;
    this.#devices = devices;
    this.#vibrates = vibrate;
    this.#soundsDtmf = dtmf;
    const output = (/** @type {ToneOutput} */ name, /** @type {() => string | undefined} */ usual) => {
      return new Output(() => this.#devices[name] ?? usual(), volume[name], {
        changed: () => this.#lookWhetherBlocked(),
        missing: (device) => this.#fail(noLoudspeaker(`devices.${name}`, device)),
      });
    };
    this.#outputs = { ring: output("ring", () => undefined), call: output("call", () => client.devices.speakerId) };
    this.#watch();
    for (const [tone, source] of sounds) {
      this.#sounds.set(tone, source, `sounds.${tone}`).catch((error) => this.#fail(error));
    }
  }

  get sounding() {
    return this.#sounding;
  }

  get blocked() {
    return this.#touching !== undefined;
  }

  get region() {
    return this.#region;
  }

  /** @param {ToneRegion} region */
  setRegion(region) {
    this.#region = readRegion(region);
    for (const one of this.#sounding) this.#start(one);
  }

  /** @param {ToneOutput} output */
  volume(output) {
    return this.#outputs[readOutput(output)].volume;
  }

  /**
   * @param {ToneOutput} output
   * @param {number} volume
   */
  setVolume(output, volume) {
    this.#outputs[readOutput(output)].volume = readVolume(volume);
  }

  /**
   * @param {ToneOutput} output
   * @param {string | undefined} deviceId
   */
  async setOutput(output, deviceId) {
    const name = readOutput(output);
    const device = readDevice(deviceId);
    if (device !== undefined) await checkLoudspeaker(device);
    this.#devices[name] = device;
    if (!this.#isOver) this.#outputs[name].move();
  }

  /**
   * @param {ToneName} tone
   * @param {ToneSource | undefined} source
   */
  async setSound(tone, source) {
    this.#check();
    await this.#sounds.set(readTone(tone), readSource(source), "source");
  }

  /** @param {string} digit */
  key(digit) {
    this.#check();
    const pattern = typeof digit === "string" ? keyPattern(digit.toUpperCase()) : undefined;
    if (!pattern) throw wrongOption("digit", kind(digit), "one of 0-9, A-D, * or #");
    this.#outputs.call.play(KEY, pattern);
  }

  /** @param {ToneName} tone */
  preview(tone) {
    this.#check();
    this.#previewed = { tone: readTone(tone), until: performance.now() + PREVIEW_MS };
    this.#refresh();
  }

  async resume() {
    // At once: it has to be the click that asks.
    this.#wake();
    if (!this.blocked) return true;
    return new Promise((/** @type {(isHeard: boolean) => void} */ resolve) => {
      const timer = setTimeout(() => {
        undo();
        resolve(!this.blocked);
      }, RESUMES_WITHIN_MS);
      const undo = this.#listeners.add("unblocked", () => {
        clearTimeout(timer);
        resolve(true);
      }, { once: true });
    });
  }

  /**
   * @template {keyof TonesEvents} K
   * @param {K} event
   * @param {(event: TonesEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    this.#check();
    return this.#listeners.add(event, listener, options);
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    this.#watching.abort();
    clearTimeout(this.#timer);
    this.#calls.clear();
    this.#previewed = undefined;
    this.#sound([]);
    this.#sounds.close();
    for (const output of OUTPUTS) this.#outputs[output].close();
    this.#lookWhetherBlocked();
    this.#listeners.clear();
  }

  get #isOver() {
    return this.#watching.signal.aborted;
  }

  #check() {
    if (this.#isOver) throw misuse(60003, "the tones were disposed of: createTones() makes others");
  }

  #watch() {
    const { signal } = this.#watching;
    const heard = (/** @type {{ call: Call }} */ { call }) => this.#hear(call);
    this.#client.on("incomingCall", heard, { signal });
    this.#client.on("recoveredCall", heard, { signal });
    this.#client.on("callState", heard, { signal });
    // A client that will not come back lets nothing be heard any more.
    this.#client.on("socketDisconnected", () => this.#client.reconnecting || this.#hush(), { signal });
    this.#client.on("error", ({ error, call }) => error.fatal && !call && this.#hush(), { signal });
    for (const call of this.#client.calls) this.#hear(call);
  }

  /** @param {Call} call */
  #hear(call) {
    const { id, state } = call;
    if (!this.#calls.has(id) && state !== "done") {
      this.#calls.set(id, { call, state, since: performance.now() });
      const { signal } = this.#watching;
      call.on("updated", () => this.#refresh(), { signal });
      if (this.#soundsDtmf) call.on("dtmf", ({ digit }) => this.key(digit), { signal });
    }
    this.#refresh();
  }

  /** What has ended has nothing more to say. */
  #hush() {
    for (const [id, { call }] of this.#calls) if (call.state === "done") this.#calls.delete(id);
    this.#outputs.call.stop(KEY);
    this.#previewed = undefined;
    this.#refresh();
    this.#lookWhetherBlocked();
  }

  /** Carries out what should sound now, and looks again when that will be something else. */
  #refresh() {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    const now = performance.now();
    for (const one of this.#calls.values()) {
      if (one.call.state !== one.state) Object.assign(one, { state: one.call.state, since: now });
    }
    const { tones, again } = project([...this.#calls.values()].map(look), this.#times, now);
    const wanted = tones.map(({ tone, call }) => sounding(tone, this.#calls.get(call)?.call));
    for (const [id, { state }] of this.#calls) {
      // An end that is not told at once is not told later either.
      if (state === "done" && !tones.some(({ call }) => call === id)) this.#calls.delete(id);
    }
    if (wanted.length > 0 || (this.#previewed?.until ?? 0) <= now) this.#previewed = undefined;
    if (this.#previewed) wanted.push(sounding(this.#previewed.tone, undefined));
    const next = Math.min(again ?? Infinity, this.#previewed?.until ?? Infinity);
    if (next < Infinity) this.#timer = setTimeout(() => this.#refresh(), next - now);
    this.#sound(wanted);
  }

  /** @param {SoundingTone[]} wanted */
  #sound(wanted) {
    const before = this.#sounding;
    const isSame = wanted.length === before.length
      && wanted.every(({ tone, call }, n) => tone === before[n]?.tone && call === before[n]?.call);
    if (isSame) return;
    this.#sounding = Object.freeze(wanted);
    for (const one of before) if (!has(wanted, one)) this.#stop(one);
    for (const one of wanted) if (!has(before, one)) this.#start(one);
    this.#lookWhetherBlocked();
    this.#listeners.tell("sounding", { tones: wanted });
  }

  /** @param {SoundingTone} one */
  #start({ tone, output }) {
    const own = this.#sounds.get(tone);
    if (own !== false) this.#outputs[output].play(tone, own ?? patternOf(this.#region, tone));
    if (tone === "ringtone" && this.#vibrates) this.#vibration.start(cadenceOf(this.#region));
  }

  /** @param {SoundingTone} one */
  #stop({ tone, output }) {
    this.#outputs[output].stop(tone);
    if (tone === "ringtone") this.#vibration.stop();
  }

  #wake() {
    for (const output of OUTPUTS) this.#outputs[output].wake();
  }

  #lookWhetherBlocked() {
    const isBlocked = OUTPUTS.some((output) => this.#outputs[output].isBlocked);
    if (isBlocked === this.blocked) return;
    if (isBlocked) {
      const { signal } = this.#touching = new AbortController();
      // The page may keep events to itself on their way up.
      const touched = () => this.#wake();
      for (const event of ["pointerup", "keydown"]) addEventListener(event, touched, { signal, capture: true });
      this.#listeners.tell("blocked", { tones: this.#sounding });
    } else {
      this.#touching?.abort();
      this.#touching = undefined;
      this.#listeners.tell("unblocked", {});
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof OffhookError) this.#listeners.tell("error", { error });
    else reportError(error);
  }
}

/**
 * @param {{ call: Call, state: Call["state"], since: number }} one
 * @returns {import("./tones/projection.js").Heard}
 */
function look({ call, state, since }) {
  const { id, direction, earlyMedia, reason } = call;
  const wasAnswered = (call.connectedAt ?? call.answeredAt) !== undefined;
  return { id, direction, state, earlyMedia, wasAnswered, reason, since };
}

/**
 * @param {ToneName} tone
 * @param {Call | undefined} call
 * @returns {SoundingTone}
 */
function sounding(tone, call) {
  return { tone, output: tone === "ringtone" ? "ring" : "call", call };
}

/**
 * @param {readonly SoundingTone[]} tones
 * @param {SoundingTone} one
 */
function has(tones, one) {
  return tones.some(({ tone }) => tone === one.tone);
}

/** @param {string} device */
async function checkLoudspeaker(device) {
  const probe = new Audio();
  if (!probe.setSinkId) {
    throw wrongOption("deviceId", kind(device), "undefined: this browser does not let pages choose the loudspeaker");
  }
  try {
    await probe.setSinkId(device);
  } catch {
    throw noLoudspeaker("deviceId", device);
  }
}

/**
 * @param {string} option
 * @param {string} device
 */
function noLoudspeaker(option, device) {
  return wrongOption(option, kind(device), "the id of a loudspeaker that is there");
}
