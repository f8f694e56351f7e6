/** @typedef {import("../log.js").LogEntry} LogEntry */

/** The last entries, oldest first: the one that comes takes the place of the oldest. */
export class Ledger {
  #most;
  /** @type {LogEntry[]} */
  #entries = [];
  /** Where the oldest is, once all places are taken. */
  #oldest = 0;

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /** @param {LogEntry} entry */
  add(entry) {
    if (this.#entries.length < this.#most) {
      this.#entries.push(entry);
    } else {
      this.#entries[this.#oldest] = entry;
      this.#oldest = (this.#oldest + 1) % this.#most;
    }
  }

  get all() {
    return [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)];
  }

  clear() {
    this.#entries = [];
    this.#oldest = 0;
  }
}
