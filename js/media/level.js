/** @typedef {import("../audio.js").Level} Level */

/** What is quieter than any sound that 16 bits can hold. */
const FLOOR_DB = -100;

/**
 * How loud the newest of these samples are.
 *
 * @param {Float32Array} samples
 * @param {number} count how many of them count
 * @returns {Level}
 */
export function measure(samples, count = samples.length) {
  let squares = 0;
  let peak = 0;
  for (const sample of samples.subarray(-count)) {
    squares += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return level(Math.sqrt(squares / count), peak);
}

/**
 * @param {number} rms
 * @param {number} peak
 * @returns {Level}
 */
export function level(rms, peak) {
  return Object.freeze({ rms: Math.min(rms, 1), peak: Math.min(peak, 1), rmsDb: inDb(rms), peakDb: inDb(peak) });
}

export const SILENCE = level(0, 0);

/** @param {number} ratio */
function inDb(ratio) {
  return ratio > 0 ? Math.min(0, Math.max(FLOOR_DB, 20 * Math.log10(ratio))) : FLOOR_DB;
}
