/** @typedef {import("../directory.js").NumberPlan} NumberPlan */

/** E.164: fifteen digits at most, of which the shortest in use have seven. */
const INTERNATIONAL = /^[1-9]\d{6,14}$/;

/** Extensions and short codes, which stand for themselves: no number in E.164 is as short. */
const SHORT = /^[1-9]\d{0,5}$/;

/** What people and telephones put between digits, and what comes along when text is copied. */
const SEPARATORS = /[\s().\/\-\u2010-\u2015\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** What gateways write in place of a number that is withheld. */
const WITHHELD = /^(?:anonymous|restricted|private|unknown|unavailable|withheld|0*)$/i;

/**
 * A number as a whole number, E.164 without its plus; `undefined` where it is none.
 *
 * @param {unknown} given
 * @param {NumberPlan} [plan]
 * @returns {number | undefined}
 */
export function parseNumber(given, plan) {
  if (typeof given === "number" || typeof given === "bigint") return whole(String(given));
  if (typeof given !== "string") return undefined;
  const digits = bare(given);
  if (digits.startsWith("+")) return INTERNATIONAL.test(digits.slice(1)) ? Number(digits.slice(1)) : undefined;
  if (!/^\d+$/.test(digits)) return undefined;
  const full = plan && complete(digits, plan);
  return full ? Number(full) : whole(digits);
}

/** Whether it is of E.164's length: no extension, no short code. @param {number} number */
export function isInternational(number) {
  return INTERNATIONAL.test(String(number));
}

/** Whether who calls hides the number. @param {string | undefined} given */
export function isWithheld(given) {
  return WITHHELD.test(bare(given ?? ""));
}

/** @param {string} digits */
function whole(digits) {
  return INTERNATIONAL.test(digits) || SHORT.test(digits) ? Number(digits) : undefined;
}

/** Without what belongs to a URI, and without what makes a number readable. @param {string} text */
function bare(text) {
  const user = text.trim().replace(/^(?:sips?|tel):/i, "").replace(/[@;?][^]*$/, "").replace(/^%2b/i, "+");
  // In "+49 (0)30 1234" the nought is dialled only within the country.
  return user.replace(/^(\+[^(]*)\(0\)/, "$1").replace(SEPARATORS, "");
}

/**
 * What is dialled within a country, as it is dialled from everywhere; `undefined` where the plan says nothing of it.
 *
 * @param {string} dialled
 * @param {NumberPlan} plan
 */
function complete(dialled, { country, trunk = "0", international = "00", digits }) {
  const candidates = [];
  if (international && dialled.startsWith(international)) candidates.push(dialled.slice(international.length));
  if (dialled.length === digits) candidates.push(country + dialled);
  const national = dialled.slice(trunk.length);
  if (trunk && dialled.startsWith(trunk) && (!digits || national.length === digits)) candidates.push(country + national);
  // Where nothing goes before it, a nought belongs to the number, as in Italy.
  if (!trunk && dialled.startsWith("0")) candidates.push(country + dialled);
  return candidates.find((candidate) => INTERNATIONAL.test(candidate));
}
