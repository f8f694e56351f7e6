import { wrongOption } from "../error.js";
import { kind, number, object, readFunction, readPreloadOptions } from "../options.js";

/** Ten minutes. */
const SAMPLES = 600;
const MOST_SAMPLES = 36_000;
const ENDED_CALLS = 10;
const MOST_CALLS = 1_000;

/**
 * What `watchQuality()` takes, with every default.
 *
 * @param {unknown} given
 */
export function readQualityOptions(given) {
  const options = object("options", given ?? {}, "an object");
  const whole = (/** @type {number} */ least, /** @type {number} */ most) => {
    return (/** @type {number} */ value) => Number.isInteger(value) && value >= least && value <= most;
  };
  number(options, "samples", whole(1, MOST_SAMPLES), "a whole number from 1 to 36000");
  number(options, "endedCalls", whole(0, MOST_CALLS), "a whole number from 0 to 1000");
  const { words, audio } = options;
  readFunction("words", words);
  if (audio != null && typeof audio.on !== "function") throw wrongOption("audio", kind(audio), "an audio session");
  return {
    wasmUrl: readPreloadOptions(options),
    samples: /** @type {number} */ (options["samples"] ?? SAMPLES),
    endedCalls: /** @type {number} */ (options["endedCalls"] ?? ENDED_CALLS),
    words: /** @type {import("../quality.js").QualityOptions["words"]} */ (words ?? undefined),
    audio: /** @type {import("../audio.js").AudioSession | undefined} */ (audio ?? undefined),
  };
}
