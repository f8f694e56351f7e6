/**
 * @typedef {import("../../js/index.js").ConnectOptions} ConnectOptions
 * @typedef {{ options: ConnectOptions, user: string }} SignedIn
 */

const KEY = "offhook.reload";

/** As long as the package keeps its note of the calls. */
const FRESH_MS = 90_000;

/**
 * What signs in again after a reload in a call, so that the call comes back without typing. It is in the tab's storage
 * only from the moment in which the page goes until the next one has it: never while the page is there, and never where
 * there was no call.
 *
 * @param {SignedIn} signedIn
 */
export function keepForReload({ options, user }) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ at: Date.now(), options, user }));
  } catch {
    // Storage throws where cookies are blocked: who reloads signs in by hand.
  }
}

/** @returns {SignedIn | undefined} what the page before this one kept, once */
export function takeAfterReload() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    return kept !== null && Date.now() - kept.at < FRESH_MS ? kept : undefined;
  } catch {
    return undefined;
  }
}
