import { OffhookError } from "./error.js";

/** What every call of the interface throws after a defect of the module. @type {OffhookError | undefined} */
let death;

/** @type {Set<(error: OffhookError) => void>} */
const mourners = new Set();

/** The module panicked: its memory cannot be trusted, so nothing may enter it again. */
export function die() {
  const message = "Offhook stopped because of a defect in itself (see the console); reload the page";
  death ??= new OffhookError({ message, kind: "misuse", code: 60008, fatal: true });
  for (const mourner of mourners) mourner(death);
  mourners.clear();
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
