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
