// A tool of the page at work: its arguments, the person's word, its time, and what came of it.

/** @typedef {import("../agent.js").Tool} Tool */
/** @typedef {import("../agent.js").ToolRun} ToolRun */

/**
 * @typedef {object} Around
 * @property {AbortController} over ends the run
 * @property {() => Tool | undefined} find the tool, if there is one of this name
 * @property {(run: ToolRun) => void} tell
 * @property {(id: string, output: string) => void} send
 * @property {() => Promise<{ complaint(schema: object, value: unknown): string | undefined }>} loadSchema
 */

import { MOST_CHARACTERS } from "./said.js";

const TIMEOUT_SECONDS = 30;

/** What ends a tool for the agent, without a result. */
class Failed extends Error {
  /**
   * @param {ToolRun["status"]} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Runs a tool, and sends what came of it: always, but where the call has ended.
 *
 * @param {import("./tools.js").Asked} asked
 * @param {Around} around
 */
export async function run({ id, name, arguments: given, callId }, around) {
  const { signal } = around.over;
  /** @type {{ args: any }} */
  const known = { args: undefined };
  const tell = (/** @type {ToolRun["status"]} */ status, /** @type {string} */ error) => {
    around.tell(Object.freeze({ id, name, args: known.args, status, ...(error && { error }) }));
  };
  try {
    const output = await outcome(name, given, callId, around, known, (status) => tell(status, ""));
    signal.throwIfAborted();
    around.send(id, output);
    tell("done", "");
  } catch (error) {
    const message = wordsOf(error);
    if (signal.reason?.hasEnded) return tell("aborted", signal.reason.message);
    around.send(id, JSON.stringify({ error: message }));
    if (signal.aborted && error === signal.reason) tell("aborted", message);
    else tell(error instanceof Failed ? error.status : "failed", message);
  }
}

/**
 * @param {string} name
 * @param {unknown} given
 * @param {string} callId
 * @param {Around} around
 * @param {{ args: any }} known
 * @param {(status: "approval" | "running") => void} tell
 */
async function outcome(name, given, callId, { over, find, loadSchema }, known, tell) {
  const tool = find();
  if (!tool) throw new Failed("failed", `there is no tool "${name}" in this page`);
  try {
    // Text, as a rule. Handlers copy what they are given: what is a member there must not become a prototype.
    const json = typeof given === "string" ? given || "{}" : JSON.stringify(given ?? {});
    known.args = JSON.parse(json, (key, value) => (key === "__proto__" ? undefined : value));
  } catch {
    throw new Failed("failed", "the arguments are not JSON");
  }
  const wrong = tool.parameters && (await loadSchema()).complaint(tool.parameters, known.args);
  if (wrong) throw new Failed("failed", `the arguments do not fit the tool's schema: ${wrong}`);
  const { signal } = over;
  signal.throwIfAborted();
  if (tool.approval) {
    tell("approval");
    const isAllowed = await settled(signal, () => tool.approval?.(known.args, { name, signal }));
    if (isAllowed !== true) throw new Failed("refused", "the person has not allowed it");
  }
  tell("running");
  const seconds = tool.timeout ?? TIMEOUT_SECONDS;
  const late = new Failed("aborted", `the tool has not finished within ${seconds} seconds`);
  const timer = setTimeout(() => over.abort(late), seconds * 1_000);
  try {
    // What is nothing, or nothing that JSON knows, is `null` to the agent.
    const output = JSON.stringify(await settled(signal, () => tool.handler(known.args, { signal, callId }))) ?? "null";
    if (output.length <= MOST_CHARACTERS) return output;
    throw new Failed("failed", `the result is longer than ${MOST_CHARACTERS} characters`);
  } finally {
    clearTimeout(timer);
  }
}

/** What was thrown, whatever that is, as far as an agent can use it. @param {unknown} error */
function wordsOf(error) {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, 10_000);
  } catch {
    return "the tool has failed";
  }
}

/**
 * What comes of the work, or the signal's reason if that comes first.
 *
 * @template T
 * @param {AbortSignal} signal
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
function settled(signal, work) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    Promise.resolve().then(work).then(resolve, reject);
  });
}
