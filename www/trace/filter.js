import { make, part } from "../softphone/dom.js";

/** @typedef {import("./model.js").Row} Row */

/** @type {readonly { name: string, words: string, isOn: boolean, has(row: Row): boolean }[]} */
const GROUPS = [
  { name: "frames", words: "Frames", isOn: true, has: (row) => row.kind === "frame" && !isPing(row) },
  { name: "app", words: "Application", isOn: true, has: ({ kind }) => kind === "command" || kind === "event" },
  { name: "media", words: "Media", isOn: true, has: ({ kind }) => kind === "peer" },
  { name: "network", words: "Network", isOn: true, has: ({ kind }) => kind === "socket" || kind === "page" },
  {
    name: "clock", words: "Clock, pings, counters", isOn: false,
    has: (row) => row.kind === "timer" || row.kind === "stats" || isPing(row),
  },
];

/** Of whom a row that belongs to no call is. */
const SESSION = "session";

/** What of the ladder is shown. */
export class Filter {
  #call = part(document, "call-filter", HTMLSelectElement);
  #search = part(document, "search", HTMLInputElement);
  #kinds = part(document, "kinds", HTMLElement);
  #on = new Set(GROUPS.filter(({ isOn }) => isOn).map(({ name }) => name));
  #onlyProblems = false;
  /** @type {import("./model.js").Trace | undefined} */
  #trace;

  /** @param {() => void} changed */
  constructor(changed) {
    for (const { name, words } of GROUPS) {
      this.#kinds.append(toggle(`kind-${name}`, words, this.#on.has(name), (isOn) => {
        this.#on[isOn ? "add" : "delete"](name);
        changed();
      }));
    }
    this.#kinds.append(toggle("problems", "Only problems", false, (isOn) => {
      this.#onlyProblems = isOn;
      changed();
    }));
    this.#call.addEventListener("change", changed);
    this.#search.addEventListener("input", changed);
    this.#search.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      this.#search.value = "";
      changed();
    });
  }

  /** @param {import("./model.js").Trace} trace */
  show(trace) {
    this.#trace = trace;
    this.#search.value = "";
    const calls = trace.calls.map(({ id, name }) => ({ value: id, textContent: `Call: ${name}` }));
    const others = [{ value: "", textContent: "All" }, { value: SESSION, textContent: "Session only" }];
    this.#call.replaceChildren(...[...others, ...calls].map((option) => make("option", option)));
  }

  focus() {
    this.#search.focus();
  }

  /** The rows to be shown. */
  rows() {
    const trace = this.#trace;
    if (!trace) return [];
    const groups = GROUPS.filter(({ name }) => this.#on.has(name));
    const call = this.#call.value;
    const text = this.#search.value.trim().toLowerCase();
    /** @param {Row} row */
    const isOfAKind = (row) => (this.#onlyProblems ? isProblem(row) : groups.some((group) => group.has(row)));
    return trace.rows.filter((row) => isOfAKind(row)
      && (call === "" || (call === SESSION ? row.call === undefined : row.call === call))
      && (text === "" || trace.searched(row).includes(text)));
  }
}

/** @param {Row} row */
function isProblem(row) {
  return row.trouble !== undefined || row.differs === true;
}

/** @param {Row} row */
function isPing(row) {
  const { words } = row.reply ? row.other ?? row : row;
  return row.kind === "frame" && words.endsWith(".ping");
}

/**
 * @param {string} testid
 * @param {string} words
 * @param {boolean} isOn
 * @param {(isOn: boolean) => void} changed
 */
function toggle(testid, words, isOn, changed) {
  const button = make("button", { testid, type: "button", className: "chip", textContent: words });
  button.setAttribute("aria-pressed", String(isOn));
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    changed(now);
  });
  return button;
}
