/** @typedef {import("./index.js").ListenOptions} ListenOptions */

import { checkListener, readListenOptions } from "./options.js";

/** Listeners of one client or call: called in the order they came, each whatever the others do. */
export class Listeners {
  /** Whether those that are added hear everything as it happens, rather than when its time to be told has come. */
  early = false;
  /** @type {Set<{ event: string, listener: Function, once: boolean, early: boolean, remove: () => void }>} */
  #entries = new Set();
  /** @type {readonly string[]} */
  #events;

  /** @param {readonly string[]} events */
  constructor(events) {
    this.#events = events;
  }

  /**
   * @param {string} event
   * @param {Function} listener
   * @param {ListenOptions | undefined} options
   * @returns {() => void}
   */
  add(event, listener, options) {
    checkListener(event, listener, this.#events);
    const { once, signal } = readListenOptions(options);
    const remove = () => {
      this.#entries.delete(entry);
      signal?.removeEventListener("abort", remove);
    };
    const entry = { event, listener, once, early: this.early, remove };
    if (!signal?.aborted) {
      this.#entries.add(entry);
      signal?.addEventListener("abort", remove);
    }
    return remove;
  }

  /**
   * @param {string} event
   * @param {unknown} payload
   * @param {boolean} [again] to all who have not heard it early
   */
  tell(event, payload, again) {
    for (const entry of [...this.#entries]) {
      // One that an earlier listener removed is not called.
      if (entry.event !== event || (again && entry.early) || !this.#entries.has(entry)) continue;
      if (entry.once) entry.remove();
      try {
        entry.listener(payload);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** @param {string} event */
  has(event) {
    return [...this.#entries].some((entry) => entry.event === event);
  }

  /** Removes all, so that what they hold can be collected. */
  clear() {
    for (const entry of [...this.#entries]) entry.remove();
  }
}
