/** @typedef {import("../control.js").Conference} ConferenceInterface */
/** @typedef {import("../index.js").Call} Call */

import { Mixer } from "./mixer.js";

/**
 * Two calls in which everybody hears everybody. Documented in `control.d.ts`.
 *
 * @implements {ConferenceInterface}
 */
export class Conference {
  calls;
  #mixer;
  #listening = new AbortController();
  #ended;
  /** @type {Promise<void> | undefined} */
  #leaving;

  /**
   * @param {readonly Call[]} calls
   * @param {{ ended: () => void, stopped: () => void }} tell
   */
  constructor(calls, { ended, stopped }) {
    this.calls = Object.freeze([...calls]);
    this.#ended = ended;
    this.#mixer = new Mixer(calls, stopped);
  }

  /** Settles when sound may be mixed. Nobody hears anything else until `join()`. */
  async start() {
    await this.#mixer.start();
  }

  async join() {
    const { signal } = this.#listening;
    for (const call of this.calls) {
      call.on("state", () => this.#mixer.update(), { signal });
      call.on("updated", () => this.#mixer.update(), { signal });
      call.on("ended", () => this.leave(), { signal });
    }
    await this.#mixer.join();
  }

  /** Whoever asks again gets the same promise. */
  leave() {
    this.#leaving ??= this.#end();
    return this.#leaving;
  }

  async #end() {
    this.#listening.abort();
    await this.#mixer.close();
    this.#ended();
  }
}
