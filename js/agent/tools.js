/** @typedef {import("../agent.js").Tool} Tool */
/** @typedef {import("../agent.js").ToolRun} ToolRun */
/** @typedef {{ id: string, name: string, arguments: unknown, callId: string }} Asked */

import { misuse } from "../error.js";
import { late } from "../late.js";
import { checkTool } from "./options.js";

/** What ends all runs: for the agent too, or only for the page, as nobody waits for anything any more. */
export class Stopped extends Error {
  /**
   * @param {string} message
   * @param {boolean} hasEnded whether the call has
   */
  constructor(message, hasEnded) {
    super(message);
    this.hasEnded = hasEnded;
  }
}

/** What an agent may do in the page. What does it is loaded with the first tool, or when the agent asks for one. */
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
    checkTool(given);
    // Methods of a class are not members of what it makes.
    const { name, parameters, timeout, handler, approval } = /** @type {any} */ (given);
    const tool = { name, parameters, timeout, handler: handler.bind(given), approval: approval?.bind(given) };
    if (this.#tools.has(tool.name)) throw misuse(60071, `there is a tool \`${tool.name}\` already: unregister it first`);
    this.#tools.set(tool.name, tool);
    // Nobody waits for it yet; who does hears of a failure.
    loadRunner().catch(() => {});
    return () => {
      if (this.#tools.get(tool.name) === tool) this.#tools.delete(tool.name);
    };
  }

  /**
   * Runs a tool, and sends what came of it: always, but where the call has ended.
   *
   * @param {Asked} asked
   */
  async run(asked) {
    const over = new AbortController();
    this.#runs.add(over);
    const around = {
      over, find: () => this.#tools.get(asked.name), tell: this.#tell, send: this.#send, loadSchema,
    };
    try {
      const runner = await loadRunner().catch((error) => this.#refuse(asked, error.message));
      await runner?.run(asked, around);
    } finally {
      this.#runs.delete(over);
    }
  }

  /**
   * What runs tools could not be loaded: the agent need not wait.
   *
   * @param {Asked} asked
   * @param {string} error
   */
  #refuse({ id, name }, error) {
    this.#send(id, JSON.stringify({ error }));
    this.#tell(Object.freeze({ id, name, args: undefined, status: "failed", error }));
  }

  /**
   * Nothing may run any more.
   *
   * @param {boolean} hasEnded whether the call has, so that nobody waits for anything
   */
  abort(hasEnded) {
    const reason = new Stopped(hasEnded ? "the call has ended" : "the page has stopped listening", hasEnded);
    for (const run of this.#runs) run.abort(reason);
  }
}

function loadRunner() {
  return late("agent/run.js", () => import("./run.js"));
}

function loadSchema() {
  return late("schema.js", () => import("../schema.js"));
}
