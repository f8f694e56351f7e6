// What a page leaves to the next one of the same tab.

/** @typedef {{ isOpen: boolean, mode: "voice" | "text", transcript: string | undefined }} Left */

/**
 * @param {string} key
 * @param {Left} what
 */
export function keep(key, what) {
  try {
    sessionStorage.setItem(key, JSON.stringify(what));
  } catch {
    // The next page then begins anew.
  }
}

/** @param {string} key @returns {Left | undefined} */
export function take(key) {
  try {
    const text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
