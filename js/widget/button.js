import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A button with words on it.
 *
 * @param {string} name for tests
 * @param {string} look its classes
 * @param {string | undefined} words
 * @param {() => unknown} onclick
 * @param {string} [path] of a picture before the words
 * @param {Record<string, unknown>} [props]
 */
export function wordy(name, look, words, onclick, path, props) {
  return h("button", { type: "button", class: look, "data-name": name, onclick, ...props }, path && icon(path), words);
}

/**
 * A button that is a picture.
 *
 * @param {string | undefined} words what it is
 * @param {string} path
 * @param {() => unknown} onclick
 * @param {Record<string, unknown>} [props]
 */
export function pictured(words, path, onclick, props) {
  return h("button", { type: "button", class: "quiet", "aria-label": words, title: words, onclick, ...props }, icon(path));
}
