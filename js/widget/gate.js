/** @typedef {import("./language.js").Texts} Texts */

import { wordy } from "./button.js";
import { h } from "./dom.js";
import { LOCK, icon } from "./icons.js";
import { web } from "./web.js";

export { default as styles } from "./gate.css.js";

/** The page's terms, to be agreed to. */
export class Corner {
  #around;

  /** @param {import("./panel.js").Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {Texts} t */
  view(t) {
    const { shell: { read }, consent } = this.#around;
    const url = read("terms-url");
    const lines = (read("terms") ?? "").split("\n");
    return h("div", { class: "view", key: "gate", part: "terms" },
      h("span", { class: "badge", "aria-hidden": "true" }, icon(LOCK)),
      h("h3", null, t.consent),
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.terms },
        lines.map((line, key) => h("p", { key }, line)),
        url && h("p", null, h("a", { href: web(url), target: "_blank", rel: "noopener noreferrer" }, t.terms))),
      h("div", { class: "row" },
        wordy("agree", "primary", t.agree, () => consent.decide(true)),
        wordy("decline", "secondary", t.decline, () => consent.decide(false))));
  }
}
