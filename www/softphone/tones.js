import { createTones, TONE_REGIONS } from "../js/tones.js";
import { fill } from "./devices.js";
import { make, part } from "./dom.js";
import { store } from "./store.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/audio.js").AudioDevices} AudioDevices
 * @typedef {import("../../js/audio.js").AudioSession} AudioSession
 * @typedef {import("../../js/tones.js").Tones} Tones
 * @typedef {import("../../js/tones.js").ToneRegion} ToneRegion
 *
 * @typedef {{ region?: ToneRegion, volume?: { ring?: number } }} Choices
 *
 * @typedef {object} Page
 * @property {(kind: "audio", text: string) => void} write
 * @property {(error: unknown) => void} onError
 */

/** @type {Record<ToneRegion, string>} */
const NAMES = {
  us: "North America", uk: "United Kingdom", eu: "Europe", de: "Germany", fr: "France", it: "Italy", es: "Spain",
  nl: "Netherlands", au: "Australia", jp: "Japan", in: "India", br: "Brazil", cn: "China",
};

/** What rings and what is heard at the ear before anybody speaks, with the choices that a person has of it. */
export class TonesPanel {
  #device = make("select", { id: "ring-device", testid: "ring-device", autocomplete: "off" });
  #volume = make("input", { id: "ring-volume", testid: "ring-volume", type: "range", min: "0", max: "1", step: "0.05" });
  #region = make("select", { id: "tone-region", testid: "tone-region", autocomplete: "off" });
  #listen = make("button", { type: "button", className: "secondary small", testid: "ring-test" }, "Listen");
  #hint = make("p", { className: "hint", testid: "ring-hint" });
  #page;
  #choices = remembered();
  /** Where it rings. @type {string | undefined} */
  #ringId;
  /** @type {{ client: Client, session: AudioSession, tones: Tones } | undefined} */
  #current;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    const own = make("option", { value: "" }, "As in your language");
    this.#region.append(own, ...TONE_REGIONS.map((region) => make("option", { value: region }, NAMES[region])));
    const row = make("div", { className: "test-row" }, this.#volume, this.#listen);
    part(document, "test-speaker", HTMLElement).closest(".panel")?.append(
      field(this.#device, "Ring through"), field(this.#volume, "Ring volume", row), field(this.#region, "Tones"),
      this.#hint,
    );
    this.#device.addEventListener("change", () => this.#chooseDevice());
    this.#volume.addEventListener("input", () => this.#chooseVolume());
    this.#region.addEventListener("change", () => this.#chooseRegion());
    this.#listen.addEventListener("click", () => this.#current?.tones.preview("ringtone"));
    this.#volume.value = String(this.#choices.volume?.ring ?? 1);
    this.#region.value = this.#choices.region ?? "";
  }

  /**
   * @param {Client} client
   * @param {AudioSession} session which knows where it rings
   */
  attach(client, session) {
    this.#begin(client, session);
    this.show(session.devices);
  }

  detach() {
    this.#current?.tones[Symbol.dispose]();
    this.#current = undefined;
    this.#tell("");
  }

  /** A key of the dial pad. @param {string} digit */
  press(digit) {
    this.#current?.tones.key(digit);
  }

  /** @param {AudioDevices} devices */
  show({ speakers, ringId }) {
    fill(this.#device, speakers, ringId, "Speaker");
    this.#device.disabled = speakers.length === 0;
    if (this.#current !== undefined && this.#ringId !== ringId) this.#ringThrough(this.#current.tones, ringId);
  }

  /**
   * @param {Client} client
   * @param {AudioSession} session
   */
  #begin(client, session) {
    const { ringId } = session.devices;
    const devices = ringId === undefined ? {} : { ring: ringId };
    const tones = createTones(client, { ...this.#choices, devices });
    this.#ringId = ringId;
    this.#current = { client, session, tones };
    tones.on("error", ({ error }) => this.#page.onError(error));
    tones.on("blocked", () => this.#tell("The browser lets no ringing be heard before you click or press a key."));
    tones.on("unblocked", () => this.#tell(""));
  }

  /**
   * @param {Tones} tones
   * @param {string | undefined} ringId
   */
  async #ringThrough(tones, ringId) {
    this.#ringId = ringId;
    try {
      await tones.setOutput("ring", ringId);
    } catch (error) {
      this.#page.onError(error);
    }
  }

  async #chooseDevice() {
    const { value } = this.#device;
    try {
      await this.#current?.session.setRing(value === "" ? undefined : value);
      this.#page.write("audio", `It rings through: ${this.#device.selectedOptions[0]?.textContent ?? ""}`);
    } catch (error) {
      this.#page.onError(error);
    }
  }

  #chooseVolume() {
    const ring = this.#volume.valueAsNumber;
    this.#current?.tones.setVolume("ring", ring);
    this.#remember({ volume: { ring } });
  }

  #chooseRegion() {
    const region = TONE_REGIONS.find((one) => one === this.#region.value);
    const { region: _, ...others } = this.#choices;
    this.#choices = others;
    this.#remember(region ? { region } : {});
    const { client, session } = this.#current ?? {};
    if (client === undefined || session === undefined) return;
    // Only those that are made find out which region the language is of.
    this.detach();
    this.#begin(client, session);
  }

  /** @param {Choices} choices */
  #remember(choices) {
    this.#choices = { ...this.#choices, ...choices };
    store.set("tones", JSON.stringify(this.#choices));
  }

  /** @param {string} words */
  #tell(words) {
    this.#hint.textContent = words;
    if (words !== "") this.#page.write("audio", words);
  }
}

/**
 * @param {HTMLElement} control
 * @param {string} words
 * @param {HTMLElement} [row] what the control stands in
 */
function field(control, words, row = control) {
  return make("div", { className: "field" }, make("label", { htmlFor: control.id }, words), row);
}

/**
 * What was chosen the last time; nothing of it is trusted.
 *
 * @returns {Choices}
 */
function remembered() {
  try {
    const { region, volume } = JSON.parse(store.get("tones") ?? "{}");
    const ring = volume?.ring;
    return {
      ...(TONE_REGIONS.includes(region) && { region }),
      ...(typeof ring === "number" && ring >= 0 && ring <= 1 && { volume: { ring } }),
    };
  } catch {
    return {};
  }
}
