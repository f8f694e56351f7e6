/** How long until another attempt, in milliseconds. */
const WAITS = [500, 1000, 2000];

/** A server that has not answered by then will not. */
const WITHIN_MS = 30_000;

/**
 * What came of it: the status of the last attempt, if the server gave one.
 *
 * @typedef {{ isSent: boolean, attempts: number, status?: number, error?: unknown }} Outcome
 */

/**
 * Posts a body: again after failures of the network and of the server, but not where the server says that it is wrong.
 *
 * @param {URL} url
 * @param {Record<string, string>} headers
 * @param {string} body
 * @param {{ keepalive: boolean, over: AbortSignal }} how `over` ends the attempts
 * @returns {Promise<Outcome>}
 */
export async function post(url, headers, body, { keepalive, over }) {
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt(url, { method: "POST", headers, body, keepalive, credentials: "omit" });
    const wait = WAITS[attempts - 1];
    const isOurs = outcome.status !== undefined && outcome.status < 500;
    if (isOurs || wait === undefined || over.aborted) return { ...outcome, attempts };
    await passed(wait, over);
  }
}

/**
 * @param {URL} url
 * @param {RequestInit} request
 * @returns {Promise<{ isSent: boolean, status?: number, error?: unknown }>}
 */
async function attempt(url, request) {
  try {
    const { ok, status } = await fetch(url, { ...request, signal: AbortSignal.timeout(WITHIN_MS) });
    return { isSent: ok, status };
  } catch (error) {
    return { isSent: false, error };
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} over cuts it short
 * @returns {Promise<void>}
 */
function passed(ms, over) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      over.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    over.addEventListener("abort", done);
  });
}
