import { OffhookError } from "../error.js";
import { address, integrity } from "./module.js";

/** As long as the entry's own module may take. */
const LOAD_WITHIN_MS = 10_000;

/** More than any question or answer is long. */
const LENGTH = 320;

/** @typedef {Record<string, (...numbers: number[]) => number> & { memory: WebAssembly.Memory }} Exports */

/** By address. @type {Map<string, Promise<Thinker>>} */
const loading = new Map();

/**
 * What judges the quality of calls, loaded once for all that ask.
 *
 * @param {string | URL | undefined} wasmUrl
 * @returns {Promise<Thinker>}
 */
export function loadThinker(wasmUrl) {
  const url = String(wasmUrl ?? address());
  // A failed load is forgotten, so that the next one tries again; and so is a module that has failed.
  const forget = () => loading.delete(url);
  const known = loading.get(url) ?? load(url, forget).catch((error) => {
    forget();
    throw error;
  });
  loading.set(url, known);
  return known;
}

/**
 * @param {string} url
 * @param {() => void} died
 */
async function load(url, died) {
  try {
    const response = await fetch(url, { integrity, signal: AbortSignal.timeout(LOAD_WITHIN_MS) });
    if (!response.ok) throw new TypeError(`HTTP status ${response.status}`);
    // Not while it comes: a server may call it something else.
    const { instance } = await WebAssembly.instantiate(await response.arrayBuffer());
    return new Thinker(/** @type {Exports} */ (instance.exports), died);
  } catch (cause) {
    const hint = cause instanceof TypeError ? ". It must be reachable, and this version's own file, unchanged" : "";
    const message = `cannot load the WebAssembly module from ${url}: ${cause}${hint}`;
    throw new OffhookError({ message, kind: "lost", code: 60403, fatal: true, url, cause });
  }
}

/** The module: a row of numbers is written for it, and it answers with another in the same place. */
export class Thinker {
  #exports;
  #died;
  #row;
  /** What every question throws once the module has failed. @type {OffhookError | undefined} */
  #death;

  /**
   * @param {Exports} exports
   * @param {() => void} died
   */
  constructor(exports, died) {
    this.#exports = exports;
    this.#died = died;
    this.#row = this.#view();
  }

  /**
   * Puts a question; the answer is a copy.
   *
   * @param {string} name
   * @param {number[]} numbers
   * @param {ArrayLike<number>} [row]
   * @returns {Float64Array}
   */
  ask(name, numbers, row) {
    const length = this.call(name, numbers, row);
    return this.#rowNow.slice(0, length);
  }

  /**
   * @param {string} name
   * @param {number[]} numbers
   * @param {ArrayLike<number>} [row]
   * @returns {number}
   */
  call(name, numbers, row) {
    if (this.#death) throw this.#death;
    if (row) this.#rowNow.fill(NaN).set(row);
    try {
      return /** @type {Function} */ (this.#exports[name])(...numbers);
    } catch (cause) {
      throw this.#die(cause);
    }
  }

  /** Memory that has grown is another one. */
  get #rowNow() {
    if (this.#row.length === 0) this.#row = this.#view();
    return this.#row;
  }

  #view() {
    const { memory, row } = this.#exports;
    return new Float64Array(memory.buffer, row?.(), LENGTH);
  }

  /** It has a defect: its memory cannot be trusted. Who loads next gets another one. @param {unknown} cause */
  #die(cause) {
    console.error(cause);
    this.#died();
    const message = "what judges calls stopped because of a defect in itself (see the console); the calls go on";
    this.#death = new OffhookError({ message, kind: "defect", code: 60009, fatal: true, cause });
    return this.#death;
  }
}
