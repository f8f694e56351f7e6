import { announce, announceUrgently } from "./announce.js";
import { createCard } from "./card.js";
import { part } from "./dom.js";
import { createIncoming } from "./incoming.js";
import { createRecent } from "./recent.js";
import { causeWords, partyOf, stateWords } from "./words.js";

/**
 * @typedef {import("../../src/types.d.ts").Call} Call
 * @typedef {import("../../src/types.d.ts").Termination} Termination
 * @typedef {ReturnType<typeof createCard>} Card
 * @typedef {{ call: Call, card: Card | undefined, incoming: ReturnType<typeof createIncoming> | undefined,
 *   fault: import("../../src/types.d.ts").OffhookError | undefined }} Row
 */

const TITLE = document.title;

/**
 * Every call of the session: those that ring here, those that are up, those that ended.
 *
 * @param {{ onCall: (destination: string | undefined) => void, onError: (error: unknown) => void,
 *   onLocalStream: (stream: MediaStream | undefined) => void,
 *   write: (kind: "call" | "audio", text: string, detail?: unknown) => void }} page
 */
export function createCalls({ onCall, onError, onLocalStream, write }) {
  const cards = part(document, "cards", HTMLElement);
  const none = part(document, "no-calls", HTMLElement);
  const recent = createRecent({ onCall });
  /** Oldest first. @type {Map<string, Row>} */
  const rows = new Map();
  return { add, answerFirst, hangupCurrent, takeDigit, refresh, isEmpty: () => rows.size === 0 };

  /** @param {Call} call */
  function add(call) {
    /** @type {Row} */
    const row = { call, card: undefined, incoming: undefined, fault: undefined };
    rows.set(call.id, row);
    call.on("state", ({ state, previous, reason }) => {
      write("call", `${partyOf(call).name}: ${previous} → ${state}${reason === undefined ? "" : ` (${causeWords(reason)})`}`);
      if (state !== "done") announce(`${partyOf(call).name}: ${stateWords(call)}`);
      show(row);
    });
    call.on("updated", () => show(row));
    // The microphone may open after the answer, and nothing else tells of it.
    call.on("stats", () => show(row));
    call.on("error", ({ error }) => {
      if (error.fatal) row.fault = error;
      onError(error);
    });
    call.on("ended", (reason) => remove(row, reason));
    if (call.direction === "inbound") ringHere(row);
    else showCard(row, { focus: true });
    show(row);
  }

  /** @param {Row} row */
  function ringHere(row) {
    const { call } = row;
    const incoming = createIncoming(call, { onAnswer: () => answer(row), onReject: () => attempt(() => call.hangup()) });
    row.incoming = incoming;
    cards.prepend(incoming.element);
    const { name, number } = partyOf(call);
    write("call", `Incoming call from ${name} ${number}`.trim());
    announceUrgently(`Incoming call from ${name}. Press Enter to answer, Escape to reject.`);
    // Who is typing elsewhere keeps the keyboard: Enter must not answer by accident.
    if (!isTyping(document.activeElement)) incoming.element.focus();
    incoming.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Row} row
   * @param {{ focus: boolean }} options
   */
  function showCard(row, { focus }) {
    const card = createCard(row.call, { onError });
    row.card = card;
    if (row.incoming === undefined) cards.prepend(card.element);
    else row.incoming.element.replaceWith(card.element);
    row.incoming = undefined;
    if (focus) card.element.focus({ preventScroll: true });
    card.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Row} row */
  function answer(row) {
    showCard(row, { focus: true });
    attempt(() => row.call.answer());
  }

  /** @param {Row} row */
  function show(row) {
    if (!rows.has(row.call.id)) return;
    if (row.incoming !== undefined && row.call.state !== "ringing" && row.call.state !== "new") {
      if (row.call.state !== "done") showCard(row, { focus: false });
    }
    row.incoming?.show();
    row.card?.show();
    showAll();
  }

  /**
   * @param {Row} row
   * @param {Termination} reason
   */
  function remove(row, reason) {
    if (!rows.delete(row.call.id)) return;
    const element = row.card?.element ?? row.incoming?.element;
    const hadFocus = element?.contains(document.activeElement) ?? false;
    row.card?.end();
    element?.remove();
    const words = recent.add(row.call, reason, row.fault);
    announce(`${partyOf(row.call).name}: ended. ${words}`);
    const next = [...rows.values()].at(-1);
    if (hadFocus) (next?.card?.element ?? next?.incoming?.element ?? document.getElementById("calls-title"))?.focus();
    showAll();
  }

  function showAll() {
    none.hidden = rows.size > 0;
    document.body.dataset.calls = String(rows.size);
    document.title = titleOf([...rows.values()]);
    const speaking = [...rows.values()].map(({ call }) => call).findLast((call) => call.localStream !== undefined);
    onLocalStream(speaking?.localStream);
  }

  /** Shows the levels of another microphone. */
  function refresh() {
    for (const { card } of rows.values()) card?.show();
    showAll();
  }

  /** @returns {boolean} whether there was one */
  function answerFirst() {
    const row = [...rows.values()].find(({ incoming }) => incoming !== undefined);
    if (row === undefined) return false;
    answer(row);
    return true;
  }

  /** Ends the call whose card has the focus, else the newest. */
  function hangupCurrent() {
    const all = [...rows.values()];
    const row = all.find(hasFocus) ?? all.at(-1);
    if (row !== undefined) attempt(() => row.call.hangup());
  }

  /**
   * @param {string} digit
   * @returns {boolean} whether a call's key pad was open for it
   */
  function takeDigit(digit) {
    const all = [...rows.values()].reverse();
    const focused = all.filter(hasFocus);
    return [...focused, ...all].some(({ card }) => card?.takeDigit(digit) ?? false);
  }

  /** @param {() => void | Promise<void>} what */
  async function attempt(what) {
    try {
      await what();
    } catch (error) {
      onError(error);
    }
  }
}

/** @param {Row} row */
function hasFocus({ card, incoming }) {
  return (card?.element ?? incoming?.element)?.contains(document.activeElement) ?? false;
}

/** @param {Element | null} element */
function isTyping(element) {
  return element instanceof HTMLInputElement && element.value !== "";
}

/** @param {Row[]} rows */
function titleOf(rows) {
  const ringing = rows.find(({ incoming }) => incoming !== undefined);
  if (ringing !== undefined) return `Incoming call: ${partyOf(ringing.call).name} – ${TITLE}`;
  const newest = rows.at(-1);
  return newest === undefined ? TITLE : `${stateWords(newest.call)}: ${partyOf(newest.call).name} – ${TITLE}`;
}
