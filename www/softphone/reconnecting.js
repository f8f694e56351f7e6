import { announce } from "./announce.js";
import { part } from "./dom.js";
import { interruptionWords } from "./words.js";

/** @typedef {import("../../js/index.js").ClientEvents["reconnecting"]} Attempt */

/**
 * The banner over a session that is being brought back: why, the attempt, and how long until then.
 *
 * @param {{ onReconnectNow: () => void }} page
 */
export function createReconnecting({ onReconnectNow }) {
  const banner = part(document, "reconnecting", HTMLElement);
  const when = part(banner, "reconnecting-when", HTMLElement);
  const now = part(banner, "reconnect-now", HTMLButtonElement);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  now.addEventListener("click", () => {
    onReconnectNow();
    tick(0);
  });
  return { show, hide };

  /** @param {Attempt} attempt */
  function show({ attempt, delaySeconds, interruption }) {
    const why = interruptionWords(interruption);
    part(banner, "reconnecting-why", HTMLElement).textContent = `${why}. `;
    part(banner, "reconnecting-attempt", HTMLElement).textContent = String(attempt);
    banner.hidden = false;
    if (attempt === 1) announce(`${why}. Reconnecting.`);
    const at = performance.now() + delaySeconds * 1000;
    clearInterval(ticking);
    ticking = setInterval(() => tick(at), 500);
    tick(at);
  }

  /** @param {number} at when the attempt begins */
  function tick(at) {
    const seconds = Math.ceil((at - performance.now()) / 1000);
    when.textContent = seconds > 0 ? `in ${seconds} s` : "is under way";
    now.disabled = seconds <= 0;
    if (seconds <= 0) clearInterval(ticking);
  }

  function hide() {
    clearInterval(ticking);
    banner.hidden = true;
  }
}
