// What only some conversations need is a file of its own, which is loaded when it is needed.

import { OffhookError } from "./error.js";

/** @typedef {(path: string) => unknown} Announce */

let announce = /** @type {Announce} */ (() => {});

/**
 * Has a function told of each file, by its path beside the entry, before it is imported.
 *
 * @param {Announce} listener
 */
export function announceTo(listener) {
  announce = listener;
}

/**
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function late(path, load) {
  try {
    await announce(path);
    return await load();
  } catch (cause) {
    const message = `cannot load ${path}: ${cause}`;
    throw new OffhookError({ message, kind: "lost", code: 60403, fatal: false, cause });
  }
}
