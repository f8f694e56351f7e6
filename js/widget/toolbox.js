/** @typedef {import("../agent.js").Agent} Agent */
/** @typedef {import("../agent.js").Tool} Tool */
/** @typedef {import("../widget.js").WidgetTool} WidgetTool */

/** The tools of the page, whichever agent there is, and what the person is asked of them. */
export class Toolbox {
  /**
   * Those that wait for the person's word.
   *
   * @type {{ id: object, name: string, args: unknown, decide: (isAllowed: boolean) => void }[]}
   */
  questions = [];
  /** @type {Set<{ tool: Tool, undo: (() => void) | undefined }>} */
  #tools = new Set();
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * @param {WidgetTool} wanted
   * @param {Agent | undefined} agent that is to have it at once
   */
  add(wanted, agent) {
    /** @type {NonNullable<Tool["approval"]>} */
    const ask = (args, context) => this.#ask(args, context);
    const { approval, ...rest } = wanted;
    const tool = { ...rest, ...(approval === true ? { approval: ask } : approval && { approval }) };
    const entry = { tool, undo: agent?.registerTool(tool) };
    this.#tools.add(entry);
    return () => {
      this.#tools.delete(entry);
      entry.undo?.();
    };
  }

  /** @param {Agent} agent */
  give(agent) {
    for (const entry of this.#tools) entry.undo = agent.registerTool(entry.tool);
  }

  /** Nobody will answer any more. */
  refuse() {
    this.questions.forEach(({ decide }) => decide(false));
  }

  /**
   * @param {unknown} args
   * @param {{ name: string, signal: AbortSignal }} context
   * @returns {Promise<boolean>}
   */
  #ask(args, { name, signal }) {
    return new Promise((resolve) => {
      const decide = (/** @type {boolean} */ isAllowed) => {
        this.questions = this.questions.filter(({ id }) => id !== signal);
        resolve(isAllowed);
        this.#changed();
      };
      this.questions = [...this.questions, { id: signal, name, args, decide }];
      signal.addEventListener("abort", () => decide(false));
      this.#changed();
    });
  }
}
