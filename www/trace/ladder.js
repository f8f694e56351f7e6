import { make, part } from "../softphone/dom.js";
import { before } from "./model.js";
import { clock, direction, lasting } from "./words.js";

/** @typedef {import("./model.js").Row} Row */
/** @typedef {{ row: Row } | { gap: number }} Item */

/** Of a row in pixels, as in the style sheet. */
const HEIGHT = 28;
/** Rows that are drawn beyond both edges: what is scrolled to is there already. */
const BEYOND = 10;
/** A silence that is worth a line of its own, in milliseconds. */
const SILENCE = 3000;
/** A scroll bar's way is bounded: more rows than this share it. */
const TALLEST = 8_000_000;
const LANES = ["page", "peer", "core", "server"];

/** The ladder: only the rows that are seen are in the page. */
export class Ladder {
  #box = part(document, "rows", HTMLElement);
  #space = /** @type {HTMLElement} */ (this.#box.firstElementChild);
  #none = part(document, "no-rows", HTMLElement);
  #count = part(document, "count", HTMLElement);
  /** @type {Item[]} */
  #items = [];
  /** @type {Row[]} */
  #rows = [];
  /** Where each row is among those that are shown. @type {Map<Row, number>} */
  #positions = new Map();
  /** Where each of them is among the items. @type {number[]} */
  #places = [];
  /** @type {Row | undefined} */
  #chosen;
  /** @type {(row: Row) => string} */
  #colour = () => "";
  #choose;
  #frame = 0;

  /** @param {(row: Row) => void} choose @param {() => void} search */
  constructor(choose, search) {
    this.#choose = choose;
    this.#box.addEventListener("scroll", () => this.#later());
    new ResizeObserver(() => this.#later()).observe(this.#box);
    this.#box.addEventListener("click", ({ target }) => {
      const line = target instanceof Element ? target.closest(".row") : null;
      const item = line instanceof HTMLElement ? this.#items[Number(line.dataset.index)] : undefined;
      if (item && "row" in item) choose(item.row);
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key === "/") search();
      else if (!this.#key(event)) return;
      event.preventDefault();
    });
  }

  /** @param {Row[]} rows @param {number} all @param {(row: Row) => string} colour */
  show(rows, all, colour) {
    this.#rows = rows;
    this.#colour = colour;
    this.#items = withSilences(rows);
    this.#positions = new Map(rows.map((row, index) => [row, index]));
    this.#places = this.#items.flatMap((item, index) => ("row" in item ? [index] : []));
    this.#space.style.height = `${Math.min(this.#items.length * HEIGHT, TALLEST)}px`;
    this.#none.hidden = rows.length > 0;
    const some = rows.length === all ? "" : `${rows.length.toLocaleString()} of `;
    this.#count.textContent = `${some}${all.toLocaleString()} rows`;
    this.#draw();
    if (this.#chosen) this.#reveal(this.#chosen);
  }

  /** Marks a row, and has it seen. @param {Row | undefined} row */
  choose(row) {
    this.#chosen = row;
    if (row) this.#reveal(row);
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key({ key, ctrlKey, metaKey, altKey }) {
    if (ctrlKey || metaKey || altKey || this.#rows.length === 0) return false;
    const index = this.#indexOf(this.#chosen);
    const page = Math.max(1, Math.floor(this.#box.clientHeight / HEIGHT) - 2);
    /** @type {Record<string, () => Row | undefined>} */
    const keys = {
      ArrowDown: () => this.#at(index + 1),
      ArrowUp: () => this.#at(index - 1),
      PageDown: () => this.#at(index + page),
      PageUp: () => this.#at(index - page),
      Home: () => this.#at(0),
      End: () => this.#at(this.#rows.length - 1),
      r: () => this.#chosen?.other,
      e: () => this.#rows.find((row, place) => place > index && row.trouble !== undefined),
    };
    const find = keys[key.length === 1 ? key.toLowerCase() : key];
    if (!find) return false;
    const row = find();
    if (row) this.#choose(row);
    return true;
  }

  /** @param {number} index */
  #at(index) {
    return this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))];
  }

  /** The last row that is shown up to this one. @param {Row | undefined} row */
  #indexOf(row) {
    if (!row) return -1;
    return this.#positions.get(row) ?? before(this.#rows, ({ line }) => line <= row.line);
  }

  /** How many pixels one stands for: more than one only where a scroll bar would be too long. */
  get #scale() {
    const height = this.#items.length * HEIGHT;
    const room = this.#box.clientHeight;
    return height > TALLEST ? (height - room) / (TALLEST - room) : 1;
  }

  /** @param {Row} row */
  #reveal(row) {
    const place = this.#places[this.#indexOf(row)];
    if (place === undefined) return;
    const scale = this.#scale;
    const top = place * HEIGHT;
    const from = this.#box.scrollTop * scale;
    const to = from + this.#box.clientHeight - HEIGHT;
    const margin = 2 * HEIGHT;
    if (top < from + margin || top > to - margin) {
      this.#box.scrollTop = Math.max(0, (top - this.#box.clientHeight / 3) / scale);
    }
  }

  #later() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const scroll = this.#box.scrollTop;
    const top = scroll * this.#scale;
    const first = Math.max(0, Math.floor(top / HEIGHT) - BEYOND);
    const last = Math.min(this.#items.length, Math.ceil((top + this.#box.clientHeight) / HEIGHT) + BEYOND);
    const chosen = this.#rows[this.#indexOf(this.#chosen)];
    const lines = [];
    for (let index = first; index < last; index += 1) {
      const item = /** @type {Item} */ (this.#items[index]);
      const line = "gap" in item ? silence(item.gap) : this.#line(item.row, chosen);
      line.dataset.index = String(index);
      line.style.top = `${index * HEIGHT - top + scroll}px`;
      lines.push(line);
    }
    this.#space.replaceChildren(...lines);
    const isSeen = lines.some(({ id }) => id === "chosen-row");
    if (isSeen) this.#box.setAttribute("aria-activedescendant", "chosen-row");
    else this.#box.removeAttribute("aria-activedescendant");
  }

  /**
   * Whether a row is from a request to its reply, both included.
   *
   * @param {Row} row
   * @param {Row} one
   * @param {Row} other
   */
  #isBetween(row, one, other) {
    const place = (/** @type {Row} */ each) => this.#positions.get(each) ?? -1;
    const ends = [place(one), place(other)];
    return place(row) >= Math.min(...ends) && place(row) <= Math.max(...ends);
  }

  /** @param {Row} row @param {Row | undefined} chosen */
  #line(row, chosen) {
    const from = LANES.indexOf(row.from);
    const to = LANES.indexOf(row.to);
    const arrow = make("span", { className: `arrow ${to > from ? "onwards" : "back"}` });
    arrow.style.setProperty("--from", String(Math.min(from, to)));
    arrow.style.setProperty("--over", String(Math.abs(to - from)));
    const latency = row.reply && row.other ? row.at - row.other.at : undefined;
    const line = make("div", { className: "row" },
      make("span", { className: "at", textContent: clock(row.at) }),
      make("span", { className: "lanes" }, arrow),
      make("span", { className: "unseen", textContent: `${direction(row)}: ` }),
      make("span", { className: "what", textContent: row.words }),
      make("span", { className: "latency", textContent: latency === undefined ? "" : lasting(latency) }));
    line.setAttribute("role", "option");
    line.setAttribute("aria-setsize", String(this.#rows.length));
    line.setAttribute("aria-posinset", String((this.#positions.get(row) ?? 0) + 1));
    line.setAttribute("aria-selected", String(row === chosen));
    if (row === chosen) line.id = "chosen-row";
    Object.assign(line.dataset, { kind: row.kind, call: this.#colour(row) });
    if (row.trouble) line.dataset.trouble = row.trouble;
    if (row.reply) line.dataset.reply = "true";
    if (row.differs) line.dataset.differs = "true";
    if (chosen?.other === row) line.dataset.other = "true";
    if (chosen?.other && this.#isBetween(row, chosen, chosen.other)) line.dataset.between = "true";
    return line;
  }
}

/** @param {Row[]} rows @returns {Item[]} */
function withSilences(rows) {
  return rows.flatMap((row, index) => {
    const gap = row.at - (rows[index - 1]?.at ?? row.at);
    return gap > SILENCE ? [{ gap }, { row }] : [{ row }];
  });
}

/** @param {number} gap */
function silence(gap) {
  const line = make("div", { className: "silence" },
    make("span", { className: "at", textContent: lasting(gap) }), make("span", { className: "lanes" }));
  line.setAttribute("role", "presentation");
  return line;
}
