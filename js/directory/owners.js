/**
 * Which pages the calls belong to that have not ended. A page in a call holds a lock that is named after it: who gets that
 * lock knows that the page has gone. An idle page holds none, or it would be kept out of the back-forward cache. Where
 * browsers have no locks (pages that are not secure), pages that went cannot be told from others: all are taken to be gone.
 */
export class Owners {
  #name;
  #signal;
  #gone;
  #self = "";
  /** Lets go of the lock. @type {(() => void) | undefined} */
  #release;
  /** @type {Set<string>} */
  #watched = new Set();

  /**
   * @param {string} name
   * @param {AbortSignal} signal ends the watching
   * @param {(owner: string) => void} gone told of a page that is no more
   */
  constructor(name, signal, gone) {
    this.#name = name;
    this.#signal = signal;
    this.#gone = gone;
  }

  /** This page is in a call. Its name. */
  own() {
    if (this.#release) return this.#self;
    // Pages that are not secure have no `randomUUID()`.
    this.#self = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const locks = globalThis.navigator?.locks;
    const over = new Promise((resolve) => (this.#release = () => resolve(undefined)));
    locks?.request(this.#lock(this.#self), () => over).catch(() => {});
    return this.#self;
  }

  /** This page is in no call any more. */
  release() {
    this.#release?.();
    this.#release = undefined;
  }

  /** Waits for the end of a page. @param {string} owner */
  watch(owner) {
    if (owner === this.#self || this.#watched.has(owner)) return;
    this.#watched.add(owner);
    const gone = () => {
      this.#watched.delete(owner);
      if (!this.#signal.aborted) this.#gone(owner);
    };
    const locks = globalThis.navigator?.locks;
    if (locks) locks.request(this.#lock(owner), { signal: this.#signal }, gone).catch(() => {});
    else queueMicrotask(gone);
  }

  /** @param {string} owner */
  #lock(owner) {
    return `${this.#name} ${owner}`;
  }
}
