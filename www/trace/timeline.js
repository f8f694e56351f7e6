import { part } from "../softphone/dom.js";
import { tracksOf } from "./tracks.js";
import { clock, lasting } from "./words.js";

/** @typedef {import("./model.js").Trace} Trace */

/** The closest look, in milliseconds. */
const CLOSEST = 20;

/** The time line: states, frames and plots under each other, and a cursor over all of them. */
export class Timeline {
  #box = part(document, "tracks", HTMLElement);
  #scrubber = part(document, "scrubber", HTMLElement);
  #cursor = part(document, "cursor", HTMLElement);
  #cursorTime = part(document, "cursor-time", HTMLElement);
  #span = part(document, "span", HTMLElement);
  /** @type {import("./tracks.js").Track[]} */
  #tracks = [];
  /** @type {Trace | undefined} */
  #trace;
  #from = 0;
  #to = 1;
  #at = 0;
  #scrub;
  #step;

  /**
   * @param {(at: number) => void} scrub goes to a moment
   * @param {(by: -1 | 1) => void} step goes to the input before or after
   */
  constructor(scrub, step) {
    this.#scrub = scrub;
    this.#step = step;
    new ResizeObserver(() => this.#draw()).observe(this.#scrubber);
    this.#scrubber.addEventListener("pointerdown", (event) => this.#drag(event));
    this.#scrubber.addEventListener("keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
    this.#scrubber.addEventListener("wheel", (event) => {
      const isAlong = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (!event.ctrlKey && !event.metaKey && !isAlong) return;
      event.preventDefault();
      if (isAlong) this.#look(this.#from + ((event.deltaX || event.deltaY) / this.#width) * this.#length, this.#length);
      else this.#zoom(event.deltaY > 0 ? 1.25 : 0.8, this.#timeOf(event));
    }, { passive: false });
    for (const [name, by] of /** @type {const} */ ([["zoom-in", 0.5], ["zoom-out", 2]])) {
      part(document, name, HTMLButtonElement).addEventListener("click", () => this.#zoom(by, this.#at));
    }
    part(document, "zoom-whole", HTMLButtonElement).addEventListener("click", () => this.#whole());
  }

  /** @param {Trace} trace */
  show(trace) {
    this.#trace = trace;
    for (const { element } of this.#tracks) element.remove();
    this.#tracks = tracksOf(trace);
    this.#box.prepend(...this.#tracks.map(({ element }) => element));
    this.#scrubber.setAttribute("aria-valuemax", String(Math.round(trace.length)));
    this.#whole();
  }

  /** Moves the cursor. @param {number} at @param {string} words */
  moveTo(at, words) {
    this.#at = at;
    this.#scrubber.setAttribute("aria-valuenow", String(Math.round(at)));
    this.#scrubber.setAttribute("aria-valuetext", words);
    this.#cursorTime.textContent = clock(at);
    for (const track of this.#tracks) track.tell?.(at);
    if (at < this.#from || at > this.#to) this.#look(at - this.#length / 2, this.#length);
    else this.#place();
  }

  get #length() {
    return this.#to - this.#from;
  }

  get #width() {
    return Math.max(1, this.#scrubber.clientWidth);
  }

  #whole() {
    const length = Math.max(this.#trace?.length ?? 1, 1);
    // The last moment is not under the edge.
    this.#look(0, length * 1.01);
  }

  /** @param {number} by @param {number} about */
  #zoom(by, about) {
    const whole = Math.max(this.#trace?.length ?? 1, 1) * 1.01;
    const length = Math.min(whole, Math.max(CLOSEST, this.#length * by));
    this.#look(about - ((about - this.#from) / this.#length) * length, length);
  }

  /** @param {number} from @param {number} length */
  #look(from, length) {
    const end = Math.max(this.#trace?.length ?? 1, 1) * 1.01;
    this.#from = Math.max(0, Math.min(from, end - length));
    this.#to = this.#from + length;
    const isWhole = length >= end * 0.999;
    const part = `${clock(this.#from)} to ${clock(Math.min(this.#to, end))}`;
    this.#span.textContent = isWhole ? lasting(this.#trace?.length ?? 0) : part;
    this.#draw();
  }

  #draw() {
    const width = this.#width;
    for (const { draw } of this.#tracks) draw({ from: this.#from, to: this.#to, width });
    this.#place();
  }

  #place() {
    const share = (this.#at - this.#from) / this.#length;
    this.#cursor.hidden = share < 0 || share > 1;
    this.#cursor.style.transform = `translateX(${share * this.#width}px)`;
    this.#cursor.dataset.side = share > 0.8 ? "end" : "start";
  }

  /** @param {{ clientX: number }} event */
  #timeOf({ clientX }) {
    const { left } = this.#scrubber.getBoundingClientRect();
    const at = this.#from + ((clientX - left) / this.#width) * this.#length;
    return Math.max(0, Math.min(this.#trace?.length ?? 0, at));
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (event.button !== 0) return;
    const end = new AbortController();
    const { signal } = end;
    this.#scrubber.setPointerCapture(event.pointerId);
    this.#scrub(this.#timeOf(event));
    this.#scrubber.addEventListener("pointermove", (moved) => this.#scrub(this.#timeOf(moved)), { signal });
    for (const over of ["pointerup", "pointercancel"]) {
      this.#scrubber.addEventListener(over, () => end.abort(), { signal });
    }
  }

  /** @param {KeyboardEvent} event */
  #key({ key, ctrlKey, metaKey, altKey }) {
    if (ctrlKey || metaKey || altKey) return false;
    const end = this.#trace?.length ?? 0;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.#step(-1),
      ArrowDown: () => this.#step(-1),
      ArrowRight: () => this.#step(1),
      ArrowUp: () => this.#step(1),
      PageDown: () => this.#scrub(Math.min(end, this.#at + this.#length / 10)),
      PageUp: () => this.#scrub(Math.max(0, this.#at - this.#length / 10)),
      Home: () => this.#scrub(0),
      End: () => this.#scrub(end),
      "+": () => this.#zoom(0.5, this.#at),
      "-": () => this.#zoom(2, this.#at),
      0: () => this.#whole(),
    };
    keys[key]?.();
    return key in keys;
  }
}
