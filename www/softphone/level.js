/** Below this a person hears nothing, in dBFS. */
const FLOOR_DB = -60;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** How often a level is drawn in a second: seldom for those who asked for little motion. */
export function levelHz() {
  return calm.matches ? 4 : 20;
}

/**
 * Shows how loud something is in an element, as its custom property `--level` from 0 to 1.
 *
 * @param {HTMLElement} element
 * @param {number} db in dBFS
 */
export function showLevel(element, db) {
  const level = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
  element.style.setProperty("--level", level.toFixed(3));
  if (element.getAttribute("role") === "meter") element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
}

/** @param {HTMLElement} element */
export function showSilence(element) {
  showLevel(element, FLOOR_DB);
}
