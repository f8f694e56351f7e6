/** @typedef {import("./language.js").Texts} Texts */

import { wordy } from "./button.js";
import { h } from "./dom.js";
import { CHECK, RETRY, STAR, icon } from "./icons.js";
import { links, papers } from "./paper.js";

export { default as styles } from "./ended.css.js";

/** How it ended, and what the person thinks of it. That goes to the page, and nowhere else. */
export class Corner {
  #around;
  #rating = 0;
  #text = "";
  #isGiven = false;
  /** Which conversation it is about. */
  #of = 0;

  /** @param {import("./panel.js").Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {Texts} t */
  view(t) {
    const { conversation, again } = this.#around;
    if (this.#of !== conversation.endedAt) {
      this.#of = conversation.endedAt;
      this.#rating = 0;
      this.#text = "";
      this.#isGiven = false;
    }
    const by = conversation.reason?.by ?? "remote";
    return h("div", { class: "view over", key: "over", part: "ended" },
      h("p", { class: "why" },
        t[`by${by[0]?.toUpperCase()}${by.slice(1)}`], " ", h("span", { class: "hint" }, clock(conversation))),
      this.#isGiven ? h("p", { class: "thanks", role: "status" }, icon(CHECK), t.thanks) : this.#form(t),
      h("div", { class: "row" },
        wordy("again", "primary", t.again, again, RETRY)),
      conversation.items.length > 0 && papers(conversation, t, this.#around.language()),
      links(conversation, t));
  }

  /** @param {Texts} t */
  #form(t) {
    return h("form", {
      class: "feedback", part: "feedback", key: "feedback", onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        this.#give();
      },
    },
    h("fieldset", null,
      h("legend", null, t.rate),
      h("div", { class: "stars" }, [1, 2, 3, 4, 5].map((stars) => this.#star(stars, t)))),
    this.#rating > 0 && [
      h("textarea", {
        key: "text", rows: "2", "aria-label": t.comment, placeholder: t.comment, value: this.#text,
        dir: this.#text ? "auto" : undefined,
        oninput: (/** @type {Event} */ event) => {
          this.#text = /** @type {HTMLTextAreaElement} */ (event.currentTarget).value;
        },
      }),
      h("button", { key: "give", type: "submit", class: "secondary", "data-name": "feedback" }, t.sendFeedback),
    ]);
  }

  /**
   * @param {number} stars
   * @param {Texts} t
   */
  #star(stars, t) {
    return h("label", { key: stars, class: stars <= this.#rating ? "star full" : "star" },
      h("input", {
        type: "radio", class: "unseen", name: "rating", value: `${stars}`, checked: stars === this.#rating,
        "aria-label": (t.stars ?? "").replace("{n}", `${stars}`),
        onchange: () => {
          this.#rating = stars;
          this.#around.changed();
        },
      }), icon(STAR));
  }

  #give() {
    const { shell, conversation, changed } = this.#around;
    this.#isGiven = true;
    shell.emit("feedback", { rating: this.#rating, text: this.#text.trim(), callId: conversation.call?.id });
    changed();
  }
}

/** How long it took, as a clock shows it. @param {{ startedAt: number, endedAt: number }} conversation */
function clock({ startedAt, endedAt }) {
  const seconds = Math.max(0, Math.round((endedAt - startedAt) / 1000));
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
}
