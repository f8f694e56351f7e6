import { make, part } from "./dom.js";
import { listen, stop } from "./meter.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/index.js").Device} Device
 */

/** A test that was forgotten must not keep the microphone open. */
const LONGEST_TEST_MS = 30_000;

/**
 * @typedef {object} Page
 * @property {(kind: "audio", text: string) => void} write
 * @property {(error: unknown) => void} onError
 * @property {() => void} onSwitch another microphone speaks
 *
 * @typedef {object} Test
 * @property {MediaStream | undefined} stream none while the browser asks
 * @property {ReturnType<typeof setTimeout>} timer
 */

/** The pickers and the microphone test. */
export class DevicePickers {
  #microphone = part(document, "microphone", HTMLSelectElement);
  #speaker = part(document, "speaker", HTMLSelectElement);
  #level = part(document, "microphone-level", HTMLElement);
  #test = part(document, "test-microphone", HTMLButtonElement);
  #page;
  /** @type {Client | undefined} */
  #client;
  /** @type {MediaStream | undefined} */
  #inCall;
  /** @type {Test | undefined} */
  #running;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#microphone.addEventListener("change", () => this.#chooseMicrophone());
    this.#speaker.addEventListener("change", () => this.#chooseSpeaker());
    this.#test.addEventListener("click", () => (this.#running === undefined ? this.#startTest() : this.#endTest()));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#changed());
    this.#showHint();
  }

  /** @param {Client} client */
  attach(client) {
    this.#client = client;
    this.#refresh();
  }

  /** Shows what was chosen elsewhere in the page. */
  refresh() {
    this.#refresh();
  }

  detach() {
    this.#client = undefined;
    this.showCall(undefined);
    this.#endTest();
  }

  /**
   * Shows the level of the call that is up.
   *
   * @param {MediaStream | undefined} stream
   */
  showCall(stream) {
    const began = this.#inCall === undefined && stream !== undefined;
    this.#inCall = stream;
    if (stream !== undefined) this.#endTest();
    if (stream !== undefined || this.#running === undefined) listen(this.#level, stream);
    this.#showHint();
    // The browser tells the devices' names from here on.
    if (began) this.#refresh();
  }

  #changed() {
    if (this.#client === undefined) return;
    this.#page.write("audio", "The audio devices changed");
    this.#refresh();
  }

  async #refresh() {
    const devices = this.#client?.devices;
    if (devices === undefined) return;
    try {
      const [microphones, speakers] = await Promise.all([devices.microphones(), devices.speakers()]);
      fill(this.#microphone, microphones, devices.microphoneId, "Microphone");
      fill(this.#speaker, speakers, devices.speakerId, "Speaker");
      this.#speaker.disabled = speakers.length === 0;
      part(document, "speaker-hint", HTMLElement).textContent =
        speakers.length === 0 ? "This browser plays through the system's speaker." : "";
    } catch (error) {
      this.#page.onError(error);
    }
  }

  async #chooseMicrophone() {
    const { value } = this.#microphone;
    try {
      await this.#client?.devices.setMicrophone(value === "" ? undefined : value);
      this.#page.write("audio", `Microphone: ${nameOf(this.#microphone)}`);
      if (this.#running !== undefined) {
        this.#endTest();
        await this.#startTest();
      }
      this.#page.onSwitch();
    } catch (error) {
      this.#microphone.value = this.#client?.devices.microphoneId ?? "";
      this.#page.onError(error);
    }
  }

  async #chooseSpeaker() {
    const { value } = this.#speaker;
    try {
      await this.#client?.devices.setSpeaker(value === "" ? undefined : value);
      this.#page.write("audio", `Speaker: ${nameOf(this.#speaker)}`);
    } catch (error) {
      this.#speaker.value = this.#client?.devices.speakerId ?? "";
      this.#page.onError(error);
    }
  }

  async #startTest() {
    /** @type {Test} */
    const mine = { stream: undefined, timer: setTimeout(() => this.#endTest(), LONGEST_TEST_MS) };
    this.#running = mine;
    this.#showHint();
    try {
      const { value } = this.#microphone;
      const audio = value === "" ? true : { deviceId: { exact: value } };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      // Somebody ended the test while the browser asked.
      if (this.#running !== mine) return close(stream);
      mine.stream = stream;
      listen(this.#level, stream);
      this.#page.write("audio", "Microphone test began");
      await this.#refresh();
    } catch (error) {
      if (this.#running === mine) this.#endTest();
      this.#page.onError(error);
    }
  }

  #endTest() {
    if (this.#running === undefined) return;
    const { stream, timer } = this.#running;
    this.#running = undefined;
    clearTimeout(timer);
    if (stream !== undefined) {
      close(stream);
      this.#page.write("audio", "Microphone test ended");
    }
    if (this.#inCall === undefined) stop(this.#level);
    this.#showHint();
  }

  #showHint() {
    const hint = part(document, "microphone-hint", HTMLElement);
    const running = this.#running !== undefined;
    this.#test.disabled = this.#inCall !== undefined;
    this.#test.textContent = running ? "Stop" : "Test";
    this.#test.setAttribute("aria-pressed", String(running));
    if (this.#inCall !== undefined) hint.textContent = "The level of the call.";
    else if (running) hint.textContent = "Say something. Nothing leaves this page.";
    else hint.textContent = "Opened for a call or a test, and closed after it.";
  }
}

/** @param {MediaStream} stream */
function close(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * @param {HTMLSelectElement} menu
 * @param {readonly Device[]} devices
 * @param {string | undefined} chosen
 * @param {string} noun for a device whose name the browser hides
 */
export function fill(menu, devices, chosen, noun) {
  // Chromium lists the system's choice once more, under this id.
  const real = devices.filter(({ deviceId }) => deviceId !== "" && deviceId !== "default");
  menu.replaceChildren(make("option", { value: "" }, "System default"), ...real.map(({ deviceId, label }, index) =>
    make("option", { value: deviceId }, label === "" ? `${noun} ${index + 1}` : label)));
  menu.value = chosen ?? "";
  if (menu.selectedIndex < 0) menu.value = "";
}

/** @param {HTMLSelectElement} menu */
function nameOf(menu) {
  return menu.selectedOptions[0]?.textContent ?? "";
}
