/** @typedef {import("./language.js").Texts} Texts */

import { pictured, wordy } from "./button.js";
import { copy } from "./clipboard.js";
import { h } from "./dom.js";
import { wordsOf } from "./failure.js";
import { ALERT, CLOSE, COPY, MICROPHONE, icon } from "./icons.js";

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
    const { conversation: { problem, reference }, retry, shell, write } = this.#around;
    const [what, hint] = wordsOf(problem, t);
    const isOfMicrophone = problem?.kind === "media";
    const mayWrite = isOfMicrophone && shell.read("mode") !== "voice";
    return h("div", { class: "view trouble", key: "trouble", part: "error", role: "alert" },
      h("span", { class: "badge", "aria-hidden": "true" }, icon(isOfMicrophone ? MICROPHONE : ALERT)),
      h("h3", null, what),
      h("p", null, hint),
      h("div", { class: "row" },
        wordy("retry", "primary", t.retry, retry),
        mayWrite && wordy("write", "secondary", t.inWriting, write)),
      problem?.kind === "misuse" && h("p", { class: "fine" }, problem.message),
      reference && h("p", { class: "reference" },
        h("span", null, `${t.reference}: `), h("code", { "data-name": "reference" }, reference),
        pictured(`${t.copy}: ${t.reference}`, COPY, () => copy(reference))));
  }

  /**
   * What failed and ends nothing, or is to be known.
   *
   * @param {Texts} t
   * @param {boolean | undefined} isSpeakingMuted
   */
  notice(t, isSpeakingMuted) {
    const { conversation, changed } = this.#around;
    const { notice, unheard } = conversation;
    const words = unheard ? t.tapToHear
      : isSpeakingMuted ? t.speakingMuted
      : notice && (notice.what === "message" ? ofMessage(notice.error, t) : wordsOf(notice.error, t)[0]);
    return h("div", { class: "notice", part: "notice" },
      h("span", null, words),
      unheard && wordy("hear", "secondary small", "OK", unheard),
      notice && pictured(t.dismiss, CLOSE, () => {
        conversation.notice = undefined;
        changed();
      }));
  }
}

/**
 * @param {any} error
 * @param {Texts} t
 */
function ofMessage({ option }, t) {
  return option?.startsWith("images[") ? t.badImage : t.notSent;
}
