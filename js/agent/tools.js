/** @typedef {import("../agent.js").Tool} Tool */
/** @typedef {import("../agent.js").ToolRun} ToolRun */

import { misuse, wrongOption } from "../error.js";
import { kind, number, object, readFunction, readText } from "../options.js";

const TIMEOUT_SECONDS = 30;

/** How long what goes to the agent may be: servers drop whoever sends them a frame that is too large. */
export const MOST_CHARACTERS = 1_000_000;

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

/** What an agent may do in the page. */
export class Tools {
  /** @type {Map<string, Tool>} */
  #tools = new Map();
  /** What ends each run. @type {Set<AbortController>} */
  #runs = new Set();
  #tell;
  #send;

  /**
   * @param {(run: ToolRun) => void} tell
   * @param {(id: string, output: string) => void} send
   */
  constructor(tell, send) {
    this.#tell = tell;
    this.#send = send;
  }

  /** @param {Tool} given */
  register(given) {
    const tool = readTool(given);
    if (this.#tools.has(tool.name)) throw misuse(60071, `there is a tool \`${tool.name}\` already: unregister it first`);
    this.#tools.set(tool.name, tool);
    return () => {
      if (this.#tools.get(tool.name) === tool) this.#tools.delete(tool.name);
    };
  }

  /**
   * Runs a tool, and sends what came of it: always, but where the call has ended.
   *
   * @param {{ id: string, name: string, arguments: unknown, callId: string }} asked
   */
  async run({ id, name, arguments: given, callId }) {
    const over = new AbortController();
    this.#runs.add(over);
    /** @type {{ args: any }} */
    const known = { args: undefined };
    const tell = (/** @type {ToolRun["status"]} */ status, /** @type {string} */ error) => {
      this.#tell(Object.freeze({ id, name, args: known.args, status, ...(error && { error }) }));
    };
    try {
      const output = await this.#outcome(name, given, callId, over, known, (status) => tell(status, ""));
      over.signal.throwIfAborted();
      this.#send(id, output);
      tell("done", "");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (over.signal.reason === ENDED) return tell("aborted", "the call has ended");
      this.#send(id, JSON.stringify({ error: message }));
      tell(error instanceof Failed ? error.status : "failed", message);
    } finally {
      this.#runs.delete(over);
    }
  }

  /**
   * Nothing may run any more.
   *
   * @param {boolean} hasEnded whether the call has, so that nobody waits for anything
   */
  abort(hasEnded) {
    for (const run of this.#runs) run.abort(hasEnded ? ENDED : new Failed("aborted", "the page has stopped listening"));
  }

  /**
   * @param {string} name
   * @param {unknown} given
   * @param {string} callId
   * @param {AbortController} over
   * @param {{ args: any }} known
   * @param {(status: "approval" | "running") => void} tell
   */
  async #outcome(name, given, callId, over, known, tell) {
    const tool = this.#tools.get(name);
    if (!tool) throw new Failed("failed", `there is no tool "${name}" in this page`);
    try {
      // Text, as a rule. Handlers copy what they are given: what is a member there must not become a prototype.
      const json = typeof given === "string" ? given || "{}" : JSON.stringify(given ?? {});
      known.args = JSON.parse(json, (key, value) => (key === "__proto__" ? undefined : value));
    } catch {
      throw new Failed("failed", "the arguments are not JSON");
    }
    const wrong = tool.parameters && (await import("../schema.js")).complaint(tool.parameters, known.args);
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
}

const ENDED = new Failed("aborted", "the call has ended");

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

/** @param {unknown} given @returns {Tool} */
function readTool(given) {
  const tool = object("tool", given, "an object with `name` and `handler`");
  const name = readText("name", tool["name"]);
  if (!/^[\w-]{1,64}$/.test(name)) throw wrongOption("name", kind(name), "letters, digits, _ and -, 64 at most");
  if (typeof tool["handler"] !== "function") throw wrongOption("handler", kind(tool["handler"]), "a function");
  readFunction("approval", tool["approval"]);
  number(tool, "timeout", (seconds) => seconds > 0 && seconds <= 600, "a number of seconds, 600 at most");
  if (tool["parameters"] != null) object("parameters", tool["parameters"], "a JSON Schema");
  // Methods of a class are not members of what it makes.
  const { parameters, timeout, handler, approval } = tool;
  return { name, parameters, timeout, handler: handler.bind(tool), approval: approval?.bind(tool) };
}
