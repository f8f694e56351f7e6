import { make, part } from "./dom.js";

/**
 * What a line is about. `in` and `out` are frames.
 * @typedef {"session" | "call" | "audio" | "warning" | "error" | "in" | "out"} Kind
 *
 * @typedef {object} Entry
 * @property {Date} at
 * @property {Kind} kind
 * @property {string} text
 * @property {string} detail
 * @property {HTMLLIElement} line
 */

/** Enough for an afternoon of calls; more would make the page slow. */
const MOST = 600;

/** @type {Record<string, readonly Kind[]>} */
const KINDS = {
  events: ["session", "call", "audio", "warning", "error"],
  all: ["session", "call", "audio", "warning", "error", "in", "out"],
  frames: ["in", "out"],
  problems: ["warning", "error"],
};

const SIGNS = {
  session: "session", call: "call", audio: "audio", warning: "warning", error: "error", in: "← in", out: "→ out",
};

/** The log of events. */
export class Log {
  /** @type {Entry[]} */
  #entries = [];
  #panel = part(document, "log-panel", HTMLElement);
  #scroll = part(document, "log", HTMLElement);
  #list = /** @type {HTMLOListElement} */ (this.#scroll.querySelector("ol"));
  #empty = part(document, "log-empty", HTMLElement);
  #kind = part(document, "log-kind", HTMLSelectElement);
  #filter = part(document, "log-filter", HTMLInputElement);

  constructor() {
    this.#kind.addEventListener("change", () => this.#show());
    this.#filter.addEventListener("input", () => this.#show());
    part(document, "clear-log", HTMLButtonElement).addEventListener("click", () => this.#clear());
    part(document, "copy-log", HTMLButtonElement).addEventListener("click", () => this.#copy());
    this.#show();
  }

  /**
   * @param {Kind} kind
   * @param {string} text
   * @param {unknown} [detail]
   */
  write(kind, text, detail) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    const facts = { at: new Date(), kind, text, detail: detail === undefined ? "" : readable(detail) };
    const entry = { ...facts, line: lineOf(facts) };
    this.#entries.push(entry);
    this.#list.append(entry.line);
    if (this.#entries.length > MOST) this.#entries.shift()?.line.remove();
    entry.line.hidden = !this.#matches(entry);
    this.#showCount();
    // Who has scrolled back to read stays there.
    if (scrollHeight - scrollTop - clientHeight < 24) this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** @param {Entry} entry */
  #matches({ kind, text, detail }) {
    const wanted = this.#filter.value.trim().toLowerCase();
    if (!KINDS[this.#kind.value]?.includes(kind)) return false;
    return wanted === "" || `${kind} ${text} ${detail}`.toLowerCase().includes(wanted);
  }

  #show() {
    for (const entry of this.#entries) entry.line.hidden = !this.#matches(entry);
    this.#showCount();
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #showCount() {
    this.#panel.dataset.lines = String(this.#entries.length);
    this.#empty.hidden = this.#entries.some(({ line }) => !line.hidden);
    this.#empty.textContent = this.#entries.length === 0 ? "Nothing yet." : "Nothing matches.";
  }

  #clear() {
    this.#entries = [];
    this.#list.replaceChildren();
    this.#show();
  }

  async #copy() {
    const words = part(document, "copy-log-words", HTMLElement);
    const shown = this.#entries.filter((entry) => this.#matches(entry));
    try {
      await navigator.clipboard.writeText(shown.map(textOf).join("\n"));
      words.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(this.#list);
      words.textContent = "Selected";
    }
    setTimeout(() => { words.textContent = "Copy"; }, 1600);
  }
}

/** @param {Entry} entry */
function textOf({ at, kind, text, detail }) {
  return `${at.toISOString()} ${kind} ${text}${detail === "" ? "" : ` ${detail.replace(/\s+/g, " ")}`}`;
}

/**
 * @param {Omit<Entry, "line">} entry
 * @returns {HTMLLIElement}
 */
function lineOf({ at, kind, text, detail }) {
  const time = make("time", { dateTime: at.toISOString() }, clock(at));
  const badge = make("span", { className: "kind" }, SIGNS[kind]);
  const line = make("li", {}, time, badge);
  line.dataset.kind = kind;
  if (detail === "") line.append(make("span", { className: "text" }, text));
  else line.append(make("details", { className: "text" }, make("summary", {}, text), make("pre", {}, detail)));
  return line;
}

/** @param {Date} at */
function clock(at) {
  return `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** Fields that let a reader in or that nobody reads whole. */
const SECRET = /^(passwd|password|login_token|token|credential)$/i;

/**
 * Text of a frame without what must not be copied into a bug report. Frames come redacted already; a log is the last
 * place to forget it.
 *
 * @param {unknown} value
 * @returns {string}
 */
function readable(value) {
  return JSON.stringify(value, (key, field) => {
    if (SECRET.test(key)) return "***";
    if (key === "sdp" && typeof field === "string") return field.replace(/(a=ice-pwd:)\S+/g, "$1***");
    return field;
  }, 2) ?? "";
}
