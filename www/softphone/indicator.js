import { BAND_WORDS } from "./band.js";
import { saveCsv } from "./csv.js";
import { part } from "./dom.js";
import { Plots } from "./plots.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("./quality.js").Quality} Quality
 *
 * @typedef {object} Page
 * @property {Quality} quality
 * @property {(id: string) => void} onDiagnostics
 */

/** How much of the call its plots show, in milliseconds. */
const SHOWN_MS = 120_000;

/** How good a call is, in its card: in a word, on request in four plots, and with advice while it stays poor. */
export class Indicator {
  #call;
  #page;
  #opener;
  #panel;
  #advice;
  #plots;

  /**
   * @param {HTMLElement} card
   * @param {Call} call
   * @param {Page} page
   */
  constructor(card, call, page) {
    this.#call = call;
    this.#page = page;
    this.#opener = part(card, "quality", HTMLButtonElement);
    this.#panel = part(card, "quality-panel", HTMLElement);
    this.#advice = part(card, "advice", HTMLElement);
    this.#plots = new Plots(part(card, "plots", HTMLElement), {
      window: SHOWN_MS, table: part(card, "figures", HTMLElement),
    });
    this.#panel.id = `quality-${call.id}`;
    this.#opener.setAttribute("aria-controls", this.#panel.id);
    this.#opener.addEventListener("click", () => this.#toggle());
    part(card, "save-csv", HTMLButtonElement).addEventListener("click", () => {
      const record = page.quality.recordOf(call.id);
      if (record !== undefined) saveCsv(record);
    });
    part(card, "diagnostics", HTMLButtonElement).addEventListener("click", () => page.onDiagnostics(call.id));
  }

  show() {
    const { state } = this.#call;
    const band = this.#page.quality.bandOf(this.#call);
    this.#opener.hidden = state === "new" || state === "connecting" || state === "ringing";
    this.#opener.dataset.band = band;
    set(part(this.#opener, "quality-word", HTMLElement), state === "active" ? BAND_WORDS[band] : "Paused");
    const advice = this.#page.quality.adviceOf(this.#call);
    this.#advice.hidden = advice === undefined;
    this.#advice.dataset.kind = advice === undefined ? "" : advice.isOnNetwork ? "network" : "other";
    set(part(this.#advice, "advice-what", HTMLElement), advice?.what ?? "");
    set(part(this.#advice, "advice-words", HTMLElement), advice?.advice ?? "");
  }

  /** Something was measured. */
  update() {
    this.show();
    this.#showPlots();
  }

  #showPlots() {
    if (this.#panel.hidden) return;
    const record = this.#page.quality.recordOf(this.#call.id);
    part(this.#panel, "save-csv", HTMLButtonElement).disabled = record === undefined || record.samples.length === 0;
    this.#plots.show(record?.samples ?? []);
  }

  #toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    this.#opener.setAttribute("aria-expanded", String(!this.#panel.hidden));
    this.#showPlots();
  }
}

/**
 * Leaves alone what says it already: a reader's selection stays.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
