import { copyOf, part, setIcon } from "./dom.js";
import { DIGIT, fillKeys, flashKey } from "./keys.js";
import { listen, showWithoutAudio, stop } from "./meter.js";
import { createSteps } from "./steps.js";
import { Transfer } from "./transfer.js";
import { bytes, duration, interruptionWords, partyOf, stateWords } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").CallStats} CallStats
 *
 * @typedef {object} Page
 * @property {(error: unknown) => void} onError
 * @property {import("./transfer.js").Page | undefined} transfer none where the dialect has no transfer
 */

/** The card of a call that has not ended. */
export class Card {
  element = copyOf("call-template");
  #call;
  #onError;
  #stopped = new AbortController();
  #localLevel = part(this.element, "local-level", HTMLElement);
  #remoteLevel = part(this.element, "remote-level", HTMLElement);
  #dtmf = part(this.element, "dtmf", HTMLElement);
  #dtmfKeys = part(this.element, "dtmf-keys", HTMLElement);
  #digits = "";
  #steps;
  #transfer;
  #ticking = setInterval(() => this.#showTimer(), 1000);

  /**
   * @param {Call} call
   * @param {Page} page
   */
  constructor(call, { onError, transfer }) {
    this.#call = call;
    this.#onError = onError;
    this.element.dataset.callId = call.id;
    name(this.element, call.id);
    setIcon(part(this.element, "direction-icon", SVGUseElement), call.direction);
    fillKeys(this.#dtmfKeys, "dtmf", (digit) => this.#sendDigit(digit));
    this.#steps = createSteps(part(this.element, "steps", HTMLElement), call);
    this.#steps.reach(call.direction === "inbound" ? "ringing" : "new");
    this.#onClick("mute", () => (call.muted ? call.unmute() : call.mute()));
    this.#onClick("hold", () => (call.state === "held" ? call.unhold() : call.hold()));
    this.#onClick("hangup", () => call.hangup());
    this.#onClick("keypad", () => this.#toggleKeypad());
    const opener = part(this.element, "transfer", HTMLElement);
    opener.hidden = transfer === undefined;
    opener.parentElement?.classList.toggle("five", transfer !== undefined);
    this.#transfer = transfer && new Transfer(this.element, call, transfer);
    call.on("stats", createStats(this.element, this.#localLevel, this.#remoteLevel), { signal: this.#stopped.signal });
    this.show();
  }

  show() {
    const call = this.#call;
    const { name, number } = partyOf(call);
    this.element.dataset.state = call.state;
    this.element.dataset.muted = String(call.muted);
    this.#steps.reach(call.state);
    part(this.element, "name", HTMLElement).textContent = name;
    part(this.element, "number", HTMLElement).textContent = number;
    part(this.element, "state", HTMLElement).textContent = stateWords(call);
    part(this.element, "early-media", HTMLElement).hidden = !call.earlyMedia || isUp(call);
    this.#showMedia();
    this.#showControls();
    this.#showTimer();
    listen(this.#localLevel, call.localStream);
    listen(this.#remoteLevel, call.remoteStream);
  }

  /** Another call has come, gone or changed. */
  showOthers() {
    this.#transfer?.show();
  }

  /**
   * Takes a typed key if it was meant for this call: its key pad is open.
   *
   * @param {string} digit
   * @returns {boolean} whether it was
   */
  takeDigit(digit) {
    if (this.#dtmf.hidden || !isUp(this.#call) || !DIGIT.test(digit)) return false;
    this.#sendDigit(digit);
    return true;
  }

  /** Stops what runs; the card may go. */
  end() {
    this.#stopped.abort();
    clearInterval(this.#ticking);
    stop(this.#localLevel);
    stop(this.#remoteLevel);
  }

  #showMedia() {
    const badge = part(this.element, "media", HTMLElement);
    badge.hidden = !isUp(this.#call) && !this.#call.earlyMedia;
    badge.textContent = this.#call.mediaConnected ? "Media connected" : "Media not connected yet";
    badge.dataset.good = String(this.#call.mediaConnected);
    const { interruption } = this.#call;
    const why = part(this.element, "interruption", HTMLElement);
    why.hidden = interruption === undefined;
    why.textContent = interruption === undefined ? "" : interruptionWords(interruption);
  }

  #showControls() {
    const { muted, state } = this.#call;
    const mute = part(this.element, "mute", HTMLButtonElement);
    const hold = part(this.element, "hold", HTMLButtonElement);
    mute.setAttribute("aria-pressed", String(muted));
    setIcon(part(mute, "mute-icon", SVGUseElement), muted ? "mic-off" : "mic");
    hold.disabled = !isUp(this.#call);
    hold.setAttribute("aria-pressed", String(state === "held"));
    part(this.element, "keypad", HTMLButtonElement).disabled = !isUp(this.#call);
  }

  #showTimer() {
    const since = this.#call.connectedAt ?? this.#call.answeredAt;
    if (since === undefined) return;
    part(this.element, "timer", HTMLElement).textContent = duration(Date.now() - since.getTime());
  }

  #toggleKeypad() {
    this.#dtmf.hidden = !this.#dtmf.hidden;
    part(this.element, "keypad", HTMLElement).setAttribute("aria-expanded", String(!this.#dtmf.hidden));
  }

  /** @param {string} digit */
  #sendDigit(digit) {
    flashKey(this.#dtmfKeys, "dtmf", digit);
    this.#digits += digit;
    part(this.element, "dtmf-sent", HTMLElement).textContent = this.#digits;
    this.#attempt(() => this.#call.dtmf(digit));
  }

  /**
   * @param {string} control
   * @param {() => void | Promise<void>} what
   */
  #onClick(control, what) {
    const button = part(this.element, control, HTMLButtonElement);
    button.addEventListener("click", async () => {
      button.setAttribute("aria-busy", "true");
      await this.#attempt(what);
      button.removeAttribute("aria-busy");
    });
  }

  /** @param {() => void | Promise<void>} what */
  async #attempt(what) {
    try {
      await what();
    } catch (error) {
      this.#onError(error);
    }
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
