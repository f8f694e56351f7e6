import { copyOf, make, part, setIcon } from "../softphone/dom.js";
import { levelHz, showLevel, showSilence } from "../softphone/level.js";
import { capital, shown, STEPS, VERDICTS } from "./words.js";

/** @typedef {import("../../js/check.js").CheckReason} CheckReason */
/** @typedef {import("../../js/check.js").CheckReport} CheckReport */
/** @typedef {import("../../js/check.js").CheckStep} CheckStep */
/** @typedef {import("./words.js").Mark} Mark */

/** What a row is called that has no verdict. */
const BADGES = { waiting: "", running: "Checking", skipped: "Left out", done: "" };

/** The checklist: one row for each step. */
export class Rows {
  /** @type {Map<CheckStep, HTMLElement>} */
  #rows = new Map();
  #levelShownAt = 0;

  /** @param {HTMLElement} list */
  constructor(list) {
    for (const [step, { title, waiting, icon }] of Object.entries(STEPS)) {
      const row = copyOf("step-template");
      row.dataset["testid"] = `step-${step}`;
      part(row, "step-title", HTMLElement).textContent = title;
      part(row, "step-words", HTMLElement).textContent = waiting;
      setIcon(part(row, "step-icon", SVGUseElement), icon);
      // Only an echo call needs it.
      row.hidden = step === "signIn";
      this.#rows.set(/** @type {CheckStep} */ (step), row);
      list.append(row);
    }
  }

  /** @param {CheckReport} report */
  show(report) {
    for (const [step, row] of this.#rows) this.#show(step, row, report);
  }

  /** @param {number} db */
  showLevel(db) {
    const now = performance.now();
    if (now - this.#levelShownAt < 900 / levelHz()) return;
    this.#levelShownAt = now;
    showLevel(this.#level(), db);
  }

  #level() {
    return part(/** @type {HTMLElement} */ (this.#rows.get("microphone")), "level", HTMLElement);
  }

  /**
   * @param {CheckStep} step
   * @param {HTMLElement} row
   * @param {CheckReport} report
   */
  #show(step, row, report) {
    const { state, verdict } = report.steps[step];
    const { words, figures = [], ways = [], marks = [] } = shown(step, report);
    const told = verdict && VERDICTS[verdict];
    row.dataset["state"] = state === "done" ? (verdict ?? "ready") : state;
    row.toggleAttribute("data-running", state === "running");
    setIcon(part(row, "step-icon", SVGUseElement), told ? told.icon : STEPS[step].icon);
    part(row, "step-badge", HTMLElement).textContent = told?.badge ?? BADGES[state];
    part(row, "step-words", HTMLElement).textContent = state === "skipped" ? "" : words;
    fill(part(row, "figures", HTMLElement), figures.map(([name, value]) => {
      return make("div", {}, make("dt", {}, name), make("dd", {}, value));
    }));
    fill(part(row, "ways", HTMLElement), ways.map(markOf));
    fill(part(row, "marks", HTMLElement), marks.map(markOf));
    fill(part(row, "reasons", HTMLElement), report.reasons.filter((reason) => reason.step === step).map(reasonOf));
    if (step === "signIn") row.hidden = state === "waiting" || state === "skipped";
    if (step === "microphone") {
      this.#level().hidden = state !== "running";
      if (state !== "running") showSilence(this.#level());
    }
  }
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement[]} items
 */
function fill(list, items) {
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
}

/** @param {Mark} mark */
function markOf({ works, name, more }) {
  const asked = works ? ["check", "works"] : ["close", "does not work"];
  const [icon = "", words = ""] = works === undefined ? ["dots", "not asked"] : asked;
  const item = make("li", {}, iconOf(icon), make("b", {}, name), make("span", { className: "unseen" }, `: ${words}. `));
  item.dataset["works"] = String(works);
  if (more) item.append(make("span", {}, more));
  return item;
}

/** @param {CheckReason} reason */
function reasonOf({ code, verdict, subject, message, advice }) {
  const item = make("li", {},
    iconOf(verdict === "ready" ? "question" : "alert"),
    make("b", {}, `${capital(message)}.`),
    ...(subject ? [make("span", { className: "subject" }, subject)] : []),
    make("span", {}, advice));
  item.dataset["code"] = code;
  item.dataset["verdict"] = verdict;
  return item;
}

/** @param {string} name */
function iconOf(name) {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  icon.classList.add("icon");
  icon.setAttribute("aria-hidden", "true");
  setIcon(use, name);
  icon.append(use);
  return icon;
}
