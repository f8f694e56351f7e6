import { announce, announceUrgently } from "./announce.js";
import { Card, isUp } from "./card.js";
import { part } from "./dom.js";
import { createIncoming } from "./incoming.js";
import { causeWords, partyOf, stateWords } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").OffhookError} OffhookError
 * @typedef {import("../../js/index.js").Termination} Termination
 *
 * @typedef {object} Row
 * @property {Call} call
 * @property {Card | undefined} card
 * @property {ReturnType<typeof createIncoming> | undefined} incoming
 * @property {OffhookError | undefined} fault what failed on this side
 * @property {string | undefined} transferred where it went, in words
 *
 * @typedef {object} Page
 * @property {(error: unknown) => void} onError
 * @property {(stream: MediaStream | undefined) => void} onLocalStream
 * @property {() => boolean} canTransfer whether the dialect has it
 * @property {(kind: "call", text: string) => void} write
 */

const TITLE = document.title;

/** Every call of the session: those that ring here, those that are up, those that ended. */
export class Calls {
  #cards = part(document, "cards", HTMLElement);
  /** Oldest first. @type {Map<string, Row>} */
  #rows = new Map();
  #page;
  #recent;

  /**
   * @param {Page} page
   * @param {import("./recent.js").Recent} recent
   */
  constructor(page, recent) {
    this.#page = page;
    this.#recent = recent;
  }

  get isEmpty() {
    return this.#rows.size === 0;
  }

  /** @param {Call} call */
  add(call) {
    /** @type {Row} */
    const row = { call, card: undefined, incoming: undefined, fault: undefined, transferred: undefined };
    this.#rows.set(call.id, row);
    this.#listen(row);
    // One that comes back after a reload has been answered.
    if (call.direction === "inbound" && (call.state === "new" || call.state === "ringing")) this.#ringHere(row);
    else this.#showCard(row, { focus: true });
    this.#show(row);
  }

  /** @returns {boolean} whether a call rang here */
  answerFirst() {
    const row = [...this.#rows.values()].find(({ incoming }) => incoming !== undefined);
    if (row === undefined) return false;
    this.#answer(row);
    return true;
  }

  /** Ends the call whose card has the focus, else the newest. */
  hangupCurrent() {
    const rows = [...this.#rows.values()];
    const row = rows.find(hasFocus) ?? rows.at(-1);
    if (row !== undefined) this.#attempt(() => row.call.hangup());
  }

  /**
   * @param {string} digit
   * @returns {boolean} whether a call's key pad was open for it
   */
  takeDigit(digit) {
    const rows = [...this.#rows.values()].reverse();
    return [...rows.filter(hasFocus), ...rows].some(({ card }) => card?.takeDigit(digit) ?? false);
  }

  /** Shows the levels of another microphone. */
  refresh() {
    for (const { card } of this.#rows.values()) card?.show();
    this.#showAll();
  }

  /** @param {Row} row */
  #listen(row) {
    const { call } = row;
    call.on("state", ({ state, previous, reason, interruption }) => {
      const words = reason === undefined ? interruption : causeWords(reason);
      const why = words === undefined ? "" : ` (${words})`;
      this.#page.write("call", `${partyOf(call).name}: ${previous} → ${state}${why}`);
      if (state !== "done") announce(`${partyOf(call).name}: ${stateWords(call)}`);
      this.#show(row);
    });
    call.on("updated", () => this.#show(row));
    // The microphone may open after the answer, and nothing else tells of it.
    call.on("stats", () => this.#show(row));
    call.on("error", ({ error }) => {
      if (error.fatal) row.fault = error;
      this.#page.onError(error);
    });
    call.on("ended", (reason) => this.#remove(row, reason));
  }

  /** @param {Row} row */
  #ringHere(row) {
    const { call } = row;
    const onReject = () => this.#attempt(() => call.hangup());
    const incoming = createIncoming(call, { onAnswer: () => this.#answer(row), onReject });
    row.incoming = incoming;
    this.#cards.prepend(incoming.element);
    const { name, number } = partyOf(call);
    this.#page.write("call", `Incoming call from ${name} ${number}`.trim());
    announceUrgently(`Incoming call from ${name}. Press Enter to answer, Escape to reject.`);
    // Who is at something else keeps the keyboard: Enter must not answer by accident.
    if (isIdle(document.activeElement)) incoming.element.focus();
    incoming.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Row} row
   * @param {{ focus: boolean }} options
   */
  #showCard(row, { focus }) {
    const card = new Card(row.call, { onError: this.#page.onError, transfer: this.#transferOf(row) });
    row.card = card;
    if (row.incoming === undefined) this.#cards.prepend(card.element);
    else row.incoming.element.replaceWith(card.element);
    row.incoming = undefined;
    if (focus) card.element.focus({ preventScroll: true });
    card.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Row} row */
  #transferOf(row) {
    if (!this.#page.canTransfer()) return undefined;
    return {
      others: () => [...this.#rows.values()].map(({ call }) => call).filter((call) => call !== row.call && isUp(call)),
      onTransferred: (/** @type {string | Call} */ to) => {
        if (typeof to === "string") {
          row.transferred = `Transferred to ${to}`;
          return;
        }
        row.transferred = `Joined with ${partyOf(to).name}`;
        const other = this.#rows.get(to.id);
        if (other !== undefined) other.transferred = `Joined with ${partyOf(row.call).name}`;
      },
    };
  }

  /** @param {Row} row */
  #answer(row) {
    this.#showCard(row, { focus: true });
    this.#attempt(() => row.call.answer());
  }

  /** @param {Row} row */
  #show(row) {
    const { call, incoming } = row;
    if (!this.#rows.has(call.id)) return;
    const rings = call.state === "ringing" || call.state === "new" || call.state === "done";
    if (incoming !== undefined && !rings) this.#showCard(row, { focus: false });
    row.incoming?.show();
    row.card?.show();
    this.#showAll();
  }

  /**
   * @param {Row} row
   * @param {Termination} reason
   */
  #remove(row, reason) {
    if (!this.#rows.delete(row.call.id)) return;
    const element = row.card?.element ?? row.incoming?.element;
    const hadFocus = element?.contains(document.activeElement) ?? false;
    row.card?.end();
    element?.remove();
    const words = this.#recent.add(row.call, reason, row);
    announce(`${partyOf(row.call).name}: ended. ${words}`);
    const next = [...this.#rows.values()].at(-1);
    const heir = next?.card?.element ?? next?.incoming?.element ?? document.getElementById("calls-title");
    if (hadFocus) heir?.focus();
    this.#showAll();
  }

  #showAll() {
    const rows = [...this.#rows.values()];
    for (const { card } of rows) card?.showOthers();
    part(document, "no-calls", HTMLElement).hidden = rows.length > 0;
    document.body.dataset.calls = String(rows.length);
    document.title = titleOf(rows);
    const speaking = rows.findLast(({ call }) => call.localStream !== undefined);
    this.#page.onLocalStream(speaking?.call.localStream);
  }

  /** @param {() => void | Promise<void>} what */
  async #attempt(what) {
    try {
      await what();
    } catch (error) {
      this.#page.onError(error);
    }
  }
}

/** @param {Row} row */
function hasFocus({ card, incoming }) {
  return (card?.element ?? incoming?.element)?.contains(document.activeElement) ?? false;
}

/** @param {Element | null} element what has the focus */
function isIdle(element) {
  return element === null || element === document.body || element.id === "main";
}

/** @param {Row[]} rows */
function titleOf(rows) {
  const ringing = rows.find(({ incoming }) => incoming !== undefined);
  if (ringing !== undefined) return `Incoming call: ${partyOf(ringing.call).name} – ${TITLE}`;
  const newest = rows.at(-1);
  return newest === undefined ? TITLE : `${stateWords(newest.call)}: ${partyOf(newest.call).name} – ${TITLE}`;
}
