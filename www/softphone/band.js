/**
 * @typedef {import("../../js/index.js").CallQuality} CallQuality
 * @typedef {import("../../js/quality.js").QualityBand} Band
 */

/** From the worst to the best. @type {readonly Band[]} */
const SCALE = ["bad", "poor", "fair", "good", "excellent"];

/** @type {Record<Band, string>} */
export const BAND_WORDS = {
  excellent: "Excellent", good: "Good", fair: "Fair", poor: "Poor", bad: "Bad", unknown: "Measuring",
};

/** Below it, a call is poor. */
export const POOR_BELOW = 3.7;

/** So many looks in a row, two seconds apart, are no hiccup. */
const LASTING = 3;

/** @param {Band} band */
export function isPoor(band) {
  return band === "poor" || band === "bad";
}

/** What is shown of a call's quality while it lasts: calmer than what is measured. */
export class Impression {
  /** @type {Band} */
  band = "unknown";
  /** Whether it is poor, and not only for a moment. */
  staysPoor = false;
  /** @type {Band} */
  #last = "unknown";
  /** For how many looks it has been poor, or not. */
  #held = 0;
  #wasPoor = false;

  /** @param {Band} band what was measured */
  take(band) {
    this.#settle(band);
    if (band === "unknown") return;
    const poor = isPoor(band);
    this.#held = poor === this.#wasPoor ? this.#held + 1 : 1;
    this.#wasPoor = poor;
    if (this.#held >= LASTING) this.staysPoor = poor;
  }

  /** Nothing is measured while a call is held, and what was before says nothing of what comes. */
  pause() {
    this.band = this.#last = "unknown";
    this.staysPoor = this.#wasPoor = false;
    this.#held = 0;
  }

  /** Changes when two looks agree that it is better, or worse, and then by no more than both say. @param {Band} band */
  #settle(band) {
    const [shown, last, now] = [rank(this.band), rank(this.#last), rank(band)];
    this.#last = band;
    if (shown < 0 || now < 0) this.band = band;
    else if (last > shown && now > shown) this.band = nameOf(Math.min(last, now));
    else if (last >= 0 && last < shown && now < shown) this.band = nameOf(Math.max(last, now));
  }
}

/** @param {Band} band */
function rank(band) {
  return SCALE.indexOf(band);
}

/** @param {number} place */
function nameOf(place) {
  return SCALE[place] ?? "unknown";
}
