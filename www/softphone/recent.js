import { openHistory } from "../js/directory.js";
import { Blocking } from "./blocking.js";
import { copyOf, make, part, setIcon } from "./dom.js";
import { Verdict } from "./verdict.js";
import { causeWords, duration, OUTCOMES, partyOf, reasonWords } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/index.js").Termination} Termination
 * @typedef {import("../../js/index.js").OffhookError} OffhookError
 * @typedef {import("../../js/directory.js").History} History
 * @typedef {import("../../js/directory.js").HistoryEntry} HistoryEntry
 *
 * @typedef {object} Page
 * @property {(destination: string | undefined) => void} onCall
 * @property {(number: string) => void} onFill
 * @property {(error: unknown) => void} onError
 * @property {(kind: "call", text: string) => void} write
 * @property {import("./quality.js").Quality} quality
 * @property {(id: string) => void} onDiagnostics
 *
 * @typedef {object} How
 * @property {OffhookError | undefined} fault what failed on this side
 * @property {string | undefined} transferred where it went, in words
 *
 * @typedef {{ element: HTMLElement, drawn: HistoryEntry, isBlocked: boolean, why: string, isJudged: boolean }} Row
 */

/** Calls that are kept, of each user. */
const MOST = 200;

/** The calls that have ended, newest first, also of earlier visits. */
export class Recent {
  #panel = part(document, "recent", HTMLElement);
  #list = part(document, "recent-list", HTMLElement);
  #clear = part(document, "clear-recent", HTMLButtonElement);
  #question = part(document, "clear-question", HTMLElement);
  #page;
  #blocking;
  /** @type {History | undefined} */
  #history;
  /** By the call's id. @type {Map<string, Row>} */
  #rows = new Map();
  /** Why calls of this visit ended, by their ids. @type {Map<string, string>} */
  #known = new Map();
  /** The sign-in that is in force: a history that is opened too late for it is closed again. */
  #visit = 0;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#blocking = new Blocking({ write: page.write, onError: page.onError, onChange: () => this.#show() });
    this.#clear.addEventListener("click", () => this.#ask(true));
    const keep = part(this.#question, "clear-no", HTMLButtonElement);
    keep.addEventListener("click", () => this.#ask(false));
    this.#question.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#ask(false);
    });
    part(this.#question, "clear-yes", HTMLButtonElement).addEventListener("click", () => this.#attempt(async () => {
      await this.#history?.clear();
      // Who has gone on meanwhile stays where they are.
      const hadFocus = this.#question.contains(document.activeElement);
      this.#question.hidden = true;
      this.#show();
      if (hadFocus) document.getElementById("recent-title")?.focus();
    }));
  }

  /** What attaches to a client as soon as there is one. */
  async opened() {
    const directory = await this.#blocking.opened();
    return (/** @type {Client} */ client) => directory?.attach(client);
  }

  /**
   * @param {Client} client
   * @param {string} user
   */
  async attach(client, user) {
    const visit = this.#visit += 1;
    await this.#attempt(async () => {
      const history = await openHistory(client, { name: `softphone ${new URL(client.url).host} ${user}`, limit: MOST });
      if (visit !== this.#visit) return history[Symbol.dispose]();
      this.#history = history;
      history.on("changed", () => this.#show());
      history.on("error", ({ error }) => this.#page.onError(error));
      this.#panel.dataset.state = "open";
      part(this.#panel, "recent-hint", HTMLElement).textContent = history.persistent
        ? "Kept in this browser only, and sent nowhere."
        : "This browser keeps nothing: the list is gone with the page.";
      this.#show();
    });
  }

  detach() {
    this.#visit += 1;
    this.#history?.[Symbol.dispose]();
    this.#history = undefined;
    this.#known.clear();
    this.#question.hidden = true;
    delete this.#panel.dataset.state;
    this.#show();
  }

  /**
   * @param {Call} call
   * @param {Termination} reason
   * @param {How} how
   * @returns {string} why it ended, in words
   */
  add(call, reason, { fault, transferred }) {
    const answered = (call.connectedAt ?? call.answeredAt) !== undefined;
    const words = transferred ?? reasonWords(call, reason, { answered, fault });
    this.explain(call, words);
    return words;
  }

  /**
   * Why a call of this visit ended, where the page knows it better than the history.
   *
   * @param {Call} call
   * @param {string} words
   */
  explain(call, words) {
    this.#known.set(call.id, words);
    this.#show();
  }

  /** More may be known of a call that has ended. */
  refresh() {
    this.#show();
  }

  /** @param {boolean} isAsked whether all are to be forgotten */
  #ask(isAsked) {
    this.#question.hidden = !isAsked;
    this.#show();
    (isAsked ? part(this.#question, "clear-no", HTMLElement) : this.#clear).focus();
  }

  #show() {
    const entries = (this.#history?.list({ limit: MOST }) ?? []).filter(({ outcome }) => outcome !== undefined);
    const ids = new Set(entries.map(({ id }) => id));
    for (const [id, { element }] of this.#rows) {
      if (ids.has(id)) continue;
      element.remove();
      this.#rows.delete(id);
    }
    // From the oldest on, so that what is there stays where it is and keeps the focus.
    /** @type {HTMLElement | null} */
    let older = null;
    for (const entry of entries.toReversed()) older = this.#showEntry(entry, older);
    this.#clear.hidden = entries.length === 0 || !this.#question.hidden;
    part(this.#panel, "no-recent", HTMLElement).hidden = entries.length > 0;
  }

  /**
   * @param {HistoryEntry} entry
   * @param {HTMLElement | null} older what stands below it
   * @returns {HTMLElement}
   */
  #showEntry(entry, older) {
    const isBlocked = this.#blocking.isBlocked(entry.number);
    const row = this.#rows.get(entry.id);
    const why = this.#why(entry);
    const record = this.#page.quality.recordOf(entry.id);
    const isJudged = record?.verdict !== undefined;
    if (row?.drawn === entry && row.isBlocked === isBlocked && row.why === why && row.isJudged === isJudged) return row.element;
    const element = row?.element ?? copyOf("ended-template");
    if (row === undefined) {
      // A call that began before others may end after them.
      this.#list.insertBefore(element, older);
      this.#listen(element, entry);
    }
    this.#rows.set(entry.id, { element, drawn: entry, isBlocked, why, isJudged });
    if (record?.verdict !== undefined && !row?.isJudged) element.append(new Verdict(record, this.#page).element);
    this.#fill(element, entry, { isBlocked, why });
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {HistoryEntry} entry
   */
  #listen(element, { number = "", direction }) {
    part(element, "fill", HTMLButtonElement).addEventListener("click", () => this.#page.onFill(number));
    const dialled = number === "" ? undefined : number;
    const redial = part(element, "redial", HTMLButtonElement);
    redial.hidden = dialled === undefined && direction === "inbound";
    redial.addEventListener("click", () => this.#page.onCall(dialled));
    part(element, "block", HTMLButtonElement).addEventListener("click", () => this.#blocking.toggle(number));
  }

  /**
   * @param {HTMLElement} element
   * @param {HistoryEntry} entry
   * @param {{ isBlocked: boolean, why: string }} more
   */
  #fill(element, entry, { isBlocked, why }) {
    const { id, direction, number, outcome = "failed", reason, startedAt } = entry;
    const { name } = partyOf({ remoteName: entry.name, remoteNumber: number, destinationNumber: number });
    element.dataset.callId = id;
    element.dataset.by = reason?.by ?? "";
    element.dataset.outcome = outcome;
    element.dataset.missed = String(outcome === "missed" && direction === "inbound");
    setIcon(part(element, "direction-icon", SVGUseElement), direction);
    const fill = part(element, "fill", HTMLButtonElement);
    fill.disabled = number === undefined;
    fill.title = number === undefined ? "" : `Put ${number} into the field`;
    part(element, "name", HTMLElement).replaceChildren(
      make("span", { className: "unseen" }, direction === "inbound" ? "From " : "To "), name);
    const { word, icon } = OUTCOMES[outcome];
    part(element, "outcome", HTMLElement).textContent = word;
    setIcon(part(element, "outcome-icon", SVGUseElement), icon);
    part(element, "reason", HTMLElement).textContent = why === word ? "" : why;
    part(element, "cause", HTMLElement).textContent = reason === undefined ? "" : causeWords(reason);
    part(element, "timer", HTMLElement).textContent = outcome === "answered" ? duration(entry.duration * 1000) : "";
    const at = part(element, "started-at", HTMLTimeElement);
    at.dateTime = startedAt.toISOString();
    at.title = startedAt.toLocaleString("en");
    at.textContent = when(startedAt);
    part(element, "redial", HTMLElement).setAttribute("aria-label", `Call ${name} again`);
    const block = part(element, "block", HTMLButtonElement);
    block.hidden = !this.#blocking.canBlock(number);
    block.setAttribute("aria-pressed", String(isBlocked));
    block.setAttribute("aria-label", `Block ${number}`);
    block.title = isBlocked ? "Unblock this number" : "Block this number";
  }

  /** @param {HistoryEntry} entry */
  #why({ id, direction, outcome, reason, answeredAt }) {
    if (outcome === "blocked") return "It did not ring here";
    const known = this.#known.get(id);
    if (known !== undefined || reason === undefined) return known ?? "";
    return reasonWords({ direction }, reason, { answered: answeredAt !== undefined, fault: undefined });
  }

  /** @param {() => Promise<void>} what */
  async #attempt(what) {
    try {
      await what();
    } catch (error) {
      this.#page.onError(error);
    }
  }
}

/**
 * @param {Date} date
 * @returns {string} the time of today, else the day
 */
function when(date) {
  if (date.toDateString() === new Date().toDateString()) return date.toTimeString().slice(0, 5);
  return date.toLocaleDateString("en", { day: "numeric", month: "short" });
}
