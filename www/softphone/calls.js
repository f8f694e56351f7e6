import { announce, announceUrgently } from "./announce.js";
import { Card, isUp } from "./card.js";
import { part } from "./dom.js";
import { createIncoming } from "./incoming.js";
import { Several } from "./several.js";
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
 * @property {import("./order.js").Order} order
 * @property {import("./sound.js").Sound} sound
 * @property {import("./quality.js").Quality} quality
 * @property {(id: string) => void} onDiagnostics
 * @property {(error: unknown) => void} onError
 * @property {(count: number) => void} onCount how many calls there are
 * @property {() => boolean} canTransfer whether the dialect has it
 * @property {(kind: "call", text: string) => void} write
 */

const TITLE = document.title;

/** In seconds: the browser may ask for the microphone, or the page does. */
const PATIENCE = 120;

/** Every call of the session: those that ring here, those that are up, those that ended. */
export class Calls {
  #cards = part(document, "cards", HTMLElement);
  /** Oldest first. @type {Map<string, Row>} */
  #rows = new Map();
  #page;
  #recent;
  #several;
  /** What is to be seen once all is in its place: until then, the browser keeps what it shows. @type {HTMLElement | undefined} */
  #arrived;

  /**
   * @param {Page} page
   * @param {import("./recent.js").Recent} recent
   */
  constructor(page, recent) {
    this.#page = page;
    this.#recent = recent;
    this.#several = new Several({
      control: () => page.order.control, isExclusive: () => page.order.isExclusive, onError: page.onError,
      onGone: () => this.#focusNewest(),
    });
  }

  get isEmpty() {
    return this.#rows.size === 0;
  }

  /** @param {string | undefined} destination */
  start(destination) {
    const options = destination === undefined ? {} : { destinationNumber: destination };
    this.#attempt(() => this.#request([{ type: "start", options, withinSeconds: PATIENCE }]));
  }

  /** A call rings here, and waits for the person. @param {Call} call */
  ring(call) {
    this.#ringHere(this.#rows.get(call.id) ?? this.#addRow(call));
    this.refresh();
  }

  /** How good a call is may be something else. @param {Call} call */
  showQuality(call) {
    this.#rows.get(call.id)?.card?.showQuality();
  }

  /** There may be others than before. */
  refresh() {
    for (const call of this.#page.order.control?.calls ?? []) this.#add(call);
    this.#showAll();
  }

  /** @returns {boolean} whether a call rang here */
  answerFirst() {
    const row = [...this.#rows.values()].find(({ incoming }) => incoming !== undefined);
    row?.incoming?.answer();
    return row !== undefined;
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

  /** One that rings is shown when the person is asked. @param {Call} call */
  #add(call) {
    const rings = call.direction === "inbound" && (call.state === "new" || call.state === "ringing");
    if (rings || call.state === "done" || this.#rows.has(call.id)) return;
    // One that is answered by itself takes the focus from nothing that has it.
    this.#showCard(this.#addRow(call), { focus: call.direction === "outbound" || isIdle(document.activeElement) });
  }

  /**
   * @param {Call} call
   * @returns {Row}
   */
  #addRow(call) {
    /** @type {Row} */
    const row = { call, card: undefined, incoming: undefined, fault: undefined, transferred: undefined };
    this.#rows.set(call.id, row);
    this.#listen(row);
    return row;
  }

  /** @param {Row} row */
  #listen(row) {
    const { call } = row;
    this.#page.quality.follow(call);
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
    const incoming = createIncoming(call, {
      onAnswer: () => this.#answer(row),
      onEndAndAnswer: () => this.#answer(row, { ends: true }),
      onReject: () => this.#attempt(() => call.hangup()),
    });
    this.#leaveCard(row);
    row.incoming = incoming;
    this.#cards.prepend(incoming.element);
    const { name, number } = partyOf(call);
    this.#page.write("call", `Incoming call from ${name} ${number}`.trim());
    const enter = this.#busyFor(row) === "talking" ? "to hold and answer" : "to answer";
    announceUrgently(`Incoming call from ${name}. Press Enter ${enter}, Escape to reject.`);
    // Who is at something else keeps the keyboard: Enter must not answer by accident.
    if (isIdle(document.activeElement)) incoming.element.focus({ preventScroll: true });
    this.#arrived = incoming.element;
  }

  /**
   * @param {Row} row
   * @param {{ focus: boolean }} options
   */
  #showCard(row, { focus }) {
    const { call } = row;
    const card = new Card(call, {
      onError: this.#page.onError, transfer: this.#transferOf(row), sound: this.#page.sound,
      quality: this.#page.quality, onDiagnostics: this.#page.onDiagnostics,
      isInConference: () => this.#togetherWith(call).length > 1,
      // Who is muted in a conference is heard by nobody.
      onMute: (muted) => this.#togetherWith(call).forEach((one) => (muted ? one.mute() : one.unmute())),
      onHold: (held) => this.#request([{ type: "setHeld", call, held }]),
    });
    row.card = card;
    if (row.incoming === undefined) this.#cards.prepend(card.element);
    else row.incoming.element.replaceWith(card.element);
    row.incoming = undefined;
    if (focus) card.element.focus({ preventScroll: true });
    this.#arrived = card.element;
  }

  /** @param {Row} row */
  #leaveCard(row) {
    row.card?.end();
    (row.card ?? row.incoming)?.element.remove();
    row.card = row.incoming = undefined;
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

  /** Those that share a conference with a call, and itself. @param {Call} call */
  #togetherWith(call) {
    const together = this.#page.order.control?.currentConference?.calls ?? [];
    return together.includes(call) ? together : [call];
  }

  /** Those that the person is busy with. @param {Row} row one that they are not */
  #busyWith(row) {
    const isIdle = (/** @type {Row} */ { call, incoming }) => incoming !== undefined || call.state === "held";
    return [...this.#rows.values()].filter((other) => other !== row && !isIdle(other)).map(({ call }) => call);
  }

  /**
   * @param {Row} row
   * @returns {import("./incoming.js").Busy}
   */
  #busyFor(row) {
    const busy = this.#page.order.isExclusive ? this.#busyWith(row) : [];
    if (busy.length === 0) return "free";
    return busy.every(({ state }) => state === "active") ? "talking" : "calling";
  }

  /**
   * @param {Row} row
   * @param {{ ends?: boolean }} [how] whether who is talked to is not held for it, but hung up on
   */
  #answer(row, { ends = false } = {}) {
    const { call } = row;
    const before = ends ? this.#busyWith(row).map((other) => /** @type {const} */ ({ type: "end", call: other })) : [];
    this.#showCard(row, { focus: true });
    this.#attempt(async () => {
      try {
        await this.#request([...before, { type: "answer", call, withinSeconds: PATIENCE }]);
      } catch (error) {
        if (call.state === "ringing") this.ring(call);
        throw error;
      }
    });
  }

  /** @param {readonly import("../../js/control.js").Action[]} actions */
  async #request(actions) {
    const result = await this.#page.order.control?.request(actions);
    // What becomes of a call that was made, is told by the call.
    if (result?.error !== undefined && result.outcomes.at(-1)?.call === undefined) throw result.error;
  }

  /** @param {Row} row */
  #show(row) {
    const { call, incoming } = row;
    if (!this.#rows.has(call.id)) return;
    const rings = call.state === "ringing" || call.state === "new" || call.state === "done";
    if (incoming !== undefined && !rings) this.#showCard(row, { focus: false });
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
    this.#leaveCard(row);
    const words = this.#recent.add(row.call, reason, row);
    announce(`${partyOf(row.call).name}: ended. ${words}`);
    if (hadFocus) this.#focusNewest();
    this.#showAll();
  }

  #focusNewest() {
    const next = [...this.#rows.values()].at(-1);
    const heir = next?.card?.element ?? next?.incoming?.element ?? document.getElementById("calls-title");
    heir?.focus();
  }

  #showAll() {
    const rows = [...this.#rows.values()];
    for (const row of rows) row.incoming?.show(this.#busyFor(row));
    for (const { card } of rows) card?.show();
    this.#several.show();
    part(document, "no-calls", HTMLElement).hidden = rows.length > 0;
    document.body.dataset.calls = String(rows.length);
    document.title = titleOf(rows);
    this.#page.onCount(rows.length);
    this.#arrived?.scrollIntoView({ block: "nearest" });
    this.#arrived = undefined;
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
