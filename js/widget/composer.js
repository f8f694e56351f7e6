/** @typedef {import("./language.js").Texts} Texts */

import { h } from "./dom.js";
import { IMAGE, SEND, icon } from "./icons.js";

/** How many images go with one message. */
const MOST = 4;

/** Where a message is written. */
export class Composer {
  #text = "";
  /** @type {File[]} */
  #images = [];
  #isSending = false;
  /** @type {HTMLTextAreaElement | undefined} */
  #area;
  #parts;
  #changed;
  #send;

  /**
   * @param {{
   *   parts: import("./parts.js").Parts, changed: () => void, send: (text: string, images: File[]) => Promise<boolean>,
   * }} options
   */
  constructor({ parts, changed, send }) {
    this.#parts = parts;
    this.#changed = changed;
    this.#send = send;
  }

  /**
   * @param {Texts} t
   * @param {boolean} isReady
   */
  view(t, isReady) {
    const isEmpty = this.#text.trim() === "" && this.#images.length === 0;
    return h("form", {
      class: "composer", part: "composer", key: "composer",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void this.#submit();
      },
      ondragover: (/** @type {DragEvent} */ event) => event.preventDefault(),
      ondrop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        this.#add(event.dataTransfer?.files);
      },
    },
    this.#images.length > 0 && this.#parts.get("pictures")?.view(this.#images, (image) => this.#remove(image), t),
    h("div", { class: "field" },
      h("label", { class: "clip", title: t.attach },
        h("input", {
          type: "file", accept: "image/*", multiple: true,
          class: "unseen", "aria-label": t.attach, "data-name": "attach",
          onchange: (/** @type {Event} */ event) => this.#pick(/** @type {HTMLInputElement} */ (event.currentTarget)),
        }), icon(IMAGE)),
      h("textarea", {
        rows: "1", part: "input", "data-name": "message", "aria-label": t.message, placeholder: t.placeholder,
        value: this.#text,
        ref: (/** @type {HTMLTextAreaElement} */ area) => (this.#area = area),
        enterkeyhint: "send", dir: this.#text ? "auto" : undefined,
        oninput: (/** @type {Event} */ event) => this.#write(/** @type {HTMLTextAreaElement} */ (event.currentTarget)),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        onpaste: (/** @type {ClipboardEvent} */ event) => {
          // A table or a page is pasted as its words, though a picture of it comes along.
          const isText = event.clipboardData?.types.includes("text/plain");
          if (!isText && this.#add(event.clipboardData?.files)) event.preventDefault();
        },
      }),
      h("button", {
        type: "submit", class: "send", part: "send", "data-name": "send", "aria-label": t.send, title: t.send,
        disabled: isEmpty || !isReady || this.#isSending,
      }, icon(SEND))));
  }

  /** @param {HTMLTextAreaElement} area */
  #write(area) {
    this.#text = area.value;
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${area.scrollHeight}px`);
    this.#changed();
  }

  /** Enter sends, but not the one that ends the choice of a character. @param {KeyboardEvent} event */
  #key(event) {
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    /** @type {HTMLTextAreaElement} */ (event.currentTarget).form?.requestSubmit();
  }

  /** @param {HTMLInputElement} input */
  #pick(input) {
    this.#add(input.files);
    input.value = "";
  }

  /** @param {FileList | null | undefined} files */
  #add(files) {
    const images = [...(files ?? [])].filter(({ type }) => type.startsWith("image/"));
    if (images.length === 0) return false;
    this.#images = [...this.#images, ...images].slice(0, MOST);
    this.#changed();
    return true;
  }

  /** @param {File} image */
  #remove(image) {
    this.#images = this.#images.filter((other) => other !== image);
    this.#changed();
  }

  async #submit() {
    const text = this.#text.trim();
    const images = this.#images;
    if (this.#isSending || (text === "" && images.length === 0)) return;
    this.#text = "";
    this.#area?.style.removeProperty("height");
    this.#images = [];
    this.#isSending = true;
    this.#changed();
    const isSent = await this.#send(text, images);
    this.#isSending = false;
    // What did not go is there to be sent again, unless there is something else already.
    if (!isSent && this.#text === "") {
      this.#text = text;
      this.#images = images;
    }
    this.#changed();
  }
}
