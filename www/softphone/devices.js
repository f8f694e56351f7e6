import { make, part } from "./dom.js";
import { listen, stop } from "./meter.js";

/**
 * @typedef {import("../../src/types.d.ts").Client} Client
 * @typedef {import("../../src/types.d.ts").Device} Device
 */

/** A test that was forgotten must not keep the microphone open. */
const LONGEST_TEST_MS = 30_000;

/**
 * The pickers and the microphone test.
 *
 * @param {{ write: (kind: "audio", text: string) => void, onError: (error: unknown) => void, onSwitch: () => void }} page
 */
export function createDevices({ write, onError, onSwitch }) {
  const microphone = part(document, "microphone", HTMLSelectElement);
  const speaker = part(document, "speaker", HTMLSelectElement);
  const level = part(document, "microphone-level", HTMLElement);
  const test = part(document, "test-microphone", HTMLButtonElement);
  const hint = part(document, "microphone-hint", HTMLElement);
  const speakerHint = part(document, "speaker-hint", HTMLElement);
  /** @type {Client | undefined} */
  let client;
  /** @type {MediaStream | undefined} */
  let inCall;
  /** @type {{ stream: MediaStream | undefined, timer: ReturnType<typeof setTimeout> } | undefined} */
  let running;

  microphone.addEventListener("change", chooseMicrophone);
  speaker.addEventListener("change", chooseSpeaker);
  test.addEventListener("click", () => (running === undefined ? startTest() : endTest()));
  navigator.mediaDevices?.addEventListener("devicechange", () => {
    if (client === undefined) return;
    write("audio", "The audio devices changed");
    refresh();
  });
  showHint();
  return { attach, detach, refresh, showCall };

  /** @param {Client} to */
  function attach(to) {
    client = to;
    refresh();
  }

  function detach() {
    client = undefined;
    showCall(undefined);
    endTest();
  }

  /**
   * Shows the level of the call that is up.
   *
   * @param {MediaStream | undefined} stream
   */
  function showCall(stream) {
    const began = inCall === undefined && stream !== undefined;
    inCall = stream;
    if (stream !== undefined) endTest();
    if (stream !== undefined || running === undefined) listen(level, stream);
    showHint();
    // The browser tells the devices' names from here on.
    if (began) refresh();
  }

  async function refresh() {
    const devices = client?.devices;
    if (devices === undefined) return;
    try {
      const [microphones, speakers] = await Promise.all([devices.microphones(), devices.speakers()]);
      fill(microphone, microphones, devices.microphoneId, "Microphone");
      fill(speaker, speakers, devices.speakerId, "Speaker");
      speaker.disabled = speakers.length === 0;
      speakerHint.textContent = speakers.length === 0 ? "This browser plays through the system's speaker." : "";
    } catch (error) {
      onError(error);
    }
  }

  async function chooseMicrophone() {
    try {
      await client?.devices.setMicrophone(microphone.value === "" ? undefined : microphone.value);
      write("audio", `Microphone: ${nameOf(microphone)}`);
      if (running !== undefined) {
        endTest();
        await startTest();
      }
      onSwitch();
    } catch (error) {
      microphone.value = client?.devices.microphoneId ?? "";
      onError(error);
    }
  }

  async function chooseSpeaker() {
    try {
      await client?.devices.setSpeaker(speaker.value === "" ? undefined : speaker.value);
      write("audio", `Speaker: ${nameOf(speaker)}`);
    } catch (error) {
      speaker.value = client?.devices.speakerId ?? "";
      onError(error);
    }
  }

  async function startTest() {
    const mine = { stream: /** @type {MediaStream | undefined} */ (undefined), timer: setTimeout(endTest, LONGEST_TEST_MS) };
    running = mine;
    showHint();
    try {
      const deviceId = microphone.value === "" ? undefined : { exact: microphone.value };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: deviceId === undefined ? true : { deviceId } });
      if (running !== mine) return close(stream);
      mine.stream = stream;
      listen(level, stream);
      write("audio", "Microphone test began");
      await refresh();
    } catch (error) {
      if (running === mine) endTest();
      onError(error);
    }
  }

  function endTest() {
    if (running === undefined) return;
    clearTimeout(running.timer);
    if (running.stream !== undefined) {
      close(running.stream);
      write("audio", "Microphone test ended");
    }
    running = undefined;
    if (inCall === undefined) stop(level);
    showHint();
  }

  function showHint() {
    test.disabled = inCall !== undefined;
    test.textContent = running === undefined ? "Test" : "Stop";
    test.setAttribute("aria-pressed", String(running !== undefined));
    if (inCall !== undefined) hint.textContent = "The level of the call.";
    else if (running !== undefined) hint.textContent = "Say something. Nothing leaves this page.";
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
function fill(menu, devices, chosen, noun) {
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
