/**
 * What comes of the promise, or the signal's reason if that comes first.
 *
 * @template T
 * @param {T | Promise<T>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
export async function orAborted(promise, signal) {
  if (!signal) return promise;
  /** @type {() => void} */
  let abort = () => {};
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
