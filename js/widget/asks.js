/** @typedef {import("./language.js").Texts} Texts */

import { wordy } from "./button.js";
import { h } from "./dom.js";
import { BOLT, icon } from "./icons.js";

export { default as styles } from "./asks.css.js";

/** Tools: those that ran, and those that wait for the person's word. */
export class Corner {
  #around;

  /** @param {import("./panel.js").Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {Texts} t */
  view(t) {
    const { questions } = this.#around.conversation;
    return h("div", { class: "asks", key: "asks" }, questions.map(({ name, args, decide }, key) => {
      const words = (t.toolAsks ?? "").replace("{name}", name);
      return h("div", { key, class: "card", role: "alertdialog", "aria-label": words, part: "approval" },
        h("p", null, icon(BOLT), words),
        h("pre", { tabindex: "0" }, JSON.stringify(args, undefined, 2) ?? ""),
        h("div", { class: "row" },
          wordy("allow", "primary", t.allow, () => decide(true)),
          wordy("refuse", "secondary", t.refuse, () => decide(false))));
    }));
  }

  /**
   * @param {import("../agent.js").ToolRun} run
   * @param {Texts} t
   */
  run({ id, name, status }, t) {
    const words = t[`tool${status === "running" ? "Run" : status[0]?.toUpperCase() + status.slice(1)}`];
    return h("div", { key: `tool ${id}`, class: "tool", part: "tool", "data-status": status },
      icon(BOLT), h("code", null, name), h("span", null, words));
  }
}
