import { make, part } from "./dom.js";
import { showLevel, showSilence } from "./level.js";

/**
 * @typedef {import("../../js/index.js").Device} Device
 * @typedef {import("../../js/audio.js").AudioDevices} AudioDevices
 * @typedef {import("../../js/audio.js").AudioSession} AudioSession
 * @typedef {import("../../js/audio.js").MicrophoneTest} MicrophoneTest
 *
 * @typedef {object} Page
 * @property {(kind: "audio", text: string) => void} write
 * @property {(error: unknown) => void} onError
 */

/** A test that was forgotten must not keep the microphone open. */
const LONGEST_TEST_S = 15;

/** Below this a voice is hard to understand, in dBFS. */
const FAINT_DB = -45;

/** The pickers, and what tries them out. */
export class DevicePickers {
  #microphone = part(document, "microphone", HTMLSelectElement);
  #speaker = part(document, "speaker", HTMLSelectElement);
  #level = part(document, "microphone-level", HTMLElement);
  #test = part(document, "test-microphone", HTMLButtonElement);
  #tone = part(document, "test-speaker", HTMLButtonElement);
  #speakerHint = part(document, "speaker-hint", HTMLElement);
  #page;
  /** @type {AudioSession | undefined} */
  #session;
  /** Ends the test under way. @type {AbortController | undefined} */
  #running;
  /** What the last test has found. */
  #found = "";
  /** What is said of the speaker where no test says more. */
  #usual = "";
  #isInCall = false;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#microphone.addEventListener("change", () => this.#chooseMicrophone());
    this.#speaker.addEventListener("change", () => this.#chooseSpeaker());
    this.#test.addEventListener("click", () => (this.#running === undefined ? this.#startTest() : this.#endTest()));
    this.#tone.addEventListener("click", () => this.#playTone());
    this.#showHint();
  }

  /** @param {AudioSession} session */
  attach(session) {
    this.#session = session;
  }

  detach() {
    this.#endTest();
    this.#session = undefined;
    this.#found = "";
    this.showCalls(0);
  }

  /** @param {AudioDevices} devices */
  show({ microphones, microphoneId, speakers, speakerId }) {
    fill(this.#microphone, microphones, microphoneId, "Microphone");
    fill(this.#speaker, speakers, speakerId, "Speaker");
    this.#speaker.disabled = speakers.length === 0;
    const before = this.#usual;
    this.#usual = speakers.length === 0 ? "The system's speaker is used." : "";
    // What a test says stays, whatever is plugged in.
    if (this.#speakerHint.textContent === before) this.#tellSpeaker(this.#usual);
  }

  /** In a call its card shows the level. @param {number} count */
  showCalls(count) {
    this.#isInCall = count > 0;
    if (this.#isInCall) this.#endTest();
    this.#showHint();
  }

  async #chooseMicrophone() {
    const { value } = this.#microphone;
    try {
      await this.#session?.setMicrophone(value === "" ? undefined : value);
      this.#page.write("audio", `Microphone: ${nameOf(this.#microphone)}`);
      if (this.#running === undefined) return;
      this.#endTest();
      await this.#startTest();
    } catch (error) {
      this.#microphone.value = this.#session?.devices.microphoneId ?? "";
      this.#page.onError(error);
    }
  }

  async #chooseSpeaker() {
    const { value } = this.#speaker;
    try {
      await this.#session?.setSpeaker(value === "" ? undefined : value);
      this.#page.write("audio", `Speaker: ${nameOf(this.#speaker)}`);
    } catch (error) {
      this.#speaker.value = this.#session?.devices.speakerId ?? "";
      this.#page.onError(error);
    }
  }

  async #startTest() {
    const mine = new AbortController();
    this.#running = mine;
    this.#found = "";
    this.#showHint();
    this.#page.write("audio", "Microphone test began");
    try {
      const found = await this.#session?.testMicrophone({
        seconds: LONGEST_TEST_S, signal: mine.signal, onLevel: ({ rmsDb }) => showLevel(this.#level, rmsDb),
      });
      if (found !== undefined) this.#found = wordsOf(found);
      this.#page.write("audio", `Microphone test ended. ${this.#found}`);
    } catch (error) {
      this.#page.onError(error);
    }
    // Another one may have begun.
    if (this.#running !== undefined && this.#running !== mine) return;
    this.#running = undefined;
    showSilence(this.#level);
    this.#showHint();
  }

  #endTest() {
    this.#running?.abort();
    this.#running = undefined;
    showSilence(this.#level);
    this.#showHint();
  }

  async #playTone() {
    this.#tone.disabled = true;
    this.#tellSpeaker("You should hear a tone.");
    try {
      const isPlayed = await this.#session?.testTone();
      this.#tellSpeaker(isPlayed ? "The tone was played." : "It was not played. Try once more.");
    } catch (error) {
      this.#tellSpeaker(this.#usual);
      this.#page.onError(error);
    }
    this.#tone.disabled = false;
  }

  /** @param {string} words */
  #tellSpeaker(words) {
    this.#speakerHint.textContent = words;
  }

  #showHint() {
    const hint = part(document, "microphone-hint", HTMLElement);
    const running = this.#running !== undefined;
    this.#test.disabled = this.#isInCall;
    this.#test.textContent = running ? "Stop" : "Test";
    this.#test.setAttribute("aria-pressed", String(running));
    if (this.#isInCall) hint.textContent = "In a call, its card shows the level.";
    else if (running) hint.textContent = "Say something. Nothing leaves this page.";
    else hint.textContent = this.#found || "Opened for a call or a test, and closed after it.";
  }
}

/** @param {MicrophoneTest} test */
function wordsOf({ label, loudest, isSilent }) {
  const name = label || "The microphone";
  if (isSilent) return `${name} says nothing. Is it switched off?`;
  return loudest.rmsDb < FAINT_DB ? `${name} is very quiet.` : `${name} was heard well.`;
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
