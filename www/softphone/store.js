/** @typedef {"region" | "tones" | "off" | "order" | "record"} Name */

/**
 * What the page remembers between visits: choices, never a password or a token.
 *
 * Storage throws where cookies are blocked; the page then works without a memory.
 */
export const store = {
  /**
   * @param {Name} name
   * @returns {string | null}
   */
  get(name) {
    try {
      return localStorage.getItem(`offhook.${name}`);
    } catch {
      return null;
    }
  },

  /**
   * @param {Name} name
   * @param {string} value
   */
  set(name, value) {
    try {
      localStorage.setItem(`offhook.${name}`, value);
    } catch {
      // The choice holds for this visit.
    }
  },
};

/** Where the choice of devices is kept. @returns {Storage | false} */
export function deviceStorage() {
  try {
    return localStorage;
  } catch {
    return false;
  }
}
