/** @typedef {import("./panel.js").Shell} Shell */

import { read } from "./config.js";
import { keep, kept } from "./storage.js";

/** Nothing is sent, opened or kept before the person has agreed to this version of the page's terms. */
export class Consent {
  isAsking = false;
  #shell;
  #language;
  #changed;
  #hasAgreed = false;
  #version = "";
  /** @type {((hasAgreed: boolean) => void)[]} */
  #waiting = [];

  /**
   * @param {Shell} shell
   * @param {() => string} language
   * @param {() => void} changed
   */
  constructor(shell, language, changed) {
    this.#shell = shell;
    this.#language = language;
    this.#changed = changed;
  }

  /** Whether there are terms that the person has not agreed to. */
  get isDue() {
    const { element } = this.#shell;
    if (read(element, "terms") === undefined && read(element, "terms-url") === undefined) return false;
    const version = read(element, "terms-version") ?? "1";
    if (this.#hasAgreed && this.#version === version) return false;
    return kept(this.#key) !== version;
  }

  /** Asks where it has to; whether the person agrees. @returns {Promise<boolean>} */
  async given() {
    if (!this.isDue) return true;
    this.isAsking = true;
    this.#changed();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param {boolean} hasAgreed */
  decide(hasAgreed) {
    this.isAsking = false;
    if (hasAgreed) {
      this.#hasAgreed = true;
      this.#version = read(this.#shell.element, "terms-version") ?? "1";
      keep(this.#key, this.#version);
      this.#shell.emit("consent", { version: this.#version, language: this.#language(), at: new Date() });
    }
    this.#waiting.splice(0).forEach((resolve) => resolve(hasAgreed));
    this.#changed();
  }

  get #key() {
    return `${this.#shell.key}:terms`;
  }
}
