import init, { Viewer } from "../pkg/replay.js";
import { make, part } from "../softphone/dom.js";
import { Expectation } from "./expect.js";
import { Filter } from "./filter.js";
import { differs, Inspector } from "./inspector.js";
import { Ladder } from "./ladder.js";
import { before, Trace } from "./model.js";
import { listenForFiles, listenToOpener, NoRecording, textOf } from "./open.js";
import { StatePanel } from "./state.js";
import { Timeline } from "./timeline.js";
import { clock, lasting, wall } from "./words.js";

/** @typedef {import("./model.js").Row} Row */

const loading = part(document, "loading", HTMLElement);
const progress = part(document, "progress", HTMLProgressElement);
const notices = part(document, "notices", HTMLElement);
const shown = part(document, "shown", HTMLElement);
const polite = part(document, "polite", HTMLElement);

/** @type {Trace | undefined} */
let trace;
/** @type {Promise<unknown> | undefined} */
let core;
/** What is being opened: the next file takes its place. */
let opening = new AbortController();
/** The line up to which the client has lived at the cursor. */
let line = 0;

const filter = new Filter(showRows);
const ladder = new Ladder(choose, () => filter.focus());
const inspector = new Inspector(choose);
const states = new StatePanel();
const expectation = new Expectation();
const timeline = new Timeline(scrub, step);

listenForFiles(open);
listenToOpener(open);

/** @param {Blob} file @param {string} name */
async function open(file, name) {
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  notices.replaceChildren();
  loading.hidden = false;
  progress.value = 0;
  try {
    const [text] = await Promise.all([textOf(file), loaded()]);
    const next = new Trace(name, text, new Viewer(text));
    await next.replay((share) => (progress.value = share), signal);
    if (signal.aborted) {
      next.free();
      return;
    }
    show(next);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof NoRecording)) reportError(error);
    notice("stop", error instanceof NoRecording ? error.message : `It cannot be opened: ${error}`);
  }
  loading.hidden = true;
}

/** Loads the core, once. One that failed to load is asked for again. */
function loaded() {
  core ??= init({ module_or_path: fetch(new URL("../pkg/replay_bg.wasm", import.meta.url)) }).catch((error) => {
    core = undefined;
    throw error;
  });
  return core;
}

/** @param {Trace} next */
function show(next) {
  tellOf(next);
  if (next.rows.length === 0) {
    next.free();
    return;
  }
  trace?.free();
  trace = next;
  document.body.dataset.view = "open";
  part(document, "open", HTMLElement).hidden = true;
  part(document, "open-another", HTMLElement).hidden = false;
  shown.hidden = false;
  const calls = trace.calls.length === 1 ? "1 call" : `${trace.calls.length} calls`;
  const when = `${trace.began.toLocaleDateString()} ${wall(trace.began, 0)}`;
  const file = `${trace.name}: ${when}, ${lasting(trace.length)}, ${calls}`;
  part(document, "file", HTMLElement).textContent = file;
  polite.textContent = `${file}, ${trace.rows.length} rows`;
  filter.show(trace);
  expectation.show(trace);
  timeline.show(trace);
  showRows();
  const first = trace.rows.find(({ trouble }) => trouble !== undefined) ?? trace.rows[0];
  if (first) choose(first);
}

/** Says how the replay went. @param {Trace} next */
function tellOf({ bad, outcome, version, rows }) {
  if (bad) {
    const words = bad.kind === "newer"
      ? `The recording is of a later version than this page: ${bad.words}.`
      : `${rows.length === 0 ? "This is no recording" : "Only its beginning can be read"}: ${bad.words}.`;
    notice("stop", words);
  }
  if (rows.length === 0) {
    if (!bad) notice("stop", "There is nothing in it.");
    return;
  }
  const { comparable, difference } = outcome;
  if (difference) {
    const other = version === outcome.version ? "" : ` It is of version ${version}, this page of ${outcome.version}.`;
    const go = make("button", {
      type: "button", className: "secondary small", textContent: "Go there", testid: "go-to-difference",
    });
    go.addEventListener("click", () => scrub(difference.at));
    const from = `From ${clock(difference.at)} on, the replay does something else than what was recorded.`;
    notice("stop", `${from} ${differs(difference)}${other}`, go);
  } else if (comparable) {
    notice("go", `The replay did all that was recorded, ${rows.length.toLocaleString()} rows of it.`);
  } else {
    notice("wait", `The recording, of version ${version}, does not say what the client did: this is the replay’s.`);
  }
}

/**
 * @param {"go" | "wait" | "stop"} kind
 * @param {string} words
 * @param {...HTMLElement} acts
 */
function notice(kind, words, ...acts) {
  const box = make("div", { className: "said", testid: "notice" }, make("p", { textContent: words }), ...acts);
  box.dataset.kind = kind;
  if (kind === "stop") box.setAttribute("role", "alert");
  notices.append(box);
}

function showRows() {
  const open = trace;
  if (open) ladder.show(filter.rows(), open.rows.length, (row) => open.colour(row.call));
}

/** Goes to a row. @param {Row} row */
function choose(row) {
  moveTo(row.at, row.line, row);
}

/** Goes to a moment. @param {number} at */
function scrub(at) {
  const row = trace?.rows[trace.rowAt(at)];
  moveTo(at, row?.line ?? 0, row);
}

/** Goes to the input before or after. @param {-1 | 1} by */
function step(by) {
  if (!trace) return;
  const { rows } = trace;
  const row = by > 0
    ? rows[before(rows, (one) => one.line <= line) + 1]
    : rows[before(rows, (one) => one.line < (rows[before(rows, (other) => other.line < line)]?.line ?? 0)) + 1];
  if (row) choose(row);
}

/** @param {number} at @param {number} upTo @param {Row | undefined} row */
function moveTo(at, upTo, row) {
  if (!trace) return;
  line = upTo;
  const state = trace.stateAfter(upTo);
  const calls = trace.calls.flatMap(({ id, name }) => {
    const call = state?.calls.find((one) => one.id === id && one.state !== "done");
    return call ? [`call ${name}: ${call.state}`] : [];
  });
  timeline.moveTo(at, [clock(at), `session ${state?.session ?? "new"}`, ...calls].join(", "));
  states.show(trace, at, upTo);
  ladder.choose(row);
  inspector.show(trace, row);
  expectation.moveTo(at);
}
