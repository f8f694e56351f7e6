// What a page leaves to the next one of the same tab.

/**
 * @typedef {object} Left
 * @property {boolean} isOpen
 * @property {"voice" | "text"} mode
 * @property {string | undefined} transcript
 * @property {boolean | undefined} muted the microphone of a call that began in writing, if it has one
 */

/**
 * @param {string} key
 * @param {Left} what
 */
export function keep(key, what) {
  // Pictures may be more than a page may keep. The server may repeat them.
  for (const shorten of [String, wordsOnly]) {
    try {
      return sessionStorage.setItem(key, JSON.stringify({ ...what, transcript: what.transcript && shorten(what.transcript) }));
    } catch {
      // The next page begins anew, where it may keep nothing.
    }
  }
}

/** @param {string} transcript */
function wordsOnly(transcript) {
  return JSON.stringify(JSON.parse(transcript), (name, value) => (name === "images" ? [] : value));
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
