/** @typedef {import("../index.js").Call} Call */

import { Ears } from "../media/ears.js";
import { SILENCE } from "../media/level.js";

/** Twenty times a second. */
const TICK_MS = 50;

/** A browser that allows no sound yet is asked again so often: each time it writes a warning into the page's console. */
const WAKE_MS = 1_000;

/** Hears both sides of the conversation. */
export class Levels {
  /** @type {import("../agent.js").AgentLevels} */
  last = Object.freeze({ local: 0, remote: 0 });
  #heard;
  #listeners;
  #ears = new Ears(() => {});
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {(local: number, remote: number) => void} heard in dBFS
   * @param {import("../listeners.js").Listeners} listeners
   */
  constructor(heard, listeners) {
    this.#heard = heard;
    this.#listeners = listeners;
  }

  /** @param {Call} call until it ends */
  follow(call) {
    this.stop();
    const [local, remote] = [() => call.localStream, () => call.remoteStream].map((stream) => {
      return this.#ears.listen(() => (call.state === "active" ? stream()?.getAudioTracks()[0] : undefined));
    });
    let woken = 0;
    this.#timer = setInterval(() => {
      if (call.state !== "active") return this.#show(0, 0);
      const [said, spoken] = [local?.read(TICK_MS), remote?.read(TICK_MS)];
      if (performance.now() >= woken + WAKE_MS) {
        woken = performance.now();
        this.#ears.wake();
      }
      // A page that may use no sound hears nothing: that says nothing of who speaks.
      if (spoken) this.#heard(Math.round(said?.rmsDb ?? SILENCE.rmsDb), Math.round(spoken.rmsDb));
      this.#show(said?.rms ?? 0, spoken?.rms ?? 0);
    }, TICK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#ears.close();
    this.#show(0, 0);
  }

  /**
   * @param {number} local
   * @param {number} remote
   */
  #show(local, remote) {
    if (local === 0 && remote === 0 && this.last.local === 0 && this.last.remote === 0) return;
    this.last = Object.freeze({ local, remote });
    this.#listeners.tell("levels", this.last);
  }
}
