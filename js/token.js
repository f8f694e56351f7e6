import { decode } from "./base64.js";

/** A JSON Web Token, and what it says of itself: whom it signs in, and until which second since 1970. */
/** @typedef {{ text: string, identity?: string, expires?: number }} Token */

/**
 * Reads a token without judging it: opaque ones say nothing of themselves.
 *
 * @param {string} text
 * @returns {Token}
 */
export function readToken(text) {
  const { sub, exp } = claims(text) ?? {};
  return { text, ...(typeof sub === "string" && { identity: sub }), ...(Number.isFinite(exp) && { expires: exp }) };
}

/**
 * A token as the engine takes it: it counts whole seconds.
 *
 * @param {Token} token
 */
export function engineToken({ text, expires }) {
  return JSON.stringify({ text, expires: wholeSeconds(expires) });
}

/**
 * Whatever a token says, as the engine can read it.
 *
 * @param {number | undefined} seconds
 */
export function wholeSeconds(seconds) {
  return seconds === undefined ? undefined : Math.trunc(Math.min(Math.max(seconds, 0), Number.MAX_SAFE_INTEGER));
}

/** @param {string} text */
function claims(text) {
  // In base64url (RFC 4648, section 5).
  const payload = text.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  try {
    return JSON.parse(decode(payload ?? "") ?? "");
  } catch {
    return undefined;
  }
}
