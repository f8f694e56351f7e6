// What a client is waited for.

/** @typedef {import("../agent.js").Client} Client */

/** How long a conversation of the page before this one is waited for, once the session is ready. */
const RESUME_WITHIN_MS = 8_000;

/**
 * Resolves once calls can be made; the signal, or the session's end, rejects it.
 *
 * @param {Client} client
 * @param {AbortSignal} signal
 * @returns {Promise<Client>}
 */
export function isReady(client, signal) {
  return new Promise((resolve, reject) => {
    if (client.ready) return resolve(client);
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason));
    client.on("ready", () => resolve(client), { once: true, signal });
    client.on("error", ({ error, call }) => !call && error.fatal && reject(error), { signal });
  });
}

/**
 * Resolves once a call of the page before this one is told of, or has had its time.
 *
 * @param {Client} client
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function hasRecovered(client, signal) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(over, RESUME_WITHIN_MS);
    client.on("recoveredCall", over, { once: true, signal });
    signal.addEventListener("abort", over);
  });
}
