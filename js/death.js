import { OffhookError } from "./error.js";

/** What every call of the interface throws after a defect of the module. @type {OffhookError | undefined} */
let death;

/** @type {Set<(error: OffhookError) => void>} */
const mourners = new Set();

/**
 * What the engine threw, as the page gets it.
 *
 * @param {any} error
 */
export function failure(error) {
  // A trap without a panic, such as an exhausted stack, is as fatal.
  if (error instanceof WebAssembly.RuntimeError) return die();
  return typeof error === "string" ? new OffhookError(JSON.parse(error)) : error;
}

/** The module has a defect: its memory cannot be trusted, so nothing may enter it again. */
export function die() {
  if (!death) {
    const message = "Offhook stopped because of a defect in itself (see the console); reload the page";
    death = new OffhookError({ message, kind: "defect", code: 60008, fatal: true });
    // They stay in the set: what they hold would enter the module when it is collected.
    for (const mourner of mourners) mourner(death);
  }
  return death;
}

export function checkAlive() {
  if (death) throw death;
}

/**
 * Calls `mourner` when the module dies. The returned function undoes it.
 *
 * @param {(error: OffhookError) => void} mourner
 */
export function onDeath(mourner) {
  mourners.add(mourner);
  return () => mourners.delete(mourner);
}
