/** Keeps the screen awake while it is wanted: the browser takes that back whenever the page is hidden. */
export class Screen {
  #isWanted = false;
  #isAsking = false;
  /** @type {WakeLockSentinel | undefined} */
  #lock;

  get isAwake() {
    return this.#lock?.released === false;
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    this.#isWanted = isWanted;
    if (isWanted) void this.refresh();
    else this.#release();
  }

  /** Asks again for what the browser took back. A refusal is no error: the battery may be low. */
  async refresh() {
    const isNeeded = this.#isWanted && !this.#isAsking && !this.isAwake;
    if (!isNeeded || !navigator.wakeLock || document.visibilityState !== "visible") return;
    this.#isAsking = true;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
    } catch {
      // It is asked for again when the page becomes visible.
    }
    this.#isAsking = false;
    if (!this.#isWanted) this.#release();
  }

  #release() {
    const lock = this.#lock;
    this.#lock = undefined;
    lock?.release().catch(() => {});
  }
}
