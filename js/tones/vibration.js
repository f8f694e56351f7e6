/** What a browser takes at once, at the most. */
const MOST_PIECES = 98;

/** Shakes a telephone while it rings, where the browser can. */
export class Vibration {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #again;

  /** @param {readonly number[]} cadence in seconds: how long, and how long not, in turn */
  start(cadence) {
    this.stop();
    if (!navigator.vibrate) return;
    const times = Math.floor(MOST_PIECES / cadence.length);
    const pattern = Array.from({ length: times }, () => cadence.map((seconds) => seconds * 1_000)).flat();
    // On a page that nobody has touched it does nothing.
    const shake = () => navigator.vibrate(pattern);
    shake();
    this.#again = setInterval(shake, pattern.reduce((sum, ms) => sum + ms, 0));
  }

  stop() {
    if (this.#again === undefined) return;
    clearInterval(this.#again);
    this.#again = undefined;
    navigator.vibrate(0);
  }
}
