import { part } from "./dom.js";
import { store } from "./store.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/index.js").ConnectOptions} ConnectOptions
 * @typedef {typeof PROCESSING[number]} Processing
 *
 * @typedef {object} Page
 * @property {(kind: "audio", text: string) => void} write
 * @property {(error: unknown) => void} onError
 */

/** What a browser can do to the microphone's sound; each is a switch of this name. */
const PROCESSING = /** @type {const} */ (["echoCancellation", "noiseSuppression", "autoGainControl"]);

/** Switches that hold for every call, and are remembered. All are on where nobody has chosen. */
export class Settings {
  #page;
  /** @type {Client | undefined} */
  #client;
  #leave = part(document, "confirm-leave", HTMLInputElement);
  #awake = part(document, "screen-awake", HTMLInputElement);

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    const off = remembered();
    for (const name of PROCESSING) {
      const box = switchOf(name);
      box.checked = !off.includes(name);
      box.addEventListener("change", () => this.#process(name, box));
    }
    this.#leave.checked = !off.includes("confirmLeave");
    this.#awake.checked = !off.includes("screenAwake");
    for (const box of [this.#leave, this.#awake]) box.addEventListener("change", () => this.#remember());
  }

  /** What goes along with a sign-in. @returns {Pick<ConnectOptions, "audio" | "confirmLeave">} */
  get options() {
    const audio = Object.fromEntries(PROCESSING.map((name) => [name, switchOf(name).checked]));
    return { audio, confirmLeave: this.#leave.checked };
  }

  /** Whether the screen stays awake in a call. */
  get wakeLock() {
    return this.#awake.checked;
  }

  /** @param {Client} client */
  attach(client) {
    this.#client = client;
  }

  detach() {
    this.#client = undefined;
  }

  /**
   * @param {Processing} name
   * @param {HTMLInputElement} box
   */
  async #process(name, box) {
    const { checked } = box;
    try {
      await this.#client?.devices.setConstraints({ [name]: checked });
      this.#page.write("audio", `${box.labels?.[0]?.textContent?.trim() ?? name}: ${checked ? "on" : "off"}`);
      this.#remember();
    } catch (error) {
      box.checked = !checked;
      this.#page.onError(error);
    }
  }

  #remember() {
    /** @type {string[]} */
    const off = PROCESSING.filter((name) => !switchOf(name).checked);
    if (!this.#leave.checked) off.push("confirmLeave");
    if (!this.#awake.checked) off.push("screenAwake");
    store.set("off", off.join(" "));
  }
}

/** @param {Processing} name */
function switchOf(name) {
  return part(document, name, HTMLInputElement);
}

/** The names of the switches that somebody has put off. */
function remembered() {
  return (store.get("off") ?? "").split(" ");
}
