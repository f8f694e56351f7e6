/** @typedef {import("./panel.js").Shell} Shell */

import { announceTo } from "../late.js";
import { FILES } from "./files.js";
import { loadJudge } from "./unjudged.js";
import { loadWords, wordsFor } from "./unworded.js";

/** What knows what the files are that are loaded later. */
const HASHES = "widget/hashes.js";

/** The page around a widget: what it gives is judged, what it is told has its words, what comes from its server is ours. */
export class Page {
  #shell;
  #changed;

  /**
   * @param {Shell} shell
   * @param {() => void} changed
   */
  constructor(shell, changed) {
    this.#shell = shell;
    this.#changed = changed;
    announceTo((path) => this.#vouch(path));
  }

  /** Resolves once what it says of the server, of the call and of tools can be used. */
  async ready() {
    const { given: { credentials, connectOptions, callOptions }, tools } = this.#shell;
    if (credentials || connectOptions || callOptions || tools.size > 0) await this.#judge();
  }

  /** It is about to use what the conversation stands on. */
  meet() {
    void loadWords();
    void this.#judge();
  }

  /**
   * Does something that it asks for.
   *
   * @template T
   * @param {() => Promise<T>} work
   */
  async hand(work) {
    await this.#judge();
    try {
      return await work();
    } catch (error) {
      await wordsFor(error);
      throw error;
    }
  }

  /**
   * Tells it something: what failed, once that has its words.
   *
   * @param {string} name
   * @param {any} detail
   */
  emit(name, detail) {
    const words = wordsFor(detail.error);
    if (!words) return void this.#shell.emit(name, detail);
    void words.then(() => {
      this.#shell.emit(name, detail);
      this.#changed();
    });
  }

  async #judge() {
    try {
      await loadJudge();
    } catch (error) {
      // The engine has an opinion of its own.
      this.#shell.emit("error", { error });
    }
  }

  /** Who is held to a hash holds what it loads to one. @param {string} path */
  async #vouch(path) {
    const { vouch } = this.#shell;
    if (!vouch) return;
    await vouch(HASHES, FILES[HASHES]);
    const hashes = await import("./hashes.js");
    await vouch(path, hashes.FILES[path]);
  }
}
