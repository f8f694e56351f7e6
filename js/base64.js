/** Text in base64, as `clientState` travels. */

/** @param {string} text */
export function encode(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * `undefined` if it is not base64, or not text.
 *
 * @param {string} encoded
 */
export function decode(encoded) {
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
