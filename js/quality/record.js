/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../quality.js").CallRecord} CallRecordInterface */
/** @typedef {import("./ledger.js").Ledger} Ledger */

/**
 * What is known of a call. Documented in `quality.d.ts`.
 *
 * @implements {CallRecordInterface}
 */
export class CallRecord {
  #call;
  #ledger;

  /**
   * @param {Call} call
   * @param {Ledger} ledger
   */
  constructor(call, ledger) {
    this.#call = call;
    this.#ledger = ledger;
  }

  get call() {
    return this.#call;
  }
  get startedAt() {
    return this.#ledger.startedAt;
  }
  get samples() {
    return [...this.#ledger.samples];
  }
  get warnings() {
    return [...this.#ledger.warnings.values()];
  }
  get timings() {
    return this.#ledger.timings;
  }
  get summary() {
    return this.#ledger.summary;
  }
  get verdict() {
    return this.#ledger.verdict;
  }
}
