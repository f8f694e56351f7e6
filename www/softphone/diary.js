/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").CallState} CallState
 * @typedef {import("../../js/index.js").Client} Client
 *
 * @typedef {object} Page
 * @property {Call} call
 * @property {{ at: Date, state: CallState, why: string }[]} states
 * @property {Set<string>} parties whom the other side was called by, names and numbers
 */

/** A day of many calls. */
const MOST = 100;

/** What befell the calls of a session, for who asks later. */
export class Diary {
  /** By the call's id, oldest first. @type {Map<string, Page>} */
  #pages = new Map();

  /** @param {Client} client */
  attach(client) {
    // It is on its way by the time that this is told.
    client.on("outgoingCall", ({ call }) => this.#open(call, "new"));
    client.on("incomingCall", ({ call }) => this.#open(call, call.state));
    client.on("recoveredCall", ({ call }) => this.#open(call, call.state));
    client.on("callState", ({ call, state, previous, interruption, reason }) => {
      const page = this.#open(call, previous);
      if (page.states.at(-1)?.state === state) return;
      page.states.push({ at: new Date(), state, why: interruption ?? reason?.cause ?? "" });
      note(page);
    });
  }

  clear() {
    this.#pages.clear();
  }

  /** @param {string} id */
  of(id) {
    return this.#pages.get(id);
  }

  /** Every name and number of anybody that was talked to. */
  get parties() {
    return new Set([...this.#pages.values()].flatMap(({ parties }) => [...parties]));
  }

  /**
   * @param {Call} call
   * @param {CallState} state where it stands, if nothing is known of it
   */
  #open(call, state) {
    const known = this.#pages.get(call.id);
    if (known !== undefined) return known;
    /** @type {Page} */
    const page = { call, states: [{ at: new Date(), state, why: "" }], parties: new Set() };
    this.#pages.set(call.id, page);
    for (const id of this.#pages.keys()) {
      if (this.#pages.size <= MOST) break;
      this.#pages.delete(id);
    }
    note(page);
    call.on("updated", () => note(page));
    return page;
  }
}

/** @param {Page} page */
function note({ call, parties }) {
  for (const name of [call.remoteName, call.remoteNumber, call.destinationNumber]) {
    if (name !== undefined && name !== "") parties.add(name);
  }
}
