/** @typedef {import("../tones.js").ToneName} ToneName */
/** @typedef {import("../tones.js").ToneOutput} ToneOutput */
/** @typedef {import("../tones.js").ToneRegion} ToneRegion */
/** @typedef {import("../tones.js").ToneSource} ToneSource */

import { wrongOption } from "../error.js";
import { flag, kind, number, object, oneOf, readDevice, readText } from "../options.js";
import { REGIONS, regionOf } from "./regions.js";

/** @type {ToneName[]} */
export const TONES = ["ringtone", "ringback", "callWaiting", "busy", "congestion", "unobtainable", "ended"];

/** @type {ToneOutput[]} */
export const OUTPUTS = ["ring", "call"];

/** @type {Record<"ringing" | "connecting", number>} */
const CONNECTING_MS = { ringing: Infinity, connecting: 0 };

/**
 * FreeSWITCH says nothing while it rings elsewhere, and sends its own ringback where it was told to. Within a second it
 * has answered by a machine or begun to send: what takes longer rings.
 */
const FREESWITCH_MS = 1_000;

/** How long the tone of an end sounds: two or three beats tell it, and nobody has to stop it. */
const END_SECONDS = 4;

/**
 * What `createTones()` takes, with every default.
 *
 * @param {unknown} given
 * @param {string} dialect
 */
export function readTonesOptions(given, dialect) {
  const options = object("options", given ?? {}, "an object");
  oneOf(options, "ringbackFrom", ["auto", "ringing", "connecting"]);
  number(options, "endSeconds", (value) => value >= 0 && value <= 30, "a number from 0 to 30");
  flag(options, "dtmf");
  flag(options, "vibrate");
  const from = /** @type {"ringing" | "connecting" | "auto"} */ (options["ringbackFrom"] ?? "auto");
  const automatic = dialect === "freeswitch" ? FREESWITCH_MS : Infinity;
  return {
    region: options["region"] == null ? regionOf(navigator.language) : readRegion(options["region"]),
    sounds: readSounds(options["sounds"]),
    devices: each("devices", options["devices"], (value, name) => readDevice(value, name)),
    volume: each("volume", options["volume"], (value, name) => (value == null ? 1 : readVolume(value, name))),
    times: {
      connectingMs: from === "auto" ? automatic : CONNECTING_MS[from],
      endMs: 1_000 * (options["endSeconds"] ?? END_SECONDS),
    },
    dtmf: options["dtmf"] !== false,
    vibrate: options["vibrate"] === true,
  };
}

/** @param {unknown} value @returns {ToneRegion} */
export function readRegion(value) {
  return readOne("region", value, REGIONS);
}

/** @param {unknown} value @returns {ToneName} */
export function readTone(value) {
  return readOne("tone", value, TONES);
}

/** @param {unknown} value @returns {ToneOutput} */
export function readOutput(value) {
  return readOne("output", value, OUTPUTS);
}

/** @param {unknown} value */
export function readVolume(value, name = "volume") {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw wrongOption(name, kind(value), "a number from 0 to 1");
}

/**
 * @param {unknown} value
 * @returns {ToneSource | undefined}
 */
export function readSource(value, name = "source") {
  if (value == null) return undefined;
  if (value === false || value instanceof URL || value instanceof Blob || value instanceof AudioBuffer) return value;
  if (typeof value === "string") return readText(name, value);
  throw wrongOption(name, kind(value), "an address, a Blob, an AudioBuffer or false");
}

/**
 * @template {string} T
 * @param {string} name
 * @param {unknown} value
 * @param {readonly T[]} known
 * @returns {T}
 */
function readOne(name, value, known) {
  const found = known.find((one) => one === value);
  if (found === undefined) throw wrongOption(name, kind(value), `one of ${known.join(", ")}`);
  return found;
}

/**
 * What there is for each output.
 *
 * @template T
 * @param {string} option
 * @param {unknown} given
 * @param {(value: unknown, name: string) => T} read
 * @returns {Record<ToneOutput, T>}
 */
function each(option, given, read) {
  const values = object(option, given ?? {}, "an object with `ring` and `call`");
  onlyOf(values, option, OUTPUTS);
  return { ring: read(values["ring"], `${option}.ring`), call: read(values["call"], `${option}.call`) };
}

/**
 * @param {unknown} given
 * @returns {[ToneName, ToneSource][]}
 */
function readSounds(given) {
  const sounds = object("sounds", given ?? {}, "an object with sounds by the names of tones");
  onlyOf(sounds, "sounds", TONES);
  return TONES.flatMap((tone) => {
    const source = readSource(sounds[tone], `sounds.${tone}`);
    return source === undefined ? [] : [/** @type {[ToneName, ToneSource]} */ ([tone, source])];
  });
}

/**
 * A name that is misspelt would be heard only when it is not.
 *
 * @param {Record<string, unknown>} values
 * @param {string} option
 * @param {readonly string[]} known
 */
function onlyOf(values, option, known) {
  const other = Object.keys(values).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw wrongOption(`${option}.${other}`, kind(values[other]), `left out: there are ${known.join(", ")}`);
}
