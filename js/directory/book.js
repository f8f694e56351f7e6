/** @typedef {import("../directory.js").BlockAction} BlockAction */
/** @typedef {import("../directory.js").NumberPlan} NumberPlan */

import { wrongOption } from "../error.js";
import { kind } from "../options.js";
import { isInternational, parseNumber } from "./number.js";

/**
 * The entries of one source, as they are kept and looked up: numbers in ascending order, and what is said of each at
 * the same place of the other two lists. A hundred thousand of them are one value, written and read as a whole.
 *
 * @typedef {object} Book
 * @property {Float64Array} numbers
 * @property {Uint8Array} actions places in `ACTIONS`
 * @property {string[]} labels empty where there is none
 */

/** What a screening says of a call; the first says nothing. @type {readonly (BlockAction | "ring" | undefined)[]} */
export const ACTIONS = [undefined, "ring", "silent", "reject"];

/** @type {Book} */
export const EMPTY = { numbers: new Float64Array(), actions: new Uint8Array(), labels: [] };

/**
 * How entries are read. `path` is what errors call the list.
 *
 * @typedef {{ plan?: NumberPlan | undefined, strict?: boolean | undefined, path: string }} Reading
 */

/**
 * Entries as they were given. `skipped` are those whose number is none.
 *
 * @param {unknown} given
 * @param {Reading} reading
 * @returns {{ book: Book, skipped: number }}
 */
export function readEntries(given, reading) {
  const { numbers, actions, labels } = blank();
  let [skipped, isSorted, n] = [0, true, 0];
  for (const entry of list(given, reading.path)) {
    const path = `${reading.path}[${n}]`;
    const { number, action, label } = readEntry(entry, path, reading);
    n += 1;
    if (number === undefined) {
      skipped += 1;
      continue;
    }
    const last = numbers.at(-1) ?? 0;
    if (number <= last) {
      if (reading.strict) throw unsorted(`${path}.number`, number, last);
      isSorted = false;
    }
    numbers.push(number);
    actions.push(action);
    labels.push(label);
  }
  const order = isSorted ? undefined : inOrder(numbers);
  return { book: pack(numbers, actions, labels, order), skipped };
}

/**
 * Numbers as they were given.
 *
 * @param {unknown} given
 * @param {Reading} reading
 * @returns {Set<number>}
 */
export function readNumbers(given, reading) {
  const numbers = new Set();
  let [n, last] = [0, 0];
  for (const one of list(given, reading.path)) {
    const number = readNumber(one, `${reading.path}[${n}]`, reading);
    n += 1;
    if (number === undefined) continue;
    if (reading.strict && number <= last) {
      throw unsorted(`${reading.path}[${n - 1}]`, number, last);
    }
    last = number;
    numbers.add(number);
  }
  return numbers;
}

/**
 * What is left of a book without some numbers and with other entries, which replace what was there.
 *
 * @param {Book} book
 * @param {Set<number>} remove
 * @param {Book} add
 * @returns {Book}
 */
export function merge(book, remove, add) {
  const { numbers, actions, labels } = blank();
  const take = (/** @type {Book} */ from, /** @type {number} */ at) => {
    numbers.push(/** @type {number} */ (from.numbers[at]));
    actions.push(from.actions[at] ?? 0);
    labels.push(from.labels[at] ?? "");
  };
  let next = 0;
  const end = add.numbers.length;
  book.numbers.forEach((number, at) => {
    while (next < end && /** @type {number} */ (add.numbers[next]) < number) take(add, next++);
    if (add.numbers[next] === number) take(add, next++);
    else if (!remove.has(number)) take(book, at);
  });
  while (next < end) take(add, next++);
  return pack(numbers, actions, labels);
}

/**
 * Where a number stands, by halving; `-1` where it does not.
 *
 * @param {Book} book
 * @param {number} number
 */
export function find({ numbers }, number) {
  let [low, high] = [0, numbers.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = /** @type {number} */ (numbers[middle]);
    if (found === number) return middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** @returns {{ numbers: number[], actions: number[], labels: string[] }} */
function blank() {
  return { numbers: [], actions: [], labels: [] };
}

/** @param {string} path @param {number} number @param {number} last */
function unsorted(path, number, last) {
  return wrongOption(path, String(number), `greater than the one before it, ${last}`);
}

/**
 * @param {unknown} entry
 * @param {string} path
 * @param {Reading} reading
 */
function readEntry(entry, path, reading) {
  if (typeof entry !== "object" || entry === null) throw wrongOption(path, kind(entry), "an object with `number`");
  const { number, action, label } = /** @type {Record<string, unknown>} */ (entry);
  const code = ACTIONS.indexOf(/** @type {BlockAction | undefined} */ (action ?? undefined));
  if (code < 0) throw wrongOption(`${path}.action`, kind(action), '"silent", "reject" or "ring"');
  if (label != null && (typeof label !== "string" || label.trim() === "")) {
    throw wrongOption(`${path}.label`, kind(label), "text that is not empty");
  }
  if (!code && label == null) throw wrongOption(path, "without either", "an object with `action`, `label` or both");
  return { number: readNumber(number, `${path}.number`, reading), action: code, label: label?.trim() ?? "" };
}

/**
 * @param {unknown} given
 * @param {string} path
 * @param {Reading} reading
 */
function readNumber(given, path, { plan, strict }) {
  if (!["number", "bigint", "string"].includes(typeof given)) throw wrongOption(path, kind(given), "a number or text");
  const number = parseNumber(given, plan);
  if (strict && (number === undefined || !isInternational(number))) {
    throw wrongOption(path, kind(given), "a number in E.164: a country code and at most fifteen digits");
  }
  return number;
}

/**
 * @param {unknown} given
 * @param {string} path
 * @returns {Iterable<unknown>}
 */
function list(given, path) {
  const isList = typeof given === "object" && given !== null && Symbol.iterator in given;
  if (!isList) throw wrongOption(path, kind(given), "an array, or what else can be iterated");
  return /** @type {Iterable<unknown>} */ (given);
}

/** Places of numbers in ascending order; of equal ones the last. @param {readonly number[]} numbers */
function inOrder(numbers) {
  const places = numbers.map((_, place) => place);
  const at = (/** @type {number | undefined} */ place) => numbers[place ?? -1] ?? Infinity;
  places.sort((a, b) => at(a) - at(b) || a - b);
  return places.filter((place, n) => n === places.length - 1 || at(place) !== at(places[n + 1]));
}

/**
 * @param {readonly number[]} numbers
 * @param {readonly number[]} actions
 * @param {string[]} labels
 * @param {readonly number[]} [order]
 * @returns {Book}
 */
function pack(numbers, actions, labels, order) {
  if (!order) return { numbers: Float64Array.from(numbers), actions: Uint8Array.from(actions), labels };
  return {
    numbers: Float64Array.from(order, (place) => numbers[place] ?? 0),
    actions: Uint8Array.from(order, (place) => actions[place] ?? 0),
    labels: order.map((place) => labels[place] ?? ""),
  };
}
