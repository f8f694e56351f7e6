/**
 * Digits that stand in a text as a word of their own, as a password or a number does that was dialled. As a part of an
 * id, or as a figure that was measured, they would be chance.
 *
 * @param {string} digits
 */
export function standsAlone(digits) {
  return new RegExp(`(?<![\\w.-]|^ +\\w+ +)${digits}(?![\\w-]| ms)`, "m");
}
