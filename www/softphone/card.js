import { copyOf, part, setIcon } from "./dom.js";
import { Indicator } from "./indicator.js";
import { DIGIT, fillKeys, flashKey } from "./keys.js";
import { levelHz, showLevel } from "./level.js";
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
 * @property {import("./sound.js").Sound} sound
 * @property {import("./quality.js").Quality} quality
 * @property {(id: string) => void} onDiagnostics
 * @property {() => boolean} isInConference
 * @property {(muted: boolean) => void} onMute
 * @property {(held: boolean) => Promise<void>} onHold
 */

/** The card of a call that has not ended. */
export class Card {
  element = copyOf("call-template");
  #call;
  #page;
  #stopped = new AbortController();
  #nudge = part(this.element, "nudge", HTMLElement);
  #dtmf = part(this.element, "dtmf", HTMLElement);
  #dtmfKeys = part(this.element, "dtmf-keys", HTMLElement);
  #digits = "";
  #steps;
  #transfer;
  #indicator;
  #ticking = setInterval(() => this.#showTimer(), 1000);

  /**
   * @param {Call} call
   * @param {Page} page
   */
  constructor(call, page) {
    const { transfer } = page;
    this.#call = call;
    this.#page = page;
    this.element.dataset.callId = call.id;
    name(this.element, call.id);
    setIcon(part(this.element, "direction-icon", SVGUseElement), call.direction);
    fillKeys(this.#dtmfKeys, "dtmf", (digit) => this.#sendDigit(digit));
    this.#steps = createSteps(part(this.element, "steps", HTMLElement), call);
    this.#steps.reach(call.direction === "inbound" ? "ringing" : "new");
    this.#onClick("mute", () => page.onMute(!call.muted));
    this.#onClick("hold", () => page.onHold(call.state !== "held"));
    this.#onClick("hangup", () => call.hangup());
    this.#onClick("keypad", () => this.#toggleKeypad());
    this.#onClick("nudge-act", () => page.sound.nudgeOf(call)?.act?.());
    const opener = part(this.element, "transfer", HTMLElement);
    opener.hidden = transfer === undefined;
    opener.parentElement?.classList.toggle("five", transfer !== undefined);
    this.#transfer = transfer && new Transfer(this.element, call, transfer);
    this.#indicator = new Indicator(this.element, call, page);
    call.on("stats", (stats) => this.#showStats(stats), { signal: this.#stopped.signal });
    this.#followLevels();
    this.show();
  }

  show() {
    const call = this.#call;
    const { name, number } = partyOf(call);
    this.element.dataset.state = call.state;
    this.element.dataset.muted = String(call.muted);
    this.element.dataset.conference = String(this.#page.isInConference());
    this.#steps.reach(call.state);
    part(this.element, "name", HTMLElement).textContent = name;
    part(this.element, "number", HTMLElement).textContent = number;
    const isJoined = call.state === "active" && this.#page.isInConference();
    part(this.element, "state", HTMLElement).textContent = isJoined ? "In conference" : stateWords(call);
    part(this.element, "early-media", HTMLElement).hidden = !call.earlyMedia || isUp(call);
    part(this.element, "in-conference", HTMLElement).hidden = !isJoined;
    this.#showMedia();
    this.#showControls();
    this.#showNudge();
    this.#showTimer();
    this.#transfer?.show();
    this.#indicator.show();
  }

  /** How good the call is may be something else. */
  showQuality() {
    this.#indicator.update();
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
  }

  /** The audio session ends it with the call. */
  #followLevels() {
    const local = part(this.element, "local-level", HTMLElement);
    const remote = part(this.element, "remote-level", HTMLElement);
    const stop = this.#page.sound.session?.levels(this.#call, (levels) => {
      showLevel(local, levels.local.rmsDb);
      showLevel(remote, levels.remote.rmsDb);
    }, { hz: levelHz() });
    this.#stopped.signal.addEventListener("abort", () => stop?.());
  }

  /** @param {CallStats} stats */
  #showStats(stats) {
    part(this.element, "stats", HTMLElement).dataset.empty = "false";
    part(this.element, "packets-sent", HTMLElement).textContent = stats.packetsSent.toLocaleString("en");
    part(this.element, "packets-received", HTMLElement).textContent = stats.packetsReceived.toLocaleString("en");
    part(this.element, "bytes-sent", HTMLElement).textContent = bytes(stats.bytesSent);
    part(this.element, "bytes-received", HTMLElement).textContent = bytes(stats.bytesReceived);
  }

  #showNudge() {
    const nudge = this.#page.sound.nudgeOf(this.#call);
    const button = part(this.#nudge, "nudge-act", HTMLButtonElement);
    // Its button goes away under who has just pressed it.
    const hadFocus = this.#nudge.contains(document.activeElement);
    this.#nudge.hidden = nudge === undefined;
    this.#nudge.dataset.kind = nudge?.kind ?? "";
    part(this.#nudge, "nudge-words", HTMLElement).textContent = nudge?.words ?? "";
    button.hidden = nudge?.button === undefined;
    button.textContent = nudge?.button ?? "";
    if (hadFocus && button.hidden) part(this.element, "mute", HTMLElement).focus();
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
      this.#page.onError(error);
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
