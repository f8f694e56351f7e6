/** @typedef {import("./language.js").Texts} Texts */

import { pictured, wordy } from "./button.js";
import { copy } from "./clipboard.js";
import { h } from "./dom.js";
import { wordsOf } from "./failure.js";
import { ALERT, COPY, MICROPHONE, icon } from "./icons.js";

export { default as styles } from "./trouble.css.js";

/** What failed, and what to do next. */
export class Corner {
  #around;

  /** @param {import("./panel.js").Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {Texts} t */
  view(t) {
    const { conversation: { problem, reference }, retry, write } = this.#around;
    const [what, hint] = wordsOf(problem, t);
    const isOfMicrophone = problem?.kind === "media";
    return h("div", { class: "view trouble", key: "trouble", part: "error", role: "alert" },
      h("span", { class: "badge", "aria-hidden": "true" }, icon(isOfMicrophone ? MICROPHONE : ALERT)),
      h("h3", null, what),
      h("p", null, hint),
      h("div", { class: "row" },
        wordy("retry", "primary", t.retry, retry),
        isOfMicrophone && wordy("write", "secondary", t.inWriting, write)),
      problem?.kind === "misuse" && h("p", { class: "fine" }, problem.message),
      reference && h("p", { class: "reference" },
        h("span", null, `${t.reference}: `), h("code", { "data-name": "reference" }, reference),
        pictured(`${t.copy}: ${t.reference}`, COPY, () => copy(reference))));
  }
}
