/**
 * What the page remembers between visits: choices, never a password or a token.
 *
 * Storage throws where cookies are blocked; the page then works without a memory.
 */
export const store = {
  /**
   * @param {"region" | "tones" | "off"} name
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
   * @param {"region" | "tones" | "off"} name
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
