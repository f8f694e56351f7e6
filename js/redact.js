/** What stands for a secret. */
export const STARS = "***";

/** Names of what is nobody's business, whatever is around them. */
const SECRET = /pass(?:wd|word)|token|secret|credential|authorization|api[-_]?key|ice[-_]?pwd/i;

/** Deeper than any frame, and any error in an error. */
const DEEPEST = 12;

/**
 * A copy without secrets that nobody can change, of what JSON can say: secrets are found by the names of members, and in
 * texts as `scrub` does. Errors say what they are, and what cannot be copied why.
 *
 * @param {unknown} value
 * @param {readonly object[]} [above] what it is part of
 * @returns {any}
 */
export function redact(value, above = []) {
  if (typeof value === "string") return scrub(value);
  if (typeof value !== "object" || value === null) return isPlain(value) ? value : String(value);
  if (above.includes(value)) return "(again)";
  if (above.length === DEEPEST) return "(too deep)";
  try {
    if (value instanceof Date) return value.toISOString();
    const inside = [...above, value];
    if (Array.isArray(value)) return Object.freeze(value.map((item) => redact(item, inside)));
    return members(value, inside);
  } catch (error) {
    return `(${error})`;
  }
}

/**
 * @param {object} value
 * @param {readonly object[]} inside
 */
function members(value, inside) {
  const own = value instanceof Error ? [["name", value.name], ["message", value.message]] : [];
  const all = [...own, ...Object.entries(value)];
  // As headers and variables are written: the name stands beside the secret.
  const isNamed = all.some(([name, item]) => name === "name" && typeof item === "string" && SECRET.test(item));
  return Object.freeze(Object.fromEntries(all.map(([name, item]) => {
    const isSecret = SECRET.test(name) || (isNamed && name === "value");
    return [name, isSecret ? hidden(item) : redact(item, inside)];
  })));
}

/** @param {unknown} value */
function isPlain(value) {
  return value == null || typeof value === "boolean" || typeof value === "number";
}

/** Whether there is one may be known. @param {unknown} value */
function hidden(value) {
  return value == null || typeof value === "boolean" ? value : STARS;
}

/** What looks like a secret in a text: JSON Web Tokens, ICE passwords, members of JSON, parameters of addresses, headers. */
const WRITTEN = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, STARS],
  [/(a=ice-pwd:)[^\s\\"]+/g, `$1${STARS}`],
  [/("(?:passwd|password|login_token|token|secret|credential)"\s*:\s*")(?:[^"\\]|\\.)*/gi, `$1${STARS}`],
  [/([?&](?:login_token|access_token|token|passwd|password|secret)=)[^&#\s"]+/gi, `$1${STARS}`],
  [/\b((?:Bearer|Basic) )[\w.~+/=-]{6,}/g, `$1${STARS}`],
];

/**
 * A text without what looks like a secret.
 *
 * @param {string} text
 */
export function scrub(text) {
  return WRITTEN.reduce((scrubbed, [pattern, stars]) => {
    return scrubbed.replace(/** @type {RegExp} */ (pattern), /** @type {string} */ (stars));
  }, text);
}
