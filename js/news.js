/** @typedef {import("./listeners.js").Listeners} Listeners */

/**
 * Listeners that answer each event with a command that causes another must not freeze the page: the rest waits for
 * the browser's next turn.
 */
const MOST_IN_ONE_TURN = 1000;

/** What the page has yet to hear: told one after the other, as its code may come back in and make more of it. */
export class News {
  /** @type {(() => void)[]} */
  #waiting = [];
  /** `undefined` until after `connect()` has resolved: its caller has to have the time to listen. */
  #speaking = /** @type {boolean | undefined} */ (undefined);

  /** Whether the page hears what is said. */
  get started() {
    return this.#speaking !== undefined;
  }

  /** Lets the page hear what has been said, and what is said from here on. */
  start() {
    this.#speaking ??= false;
    this.speak();
  }

  /** @param {() => void} telling */
  push(telling) {
    this.#waiting.push(telling);
  }

  /**
   * @param {Listeners} listeners
   * @param {string} event
   * @param {unknown} payload
   */
  tell(listeners, event, payload) {
    this.push(() => listeners.tell(event, payload));
  }

  /** Runs the page's code, which may come back in here. */
  speak() {
    if (this.#speaking !== false) return;
    this.#speaking = true;
    for (let told = 0; told < MOST_IN_ONE_TURN; told++) {
      const next = this.#waiting.shift();
      if (!next) break;
      next();
    }
    this.#speaking = false;
    if (this.#waiting.length) setTimeout(() => this.speak());
  }

  /**
   * Who makes a call listens to it only then: what happens at once, as with a peer connection that stood ready, is told
   * after that.
   *
   * @param {() => void} work
   */
  hush(work) {
    const speaking = this.#speaking;
    this.#speaking = true;
    try {
      work();
    } finally {
      this.#speaking = speaking;
    }
    queueMicrotask(() => this.speak());
  }
}
