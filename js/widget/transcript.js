/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("../agent.js").TranscriptItem} TranscriptItem */
/** @typedef {import("./language.js").Texts} Texts */

import { pictured, wordy } from "./button.js";
import { clockTime } from "./clock.js";
import { copy } from "./clipboard.js";
import { h } from "./dom.js";
import { CHECK, COPY, DOWN } from "./icons.js";

/** So close to its end it is read there. */
const NEAR = 48;

/** How long it says that something was copied. */
const SAID_MS = 2_000;

/** What looks like a mark of Markdown: without one a text is plain. */
const MARKS = /[\n`*_[#]|:\/\/|^\s*[-•\d]/;

/** What was said, done and written. */
export class TranscriptView {
  /** @type {HTMLElement | undefined} */
  #log;
  #isAtEnd = true;
  /** How far it was scrolled when it was last looked at: only a hand scrolls back. */
  #top = 0;
  #copied = "";
  /** What was shown of each item, in these words: of a long conversation, little changes. */
  #shown = new WeakMap();
  #words = "";
  #parts;
  #changed;
  #language;

  /**
   * @param {import("./parts.js").Parts} parts
   * @param {() => void} changed
   * @param {() => string} language
   */
  constructor(parts, changed, language) {
    this.#parts = parts;
    this.#changed = changed;
    this.#language = language;
  }

  /**
   * @param {Conversation} conversation
   * @param {Texts} t
   */
  view({ items, runs, phase, mode }, t) {
    const done = [...runs.values()];
    const at = (/** @type {number} */ place) => {
      return done.filter(({ after }) => after === place).map(({ run }) => this.#parts.get("asks")?.run(run, t));
    };
    const words = [
      this.#copied, this.#language(), this.#parts.peek("rich") !== undefined,
      t.you, t.assistant, t.image, t.unheard, t.copied, t.copy,
    ].join();
    if (words !== this.#words) this.#shown = new WeakMap();
    this.#words = words;
    const isThinking = phase === "thinking" && (mode === "text" || items.length > 0);
    return h("div", { class: "talk", key: "talk" },
      h("div", {
        class: "log", part: "transcript", role: "log", tabindex: "0", "aria-label": t.transcript,
        ref: (/** @type {HTMLElement} */ log) => {
          this.#log = log;
          this.#isAtEnd = true;
        },
        onscroll: () => this.#scrolled(),
      }, [
        ...at(0), ...items.flatMap((item, place) => [isEmpty(item) ? false : this.#known(item, t), ...at(place + 1)]),
        isThinking && h("div", { key: "thinking", class: "item assistant", "aria-hidden": "true" }, dots()),
      ]),
      !this.#isAtEnd && wordy("latest", "latest", t.latest, () => this.#jump(), DOWN));
  }

  /** Stays at the end, for who reads there. */
  follow() {
    if (this.#isAtEnd && this.#log) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /**
   * @param {TranscriptItem} item
   * @param {Texts} t
   */
  #known(item, t) {
    const known = this.#shown.get(item) ?? this.#item(item, t);
    this.#shown.set(item, known);
    return known;
  }

  /**
   * @param {TranscriptItem} item
   * @param {Texts} t
   */
  #item(item, t) {
    const { id, role, text, images, status, unheardFrom = text.length, at } = item;
    const isCopied = this.#copied === id;
    const rich = role !== "user" && MARKS.test(text) ? this.#parts.get("rich") : undefined;
    const cut = rich?.behindMark(text, unheardFrom) ?? unheardFrom;
    const said = text.slice(0, cut);
    const rest = text.slice(cut).trimEnd();
    // Whatever it was sent with, it has its looks.
    if (images.length > 0) this.#parts.get("pictures");
    // Announced as a whole, when it is one.
    return h("div", { key: id, class: `item ${role}`, "data-status": status, "aria-busy": `${status === "partial"}` },
      h("span", { class: "unseen" }, role === "user" ? t.you : t.assistant),
      images.map((src, key) => h("img", {
        key, src, alt: t.image, class: "picture", referrerpolicy: "no-referrer", onload: () => this.follow(),
      })),
      text === "" && status === "partial" && dots(),
      text !== "" && h("div", { class: "bubble", part: `bubble ${role}`, dir: "auto" },
        rich?.markdown(said) ?? h("p", { class: "plain" }, said),
        rest && h("s", { class: "unheard" }, rest),
        rest && h("span", { class: "unseen" }, `(${t.unheard})`)),
      h("div", { class: "meta" },
        h("time", { datetime: at.toISOString() }, clockTime(at, this.#language())),
        text !== "" && pictured(isCopied ? t.copied : t.copy, isCopied ? CHECK : COPY, () => this.#copy(item))));
  }

  /** @param {TranscriptItem} item */
  async #copy({ id, text }) {
    if (!(await copy(text))) return;
    this.#copied = id;
    this.#changed();
    setTimeout(() => {
      if (this.#copied !== id) return;
      this.#copied = "";
      this.#changed();
    }, SAID_MS);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = /** @type {HTMLElement} */ (this.#log);
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR || (this.#isAtEnd && scrollTop >= this.#top);
    this.#top = scrollTop;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.#changed();
  }

  #jump() {
    this.#isAtEnd = true;
    this.#log?.focus();
    this.#changed();
  }
}

/** Something is coming. */
function dots() {
  return h("p", { class: "bubble dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

/** Whether nothing is known of it but that it was. @param {TranscriptItem} item */
function isEmpty({ text, images, status }) {
  return text === "" && images.length === 0 && status !== "partial";
}
