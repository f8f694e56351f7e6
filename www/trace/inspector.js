import { make, part } from "../softphone/dom.js";
import { clock, direction, lasting } from "./words.js";

/** @typedef {import("./model.js").Trace} Trace */
/** @typedef {import("./model.js").Row} Row */

/** A frame of more is shown to here: what follows would make the page slow. */
const LONGEST = 60_000;

/** A row of the ladder, with all that it says. */
export class Inspector {
  #title = part(document, "detail-title", HTMLElement);
  #panel = part(document, "detail", HTMLElement);
  #copied = part(document, "copy-words", HTMLElement);
  #text = "";
  #choose;

  /** @param {(row: Row) => void} choose */
  constructor(choose) {
    this.#choose = choose;
    part(document, "copy-detail", HTMLButtonElement).addEventListener("click", () => this.#copy());
  }

  /** @param {Trace} trace @param {Row | undefined} row */
  show(trace, row) {
    this.#copied.textContent = "Copy";
    if (!row) {
      this.#title.textContent = "Nothing chosen";
      this.#panel.replaceChildren();
      this.#text = "";
      return;
    }
    this.#title.textContent = row.words;
    const from = make("p", { className: "hint", textContent: `${direction(row)}, ${clock(row.at)}` });
    const { value, descriptions } = contentOf(trace, row);
    this.#text = typeof value === "string" ? value : JSON.stringify(value, undefined, 2) ?? "";
    this.#panel.replaceChildren(from, ...this.#related(trace, row), ...this.#content(value), ...descriptions.map(sdp));
  }

  /**
   * What belongs to a row: what it answers or is answered by, and what it led to.
   *
   * @param {Trace} trace
   * @param {Row} row
   */
  #related(trace, row) {
    const { other } = row;
    /** @type {Node[]} */
    const links = [];
    if (other) {
      const took = lasting(Math.abs(other.at - row.at));
      const words = row.reply ? `Answers ${other.words}, ${took} before` : `Answered ${took} later: ${other.words}`;
      links.push(this.#link(words, other));
    }
    const { difference } = trace.outcome;
    if (row.differs && difference) links.push(make("p", { className: "problem", textContent: differs(difference) }));
    const together = trace.rowsOf(row.line);
    const cause = together.find(({ to }) => to === "core");
    if (row.from === "core" && cause) {
      links.push(make("h3", { textContent: "Because of" }), this.#link(cause.words, cause));
    }
    const led = row === cause ? together.filter(({ from }) => from === "core") : [];
    if (led.length > 0) {
      links.push(make("h3", { textContent: "Led to" }), ...led.map((one) => this.#link(one.words, one)));
    }
    return links.length > 0 ? [make("div", { className: "related" }, ...links)] : [];
  }

  /** @param {string} words @param {Row} row */
  #link(words, row) {
    const button = make("button", { type: "button", className: "link", textContent: words });
    button.addEventListener("click", () => this.#choose(row));
    return button;
  }

  /** @param {unknown} value */
  #content(value) {
    if (value === undefined || this.#text === "") return [];
    const block = make("pre", { tabIndex: 0, testid: "frame" });
    block.setAttribute("aria-label", "Content");
    block.setAttribute("role", "region");
    if (typeof value === "string" || this.#text.length > LONGEST) {
      const cut = this.#text.length > LONGEST ? `\n… ${this.#text.length - LONGEST} more` : "";
      block.textContent = this.#text.slice(0, LONGEST) + cut;
    } else {
      block.append(...coloured(this.#text));
    }
    return [block];
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#text);
      this.#copied.textContent = "Copied";
    } catch {
      this.#copied.textContent = "Not allowed";
    }
  }
}

/** In words, what a replay did otherwise. @param {import("./model.js").Difference} difference */
export function differs({ recorded, replayed }) {
  return `Recorded: ${recorded ?? "nothing more"}. Replayed: ${replayed ?? "nothing more"}.`;
}

/**
 * What a row holds; session descriptions of it apart, in lines.
 *
 * @param {Trace} trace
 * @param {Row} row
 * @returns {{ value: unknown, descriptions: string[] }}
 */
function contentOf(trace, row) {
  if (row.from === "core") {
    const { body } = row;
    if (body === undefined) return { value: undefined, descriptions: [] };
    if (body.startsWith("v=")) return { value: undefined, descriptions: [body] };
    return apart(parsed(body));
  }
  const entry = trace.entry(row.line)?.entry;
  const [what] = entry && typeof entry === "object" ? Object.values(entry) : [entry];
  const received = what?.Socket?.[1]?.Received;
  return apart(received === undefined ? what ?? entry : parsed(received));
}

/** @param {string} text @returns {unknown} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Takes session descriptions out of a value: one line of two thousand letters is read by nobody.
 *
 * @param {unknown} value
 */
function apart(value) {
  /** @type {string[]} */
  const descriptions = [];
  const kept = JSON.stringify(value, (_, member) => {
    if (typeof member !== "string" || !member.startsWith("v=0")) return member;
    descriptions.push(member);
    return `(session description ${descriptions.length}, below)`;
  });
  return { value: kept === undefined ? undefined : JSON.parse(kept), descriptions };
}

/** @param {string} text */
function sdp(text) {
  const block = make("pre", { className: "sdp", tabIndex: 0, textContent: text.trimEnd() });
  block.setAttribute("role", "region");
  block.setAttribute("aria-label", "Session description");
  return block;
}

/** Of JSON names, texts, and the rest. @param {string} json */
function coloured(json) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let end = 0;
  for (const match of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g)) {
    const [text, colon] = match;
    parts.push(json.slice(end, match.index));
    const className = colon ? "name" : text.startsWith('"') ? "text" : "number";
    parts.push(make("span", { className, textContent: text }));
    end = match.index + text.length;
  }
  parts.push(json.slice(end));
  return parts;
}
