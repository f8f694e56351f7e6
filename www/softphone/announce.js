import { part } from "./dom.js";

const polite = part(document, "polite", HTMLElement);
const urgent = part(document, "urgent", HTMLElement);

/**
 * Tells a screen reader, when it has finished its sentence.
 *
 * @param {string} words
 */
export function announce(words) {
  polite.textContent = words;
}

/**
 * Tells a screen reader at once.
 *
 * @param {string} words
 */
export function announceUrgently(words) {
  urgent.textContent = words;
}
