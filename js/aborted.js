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

/**
 * What comes of the promise; nothing if the time or everything is over first.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {AbortSignal} over
 * @returns {Promise<T | undefined>}
 */
export async function within(promise, ms, over) {
  const done = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    return await Promise.race([promise, new Promise((/** @type {(nothing: undefined) => void} */ resolve) => {
      const give = () => resolve(undefined);
      if (over.aborted) give();
      timer = setTimeout(give, ms);
      over.addEventListener("abort", give, { signal: done.signal });
    })]);
  } finally {
    clearTimeout(timer);
    done.abort();
  }
}
