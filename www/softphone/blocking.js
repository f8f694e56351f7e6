import { openDirectory, parseNumber } from "../js/directory.js";
import { announce } from "./announce.js";
import { make, part } from "./dom.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/directory.js").Directory} Directory
 *
 * @typedef {object} Page
 * @property {(kind: "call", text: string) => void} write
 * @property {(error: unknown) => void} onError
 * @property {() => void} onChange somebody is blocked, or not any more
 */

/** Up to here a number is an extension or a short code, which no plus is written before. */
const LONGEST_EXTENSION = 999_999;

/** Whose calls do not come through. */
export class Blocking {
  #panel = part(document, "blocked", HTMLElement);
  #list = part(document, "blocked-list", HTMLElement);
  #page;
  #opening;
  /** @type {Directory | undefined} */
  #directory;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#opening = this.#open();
  }

  /** Is to be attached to a client at once: nobody must have called yet. @returns {Promise<Directory | undefined>} */
  opened() {
    return this.#opening;
  }

  /** @param {string | undefined} number whether it is one that can be blocked */
  canBlock(number) {
    return this.#directory !== undefined && number !== undefined && parseNumber(number) !== undefined;
  }

  /** @param {string | undefined} number */
  isBlocked(number) {
    return this.#directory?.lookup(number)?.action === "reject";
  }

  /** @param {string | number} number */
  async toggle(number) {
    const blocked = this.#directory?.lookup(number)?.action === "reject";
    try {
      await this.#directory?.applyDelta(blocked ? { remove: [number] } : { add: [{ number, action: "reject" }] });
      announce(blocked ? `${number} may call again` : `${number} is blocked`);
      this.#page.write("call", blocked ? `Unblocked ${number}` : `Blocked ${number}: it does not ring here`);
    } catch (error) {
      this.#page.onError(error);
    }
  }

  async #open() {
    try {
      const directory = await openDirectory({ name: "softphone" });
      this.#directory = directory;
      directory.on("blocked", ({ call }) => this.#page.write("call", `Rejected as blocked: ${call.remoteNumber}`));
      directory.on("error", ({ error }) => this.#page.onError(error));
      directory.on("changed", () => this.#show());
      this.#show();
      return directory;
    } catch (error) {
      // Without it everybody comes through.
      this.#page.onError(error);
      return undefined;
    }
  }

  #show() {
    const numbers = [...(this.#directory?.entries() ?? [])].map(({ number }) => number);
    const hadFocus = this.#list.contains(document.activeElement);
    this.#panel.hidden = numbers.length === 0;
    part(this.#panel, "blocked-count", HTMLElement).textContent = String(numbers.length);
    this.#list.replaceChildren(...numbers.map((number) => this.#row(number)));
    if (hadFocus) (this.#list.querySelector("button") ?? document.getElementById("recent-title"))?.focus();
    this.#page.onChange();
  }

  /** @param {number} number */
  #row(number) {
    const words = number > LONGEST_EXTENSION ? `+${number}` : String(number);
    const button = make("button", { type: "button", className: "secondary small", testid: "unblock" }, "Unblock",
      make("span", { className: "unseen" }, ` ${words}`));
    button.addEventListener("click", () => this.toggle(number));
    return make("li", {}, make("span", {}, words), button);
  }
}
