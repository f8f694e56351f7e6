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

const SIGNS = { session: "session", call: "call", audio: "audio", warning: "warning", error: "error", in: "← in", out: "→ out" };

/**
 * The log of events.
 *
 * @returns {{ write: (kind: Kind, text: string, detail?: unknown) => void }}
 */
export function createLog() {
  const scroll = part(document, "log", HTMLElement);
  const list = /** @type {HTMLOListElement} */ (scroll.querySelector("ol"));
  const empty = part(document, "log-empty", HTMLElement);
  const kind = part(document, "log-kind", HTMLSelectElement);
  const filter = part(document, "log-filter", HTMLInputElement);
  /** @type {Entry[]} */
  let entries = [];
  const panel = part(document, "log-panel", HTMLElement);
  panel.dataset.lines = "0";

  kind.addEventListener("change", show);
  filter.addEventListener("input", show);
  part(document, "clear-log", HTMLButtonElement).addEventListener("click", () => {
    entries = [];
    list.replaceChildren();
    show();
  });
  part(document, "copy-log", HTMLButtonElement).addEventListener("click", copy);
  return { write };

  /**
   * @param {Kind} kind
   * @param {string} text
   * @param {unknown} [detail]
   */
  function write(kind, text, detail) {
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 24;
    const entry = { at: new Date(), kind, text, detail: detail === undefined ? "" : readable(detail) };
    const full = { ...entry, line: lineOf(entry) };
    entries.push(full);
    list.append(full.line);
    if (entries.length > MOST) entries.shift()?.line.remove();
    panel.dataset.lines = String(entries.length);
    full.line.hidden = !matches(full);
    empty.hidden = entries.some(({ line }) => !line.hidden);
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  /** @param {Pick<Entry, "kind" | "text" | "detail">} entry */
  function matches(entry) {
    const wanted = filter.value.trim().toLowerCase();
    if (!KINDS[kind.value]?.includes(entry.kind)) return false;
    return wanted === "" || `${entry.kind} ${entry.text} ${entry.detail}`.toLowerCase().includes(wanted);
  }

  function show() {
    panel.dataset.lines = String(entries.length);
    for (const entry of entries) entry.line.hidden = !matches(entry);
    empty.hidden = entries.some(({ line }) => !line.hidden);
    empty.textContent = entries.length === 0 ? "Nothing yet." : "Nothing matches.";
    scroll.scrollTop = scroll.scrollHeight;
  }

  async function copy() {
    const words = part(document, "copy-log-words", HTMLElement);
    const shown = entries.filter(matches);
    const text = shown.map(({ at, kind, text, detail }) =>
      `${at.toISOString()} ${kind} ${text}${detail === "" ? "" : ` ${detail.replace(/\s+/g, " ")}`}`).join("\n");
    try {
      await navigator.clipboard.writeText(text);
      words.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(list);
      words.textContent = "Selected";
    }
    setTimeout(() => { words.textContent = "Copy"; }, 1600);
  }
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
