/** @typedef {import("../agent.js").TranscriptItem} TranscriptItem */

import { isImage } from "./settings.js";

/**
 * What the core tells of an item.
 *
 * @typedef {object} Told
 * @property {string} id
 * @property {number} index its place
 * @property {"user" | "assistant"} role
 * @property {"partial" | "final" | "interrupted"} status
 * @property {string} text
 * @property {string[]} images
 * @property {number} [unheardFrom]
 * @property {number} at in milliseconds since 1970
 */

/** What was said, as the core puts it in order. */
export class Transcript {
  /** Another one with each change. @type {readonly TranscriptItem[]} */
  items = Object.freeze([]);

  /** @param {Told} told */
  put({ id, index, role, status, text, images, unheardFrom, at }) {
    const item = Object.freeze({
      // What was kept, or comes from the server, may say anything: an address that runs code must never get into a page.
      id, role, text, status, images: Object.freeze(images.filter(isImage)), at: new Date(at),
      ...(unheardFrom !== undefined && { unheardFrom }),
    });
    const others = this.items.filter((other) => other.id !== id);
    this.items = Object.freeze(others.toSpliced(index, 0, item));
    return item;
  }

  /** @param {string} id */
  remove(id) {
    const item = this.find(id);
    this.items = Object.freeze(this.items.filter((other) => other !== item));
    return item;
  }

  clear() {
    this.items = Object.freeze([]);
  }

  /** @param {string | undefined} id */
  find(id) {
    return this.items.find((item) => item.id === id);
  }

  /** One line for each item, for people. */
  toText() {
    return this.items.map(({ at, role, text, images, status, unheardFrom }) => {
      const pictures = images.length > 0 ? ` [${images.length} ${images.length === 1 ? "image" : "images"}]` : "";
      const end = status === "interrupted" ? " [interrupted]" : "";
      const who = role === "user" ? "Caller" : "Agent";
      return `[${at.toISOString()}] ${who}: ${text.slice(0, unheardFrom)}${pictures}${end}\n`;
    }).join("");
  }

  /** For another page, and for programs. */
  toJson() {
    return JSON.stringify(this.items.map((item) => ({ ...item, at: item.at.getTime() })));
  }
}
