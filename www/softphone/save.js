import { make } from "./dom.js";

/** By then the browser has begun to read it. */
const READ_MS = 10_000;

/**
 * Has the browser save a file.
 *
 * @param {Blob} content
 * @param {string} name
 */
export function saveFile(content, name) {
  const href = URL.createObjectURL(content);
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), READ_MS);
}
