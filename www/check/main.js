import { checkCall } from "../../js/check.js";
import { announce, announceUrgently } from "../softphone/announce.js";
import { part, setIcon } from "../softphone/dom.js";
import { Options } from "./options.js";
import { Rows } from "./rows.js";
import { capital, textOf, VERDICTS } from "./words.js";

/** @typedef {import("../../js/check.js").Check} Check */
/** @typedef {import("../../js/check.js").CheckReport} CheckReport */

/** How long the button says that it has copied, in ms. */
const COPIED_MS = 2_000;

const page = part(document, "check", HTMLElement);
const start = part(document, "start", HTMLButtonElement);
const stop = part(document, "stop", HTMLButtonElement);
const copy = part(document, "copy", HTMLButtonElement);
const verdict = part(document, "verdict", HTMLElement);
const words = part(document, "outcome-words", HTMLElement);
const took = part(document, "took", HTMLElement);
const icon = part(document, "outcome-icon", SVGUseElement);
const dial = part(document, "dial", SVGCircleElement);
const rows = new Rows(part(document, "steps", HTMLElement));
const options = new Options();

/** The one under way. @type {Check | undefined} */
let check;
/** The newest. @type {CheckReport | undefined} */
let report;

start.addEventListener("click", run);
stop.addEventListener("click", () => check?.abort());
copy.addEventListener("click", copyReport);
start.disabled = false;

async function run() {
  let begun;
  try {
    begun = check = checkCall(options.read());
  } catch (error) {
    part(document, "options", HTMLDetailsElement).open = true;
    fail("This cannot be checked", /** @type {Error} */ (error).message);
    return;
  }
  showRunning();
  begun.on("progress", ({ report: known }) => show(known));
  begun.on("level", ({ rmsDb }) => rows.showLevel(rmsDb));
  try {
    showVerdict(await begun.done);
  } catch {
    showStopped();
  }
  check = undefined;
}

function showRunning() {
  page.dataset["state"] = "running";
  delete page.dataset["verdict"];
  verdict.textContent = "Checking…";
  words.textContent = "Allow the microphone when the browser asks, and say something.";
  setIcon(icon, "phone");
  took.hidden = copy.hidden = start.hidden = true;
  stop.hidden = false;
  stop.focus();
  announce("The check has begun.");
}

/** @param {CheckReport} known */
function show(known) {
  report = known;
  rows.show(known);
  const steps = Object.values(known.steps);
  const over = steps.filter(({ state }) => state === "done" || state === "skipped").length;
  dial.style.setProperty("stroke-dashoffset", String(100 - (100 * over) / steps.length));
}

/** @param {CheckReport & { verdict: keyof typeof VERDICTS }} known */
function showVerdict(known) {
  show(known);
  const told = VERDICTS[known.verdict];
  page.dataset["verdict"] = known.verdict;
  verdict.textContent = told.title;
  const [worst] = known.reasons.filter((reason) => reason.verdict === known.verdict && known.verdict !== "ready");
  words.textContent = worst ? adviceOf(worst) : told.words;
  setIcon(icon, told.icon);
  took.textContent = `It took ${(known.ms / 1_000).toFixed(1)} s.`;
  took.hidden = copy.hidden = false;
  end();
  announceUrgently(`${told.title}. ${words.textContent}`);
}

/** The title says already that the microphone is not allowed. @param {import("../../js/check.js").CheckReason} reason */
function adviceOf({ code, message, advice }) {
  return code === "permissionDenied" ? advice : `${capital(message)}. ${advice}`;
}

function showStopped() {
  verdict.textContent = "Stopped";
  words.textContent = "Everything that was open is closed.";
  if (report) rows.show({ ...report, steps: rested(report.steps) });
  end();
  announce("The check was stopped.");
}

/** What was under way is not done. @param {CheckReport["steps"]} steps @returns {CheckReport["steps"]} */
function rested(steps) {
  const outcomes = Object.entries(steps).map(([step, outcome]) => {
    return [step, outcome.state === "running" ? { state: "waiting" } : outcome];
  });
  return /** @type {CheckReport["steps"]} */ (Object.fromEntries(outcomes));
}

function end() {
  page.dataset["state"] = "done";
  const hadFocus = document.activeElement === stop;
  stop.hidden = true;
  start.hidden = false;
  start.textContent = "Check again";
  if (hadFocus) start.focus();
}

/**
 * @param {string} what
 * @param {string} why
 */
function fail(what, why) {
  page.dataset["state"] = "done";
  page.dataset["verdict"] = "blocked";
  verdict.textContent = what;
  words.textContent = `${capital(why)}.`;
  setIcon(icon, "alert");
  announceUrgently(`${what}. ${why}`);
}

async function copyReport() {
  if (!report) return;
  const label = part(document, "copy-words", HTMLElement);
  try {
    await navigator.clipboard.writeText(textOf(report));
    label.textContent = "Copied";
  } catch {
    label.textContent = "The browser does not let it be copied";
  }
  announce(label.textContent);
  setTimeout(() => (label.textContent = "Copy report"), COPIED_MS);
}
