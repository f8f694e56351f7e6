/** What is heard of one peer: an audio element outside of the page's document. */
export class Playback {
  element = new Audio();
  /** Ends the wait for a touch. */
  #waiting = new AbortController();

  /**
   * @param {MediaStream} stream
   * @param {string | undefined} speaker
   * @param {() => void} refused the browser does not play before the person has touched the page; the playback then
   *   starts by itself at the next touch
   */
  constructor(stream, speaker, refused) {
    this.element.autoplay = true;
    this.element.srcObject = stream;
    void this.#start(speaker, refused);
  }

  /** Goes silent for good. */
  stop() {
    this.#waiting.abort();
    this.element.srcObject = null;
  }

  /**
   * @param {string | undefined} speaker
   * @param {() => void} refused
   */
  async #start(speaker, refused) {
    try {
      if (speaker !== undefined) await this.element.setSinkId?.(speaker);
    } catch {
      // A loudspeaker that was pulled out: the system's plays.
    }
    try {
      await this.element.play();
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== "NotAllowedError" || this.#waiting.signal.aborted) return;
      refused();
      this.#waitForTouch();
    }
  }

  #waitForTouch() {
    const touched = () => {
      this.#waiting.abort();
      // If it is refused again, the element plays when the browser allows: it is set to.
      this.element.play().catch(() => {});
    };
    for (const event of ["pointerup", "keydown"]) addEventListener(event, touched, { signal: this.#waiting.signal });
  }
}
