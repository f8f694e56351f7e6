/** @typedef {import("../quality.js").QualitySample} QualitySample */
/** @typedef {import("../quality.js").Scorer} ScorerInterface */

import { readingOf } from "../media/reading.js";
import { readPreloadOptions } from "../options.js";
import { readMeasured } from "./answers.js";
import { Clock } from "./clock.js";
import { loadThinker } from "./thinker.js";

/** @param {{ wasmUrl?: string | URL | undefined }} [options] */
export async function createScorer(options) {
  return new Scorer(await loadThinker(readPreloadOptions(options)));
}

/**
 * One connection, judged as a call is. Documented in `quality.d.ts`.
 *
 * @implements {ScorerInterface}
 */
class Scorer {
  #thinker;
  #clock = new Clock();
  /** The module's number for it; none when it is closed. @type {number | undefined} */
  #number;

  /** @param {import("./thinker.js").Thinker} thinker */
  constructor(thinker) {
    this.#thinker = thinker;
    this.#number = thinker.call("open", []);
  }

  /** @param {RTCStatsReport} report */
  take(report) {
    if (this.#number === undefined) return undefined;
    const at = this.#clock.now;
    const row = this.#thinker.ask("take", [this.#number, 0, at], readingOf(report));
    return row.length > 0 ? readMeasured(row, at).sample : undefined;
  }

  close() {
    if (this.#number !== undefined) this.#thinker.call("close", [this.#number]);
    this.#number = undefined;
  }
}
