/** What is heard of one peer: an audio element outside of the page's document. */
export class Playback {
  element = new Audio();
  #refused;
  /** Ends the wait for a touch. @type {AbortController | undefined} */
  #waiting;

  /**
   * @param {MediaStream} stream
   * @param {string | undefined} speaker
   * @param {(resume: () => Promise<boolean>) => void} refused the browser does not play before the person has touched
   *   the page; the playback then starts at the next touch, or by `resume()`
   */
  constructor(stream, speaker, refused) {
    this.#refused = refused;
    this.element.autoplay = true;
    this.element.srcObject = stream;
    // Nobody here does that: a telephone call does, or a headset's key, and the browser would leave it at that.
    this.element.onpause = () => this.#play();
    void this.#start(speaker);
  }

  /** Between 0 and 1. Not every system lets a page be quieter (iOS): silent it can always be. @param {number} volume */
  setVolume(volume) {
    this.element.volume = volume;
    this.element.muted = volume === 0;
  }

  /** Goes silent for good. */
  stop() {
    this.#waiting?.abort();
    this.element.onpause = this.element.srcObject = null;
  }

  /** @param {string | undefined} speaker */
  async #start(speaker) {
    try {
      if (speaker !== undefined) await this.element.setSinkId?.(speaker);
    } catch {
      // A loudspeaker that was pulled out: the system's plays.
    }
    await this.#play();
  }

  #play = async () => {
    // Without anything to play it would never settle.
    if (!this.element.srcObject) return false;
    try {
      await this.element.play();
      this.#waiting?.abort();
      this.#waiting = undefined;
      return true;
    } catch (error) {
      const isRefused = /** @type {DOMException} */ (error).name === "NotAllowedError";
      if (isRefused && !this.#waiting && this.element.srcObject) this.#waitForTouch();
      return false;
    }
  };

  #waitForTouch() {
    const { signal } = (this.#waiting = new AbortController());
    // On their way down: a page may keep them from coming up again. Not every touch counts in every browser.
    const options = { capture: true, signal };
    for (const event of ["pointerup", "click", "keydown"]) addEventListener(event, this.#play, options);
    this.#refused(this.#play);
  }
}
