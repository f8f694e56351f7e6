import { wrongOption } from "../error.js";
import { kind } from "../options.js";

/** What is given to a directory and a history, checked; errors name the option. */

/**
 * @param {unknown} given
 * @param {string} [name]
 * @returns {Record<string, any>}
 */
export function readObject(given, name = "options") {
  if (typeof given !== "object" || given === null) throw wrongOption(name, kind(given), "an object");
  return given;
}

/**
 * The value, if it is one that fits or there is none.
 *
 * @template T
 * @param {string} name
 * @param {T} value
 * @param {(value: NonNullable<T>) => boolean} fits
 * @param {string} expected
 * @returns {NonNullable<T> | undefined}
 */
export function optional(name, value, fits, expected) {
  if (value == null) return undefined;
  if (!fits(value)) throw wrongOption(name, kind(value), expected);
  return value;
}

/** @param {string} name @param {any} value */
export function readName(name, value) {
  return optional(name, value, isText, "text that is not empty");
}

/** @param {string} name @param {any} value @returns {number | undefined} */
export function readVersion(name, value) {
  return optional(name, value, (one) => Number.isSafeInteger(one) && one >= 0, "a whole number, 0 or more");
}

/** @param {string} name @param {any} value @returns {boolean | undefined} */
export function readFlag(name, value) {
  return optional(name, value, (one) => typeof one === "boolean", "true or false");
}

/** @param {any} given @returns {import("../directory.js").NumberPlan | undefined} */
export function readPlan(given) {
  if (given == null) return undefined;
  const { country, trunk, international, digits } = readObject(given, "plan");
  const isDigits = (/** @type {unknown} */ value) => typeof value === "string" && /^\d{0,4}$/.test(value);
  const isCountry = isDigits(country) && /^[1-9]/.test(country);
  if (!isCountry) throw wrongOption("plan.country", kind(country), 'digits, such as "49"');
  optional("plan.trunk", trunk, isDigits, "digits, or empty");
  optional("plan.international", international, isDigits, "digits, or empty");
  optional("plan.digits", digits, (value) => Number.isInteger(value) && value > 0, "a whole number, 1 or more");
  // A given `undefined` means the default, too.
  return { country, trunk: trunk ?? undefined, international: international ?? undefined, digits: digits ?? undefined };
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string" && value !== "";
}
