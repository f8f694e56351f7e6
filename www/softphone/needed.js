import { announceUrgently } from "./announce.js";
import { fill } from "./devices.js";
import { part } from "./dom.js";
import { microphoneWords, partyOf } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/audio.js").AudioSession} AudioSession
 * @typedef {import("../../js/index.js").ClientEvents["microphoneNeeded"]} Need
 *
 * @typedef {object} Page
 * @property {(kind: "audio", text: string) => void} write
 * @property {(error: unknown) => void} onError
 */

/** The question what to do when a call cannot have the microphone. */
export class Needed {
  #dialog = part(document, "microphone-needed", HTMLDialogElement);
  #picker = part(document, "needed-microphone", HTMLSelectElement);
  #page;
  /** @type {AudioSession | undefined} */
  #session;
  /** By the call's id, oldest first. @type {Map<string, Need>} */
  #needs = new Map();
  /** Calls that have asked. @type {WeakSet<import("../../js/index.js").Call>} */
  #followed = new WeakSet();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    part(this.#dialog, "needed-retry", HTMLButtonElement).addEventListener("click", () => this.#retry());
    part(this.#dialog, "needed-hangup", HTMLButtonElement).addEventListener("click", () => this.#giveUp());
    this.#picker.addEventListener("change", () => this.#choose());
    this.#dialog.addEventListener("keydown", (event) => {
      // No key goes through to the phone that lies behind.
      event.stopPropagation();
      if (event.key !== "Escape") return;
      event.preventDefault();
      // There it closes the list.
      if (event.target !== this.#picker) this.#giveUp();
    });
    // A browser's own way to leave a dialog, such as a telephone's back gesture.
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#giveUp();
    });
  }

  /**
   * @param {Client} client
   * @param {AudioSession} session
   */
  attach(client, session) {
    this.#session = session;
    session.on("changed", () => this.#fillPicker());
    client.on("microphoneNeeded", (need) => {
      const { call, error } = need;
      this.#page.write("audio", `${partyOf(call).name}: no microphone (${error.message})`);
      if (!this.#followed.has(call)) call.on("ended", () => this.#settle(call.id));
      this.#followed.add(call);
      this.#needs.set(call.id, need);
      this.#show();
    });
  }

  detach() {
    this.#session = undefined;
    this.#needs.clear();
    this.#show();
  }

  #show() {
    const [need] = this.#needs.values();
    clearInterval(this.#ticking);
    if (need === undefined) return this.#dialog.close();
    const { what, advice } = microphoneWords(need.error);
    part(this.#dialog, "needed-what", HTMLElement).textContent = what;
    part(this.#dialog, "needed-advice", HTMLElement).textContent = advice;
    part(this.#dialog, "needed-who", HTMLElement).textContent = partyOf(need.call).name;
    this.#ticking = setInterval(() => this.#showTime(need), 1000);
    this.#showTime(need);
    this.#fillPicker();
    if (this.#dialog.open) announceUrgently(`${what}. ${advice}`);
    else this.#dialog.showModal();
  }

  /** @param {Need} need */
  #showTime({ deadline }) {
    const seconds = Math.max(0, Math.ceil((deadline.getTime() - Date.now()) / 1000));
    part(this.#dialog, "needed-time", HTMLElement).textContent = `${seconds} s`;
  }

  #fillPicker() {
    if (this.#session === undefined || this.#needs.size === 0) return;
    const { microphones, microphoneId } = this.#session.devices;
    fill(this.#picker, microphones, microphoneId, "Microphone");
  }

  async #choose() {
    const { value } = this.#picker;
    try {
      await this.#session?.setMicrophone(value === "" ? undefined : value);
    } catch (error) {
      this.#picker.value = this.#session?.devices.microphoneId ?? "";
      this.#page.onError(error);
    }
  }

  /** For every call that waits: they share the microphone. Where it fails again, the client asks again. */
  #retry() {
    const needs = [...this.#needs.values()];
    this.#needs.clear();
    this.#show();
    for (const { resume } of needs) resume();
  }

  #giveUp() {
    const [need] = this.#needs.values();
    if (need === undefined) return;
    this.#settle(need.call.id);
    need.giveUp();
  }

  /** @param {string} id */
  #settle(id) {
    if (this.#needs.delete(id)) this.#show();
  }
}
