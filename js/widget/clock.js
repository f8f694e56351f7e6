/**
 * A time of day, in hours and minutes.
 *
 * @param {Date} at
 * @param {string} language
 */
export function clockTime(at, language) {
  return at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}
