/** @typedef {import("./language.js").Texts} Texts */

import { h } from "./dom.js";
import { BOLT, icon } from "./icons.js";

export { default as styles } from "./asks.css.js";

/** Tools that wait for the person's word. */
export class Corner {
  #around;

  /** @param {import("./panel.js").Around} around */
  constructor(around) {
    this.#around = around;
  }

  stop() {}

  /** @param {Texts} t */
  view(t) {
    return h("div", { class: "asks", key: "asks" }, this.#around.conversation.questions.map(({ name, args, decide }, key) => {
      const words = (t.toolAsks ?? "").replace("{name}", name);
      return h("div", { key, class: "card", role: "alertdialog", "aria-label": words, part: "approval" },
        h("p", null, icon(BOLT), words),
        h("pre", { tabindex: "0" }, JSON.stringify(args, undefined, 2) ?? ""),
        h("div", { class: "row" },
          h("button", { type: "button", class: "primary", "data-name": "allow", onclick: () => decide(true) }, t.allow),
          h("button", { type: "button", class: "secondary", "data-name": "refuse", onclick: () => decide(false) }, t.refuse)));
    }));
  }
}
