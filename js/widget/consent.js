/** @typedef {import("./panel.js").Shell} Shell */

import { keep, kept } from "./storage.js";

/** Nothing is sent, opened or kept before the person has agreed to this version of the page's terms. */
export class Consent {
  isAsking = false;
  #shell;
  #language;
  #changed;
  /** To what the person has agreed on this page. @type {Set<string>} */
  #agreed = new Set();
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
    const { read } = this.#shell;
    if (read("terms") === undefined && read("terms-url") === undefined) return false;
    return !this.#agreed.has(this.#key + this.#version) && kept(this.#key) !== this.#version;
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
      this.#agreed.add(this.#key + this.#version);
      keep(this.#key, this.#version);
      this.#shell.emit("consent", { version: this.#version, language: this.#language(), at: new Date() });
    }
    this.#waiting.splice(0).forEach((resolve) => resolve(hasAgreed));
    this.#changed();
  }

  get #version() {
    return this.#shell.read("terms-version") ?? "1";
  }

  get #key() {
    return `${this.#shell.key}:terms`;
  }
}
