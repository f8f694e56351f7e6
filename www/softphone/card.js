import { copyOf, part, setIcon } from "./dom.js";
import { DIGIT, fillKeys, flashKey } from "./keys.js";
import { listen, showWithoutAudio, stop } from "./meter.js";
import { createSteps } from "./steps.js";
import { bytes, duration, partyOf, stateWords } from "./words.js";

/**
 * @typedef {import("../../src/types.d.ts").Call} Call
 * @typedef {import("../../src/types.d.ts").CallStats} CallStats
 */

/**
 * The card of a call that has not ended.
 *
 * @param {Call} call
 * @param {{ onError: (error: unknown) => void }} page
 */
export function createCard(call, { onError }) {
  const card = copyOf("call-template");
  const stopped = new AbortController();
  const { signal } = stopped;
  const localLevel = part(card, "local-level", HTMLElement);
  const remoteLevel = part(card, "remote-level", HTMLElement);
  const hold = part(card, "hold", HTMLButtonElement);
  const keypad = part(card, "keypad", HTMLButtonElement);
  const dtmf = part(card, "dtmf", HTMLElement);
  const dtmfKeys = part(card, "dtmf-keys", HTMLElement);
  const steps = createSteps(part(card, "steps", HTMLElement), call);
  const readStats = createStats(card, localLevel, remoteLevel);
  let digits = "";

  card.dataset.callId = call.id;
  name(card, call.id);
  setIcon(part(card, "direction-icon", SVGUseElement), call.direction);
  fillKeys(dtmfKeys, "dtmf", sendDigit);
  part(card, "mute", HTMLButtonElement).addEventListener("click", () => attempt(() => (call.muted ? call.unmute() : call.mute())));
  part(card, "hangup", HTMLButtonElement).addEventListener("click", () => attempt(() => call.hangup()));
  hold.addEventListener("click", toggleHold);
  keypad.addEventListener("click", toggleKeypad);
  call.on("stats", readStats, { signal });
  steps.reach(call.direction === "inbound" ? "ringing" : "new");
  show();
  const ticking = setInterval(showTimer, 1000);
  return { element: card, show, takeDigit, end };

  function show() {
    const { name, number } = partyOf(call);
    card.dataset.state = call.state;
    card.dataset.muted = String(call.muted);
    steps.reach(call.state);
    part(card, "name", HTMLElement).textContent = name;
    part(card, "number", HTMLElement).textContent = number;
    part(card, "state", HTMLElement).textContent = stateWords(call);
    part(card, "early-media", HTMLElement).hidden = !call.earlyMedia || isUp(call);
    showMedia();
    showControls();
    showTimer();
    listen(localLevel, call.localStream);
    listen(remoteLevel, call.remoteStream);
  }

  function showMedia() {
    const badge = part(card, "media", HTMLElement);
    badge.hidden = !isUp(call) && !call.earlyMedia;
    badge.textContent = call.mediaConnected ? "Media connected" : "Media not connected yet";
    badge.dataset.good = String(call.mediaConnected);
  }

  function showControls() {
    const mute = part(card, "mute", HTMLButtonElement);
    mute.setAttribute("aria-pressed", String(call.muted));
    setIcon(part(mute, "mute-icon", SVGUseElement), call.muted ? "mic-off" : "mic");
    hold.disabled = !isUp(call);
    hold.setAttribute("aria-pressed", String(call.state === "held"));
    keypad.disabled = !isUp(call);
  }

  function showTimer() {
    const since = call.connectedAt ?? call.answeredAt;
    if (since !== undefined) part(card, "timer", HTMLElement).textContent = duration(Date.now() - since.getTime());
  }

  async function toggleHold() {
    hold.setAttribute("aria-busy", "true");
    await attempt(() => (call.state === "held" ? call.unhold() : call.hold()));
    hold.removeAttribute("aria-busy");
  }

  function toggleKeypad() {
    dtmf.hidden = !dtmf.hidden;
    keypad.setAttribute("aria-expanded", String(!dtmf.hidden));
  }

  /**
   * Whether a typed key was meant for this call: its key pad is open.
   *
   * @param {string} digit
   */
  function takeDigit(digit) {
    if (dtmf.hidden || !isUp(call) || !DIGIT.test(digit)) return false;
    sendDigit(digit);
    return true;
  }

  /** @param {string} digit */
  function sendDigit(digit) {
    flashKey(dtmfKeys, "dtmf", digit);
    digits += digit;
    part(card, "dtmf-sent", HTMLElement).textContent = digits;
    attempt(() => call.dtmf(digit));
  }

  /** @param {() => void | Promise<void>} what */
  async function attempt(what) {
    try {
      await what();
    } catch (error) {
      onError(error);
    }
  }

  function end() {
    stopped.abort();
    clearInterval(ticking);
    stop(localLevel);
    stop(remoteLevel);
  }
}

/**
 * Names a card by its heading, for screen readers.
 *
 * @param {HTMLElement} card
 * @param {string} id
 */
function name(card, id) {
  const heading = part(card, "name", HTMLElement);
  heading.id = `call-${id}`;
  card.setAttribute("aria-labelledby", heading.id);
}

/** @param {Call} call */
export function isUp(call) {
  return call.state === "active" || call.state === "held";
}

/**
 * @param {HTMLElement} card
 * @param {HTMLElement} localLevel
 * @param {HTMLElement} remoteLevel
 */
function createStats(card, localLevel, remoteLevel) {
  let energySent = 0;
  let energyReceived = 0;
  let readAt = performance.now();

  return (/** @type {CallStats} */ stats) => {
    const now = performance.now();
    const seconds = Math.max(0.001, (now - readAt) / 1000);
    readAt = now;
    part(card, "stats", HTMLElement).hidden = false;
    part(card, "packets-sent", HTMLElement).textContent = stats.packetsSent.toLocaleString("en");
    part(card, "packets-received", HTMLElement).textContent = stats.packetsReceived.toLocaleString("en");
    part(card, "bytes-sent", HTMLElement).textContent = bytes(stats.bytesSent);
    part(card, "bytes-received", HTMLElement).textContent = bytes(stats.bytesReceived);
    showWithoutAudio(localLevel, rms(stats.energySent - energySent, seconds));
    showWithoutAudio(remoteLevel, rms(stats.energyReceived - energyReceived, seconds));
    energySent = stats.energySent;
    energyReceived = stats.energyReceived;
  };
}

/**
 * @param {number} energy level squared times seconds
 * @param {number} seconds
 */
function rms(energy, seconds) {
  return Math.sqrt(Math.max(0, energy) / seconds);
}
