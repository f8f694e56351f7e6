import { BAND_WORDS } from "./band.js";
import { saveCsv } from "./csv.js";
import { copyOf, make, part } from "./dom.js";
import { Plots } from "./plots.js";

/**
 * @typedef {import("../../js/quality.js").CallRecord} CallRecord
 * @typedef {import("../../js/quality.js").Finding} Finding
 *
 * @typedef {object} Page
 * @property {(id: string) => void} onDiagnostics
 */

/** @type {Record<Finding["severity"], string>} */
const SEVERITIES = { failed: "Failed", bad: "Bad", impaired: "Impaired", unnoticed: "Hardly noticed" };

/** @type {Record<Finding["side"], string>} */
const SIDES = { here: "on this side", there: "on the other side", network: "in the network", server: "at the gateway", unknown: "" };

/** How good a call was that has ended, and why. */
export class Verdict {
  element = copyOf("why-template");
  #page;
  /** Drawn once it is opened. */
  #isDrawn = false;

  /**
   * @param {CallRecord} record of a call that has ended
   * @param {Page} page
   */
  constructor(record, page) {
    this.#page = page;
    const [first] = record.verdict?.findings ?? [];
    const { quality: band } = record.summary;
    this.element.dataset.band = band;
    this.element.dataset.measured = String(record.samples.length > 0);
    this.element.dataset.cause = first?.cause ?? "";
    part(this.element, "why-word", HTMLElement).textContent = band === "unknown" ? "Not measured" : BAND_WORDS[band];
    part(this.element, "why-first", HTMLElement).textContent = first?.text ?? "";
    this.element.addEventListener("toggle", () => this.#draw(record));
  }

  /** @param {CallRecord} record */
  #draw(record) {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    const findings = record.verdict?.findings ?? [];
    part(this.element, "findings", HTMLElement).replaceChildren(...findings.map(lineOf));
    const hasSamples = record.samples.length > 0;
    for (const name of ["plots", "figures-of-call", "save-csv"]) part(this.element, name, HTMLElement).hidden = !hasSamples;
    new Plots(part(this.element, "plots", HTMLElement), { table: part(this.element, "figures", HTMLElement) })
      .show(record.samples);
    part(this.element, "save-csv", HTMLButtonElement).addEventListener("click", () => saveCsv(record));
    part(this.element, "diagnostics", HTMLButtonElement)
      .addEventListener("click", () => this.#page.onDiagnostics(record.call.id));
  }
}

/** @param {Finding} finding */
function lineOf({ cause, severity, side, text, advice, from, to }) {
  const isCalm = cause === "nothingWrong" || cause === "notMeasured";
  const badge = make("span", { className: "badge" }, SEVERITIES[severity]);
  badge.dataset.severity = severity;
  const facts = [SIDES[side], spanOf(from, to)].filter((words) => words !== "").join(", ");
  return make("li", {},
    make("p", { className: "finding" }, ...(isCalm ? [] : [badge]), make("span", {}, text)),
    ...(advice === "" ? [] : [make("p", {}, advice)]),
    ...(facts === "" || isCalm ? [] : [make("p", { className: "hint" }, `${facts.charAt(0).toUpperCase()}${facts.slice(1)}.`)]));
}

/**
 * @param {number | undefined} from in milliseconds
 * @param {number | undefined} to
 */
function spanOf(from, to) {
  if (from === undefined) return "";
  const seconds = (/** @type {number} */ ms) => Math.round(ms / 1000);
  return to === undefined ? `from second ${seconds(from)} on` : `from second ${seconds(from)} to ${seconds(to)}`;
}
