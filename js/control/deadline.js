import { OffhookError } from "../error.js";

/**
 * What comes of the work, unless the time is over or the signal aborts before: settles once, and what comes of it later
 * is for `late`.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {{ seconds: number, what: string, signal: AbortSignal, late?: (() => void) | undefined }} bounds
 * @returns {Promise<T>}
 */
export function within(work, { seconds, what, signal, late }) {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (/** @type {() => void} */ settle) => {
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    const timer = setTimeout(() => end(() => reject(timedOut(what, seconds))), seconds * 1000);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    work.then(
      (value) => (isOver ? late?.() : end(() => resolve(value))),
      (error) => end(() => reject(error)),
    );
  });
}

/**
 * @param {string} what
 * @param {number} seconds
 */
function timedOut(what, seconds) {
  const message = `${what} was not fulfilled within ${seconds} s`;
  return new OffhookError({ message, kind: "lost", code: 60461, fatal: false });
}
