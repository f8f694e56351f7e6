import { wrongOption } from "../error.js";
import { flag, kind, number, object } from "../options.js";

/** How long a live microphone may be exactly silent: nobody breathes so quietly for so long. */
const SILENCE_SECONDS = 5;

/**
 * What `createAudioSession()` takes, with every default.
 *
 * @param {unknown} given
 */
export function readAudioOptions(given) {
  const options = object("options", given ?? {}, "an object");
  for (const name of ["interruptions", "autoResume", "wakeLock"]) flag(options, name);
  number(options, "silenceSeconds", (value) => value >= 1 && value <= 600, "a number from 1 to 600");
  return {
    remember: readStorage(options["remember"]),
    interruptions: options["interruptions"] !== false,
    autoResume: options["autoResume"] !== false,
    wakeLock: options["wakeLock"] !== false,
    silenceMs: 1_000 * (options["silenceSeconds"] ?? SILENCE_SECONDS),
  };
}

/**
 * @param {unknown} value
 * @returns {Pick<Storage, "getItem" | "setItem"> | undefined}
 */
function readStorage(value) {
  if (value == null || value === false) return undefined;
  const storage = /** @type {Storage} */ (value);
  if (typeof storage.getItem === "function" && typeof storage.setItem === "function") return storage;
  throw wrongOption("remember", kind(value), "a Storage, such as localStorage, or false");
}

/** How often levels may be told in a second. */
const MOST_OFTEN = 20;

/**
 * The time between two tellings of a level, in ms.
 *
 * @param {unknown} given
 */
export function readInterval(given) {
  const options = object("options", given ?? {}, "an object");
  number(options, "hz", (value) => value > 0 && value <= MOST_OFTEN, "a number above 0, up to 20");
  return 1_000 / (options["hz"] ?? MOST_OFTEN);
}

/** How long a microphone may be tried, in seconds. */
const LONGEST_TEST = 30;
const USUAL_TEST = 3;

/**
 * What `testMicrophone()` takes, with every default.
 *
 * @param {unknown} given
 */
export function readTestOptions(given) {
  const options = object("options", given ?? {}, "an object");
  number(options, "seconds", (value) => value > 0 && value <= LONGEST_TEST, "a number above 0, up to 30");
  const { signal, onLevel } = options;
  if (signal != null && !(signal instanceof AbortSignal)) throw wrongOption("signal", kind(signal), "an AbortSignal");
  if (onLevel != null && typeof onLevel !== "function") throw wrongOption("onLevel", kind(onLevel), "a function");
  return { ms: 1_000 * (options["seconds"] ?? USUAL_TEST), onLevel, signal, deviceId: options["deviceId"] };
}
