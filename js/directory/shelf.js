/** @typedef {import("../../pkg/idb.js").IDBPDatabase} Database */

import { openDB } from "../../pkg/idb.js";
import { OffhookError } from "../error.js";

/** The only object store: values under the keys that the shelf is given. */
const VALUES = "values";

/** Some browsers have left a page waiting for its database for ever; so long it may take. */
const OPENED_WITHIN_MS = 5_000;

/**
 * Where values are kept under names, and where other pages of the same origin keep theirs.
 *
 * @template T
 * @typedef {object} Shelf
 * @property {boolean} persistent whether they outlive the page
 * @property {() => Promise<Map<string, T>>} all
 * @property {(key: string) => Promise<T | undefined>} read
 * @property {(key: string, change: (before: T | undefined) => T | undefined) => Promise<T | undefined>} update
 *   Puts there what `change` makes of what is there, in one transaction; `undefined` removes it. What stays the same
 *   object is not written. `change` may run more than once.
 * @property {(key: string, value: T) => Promise<void>} put
 * @property {(keys: readonly string[]) => Promise<void>} remove
 * @property {() => void} close
 */

/**
 * In IndexedDB; where that is missing or refused (some private windows, servers), in memory.
 *
 * @template T
 * @param {string} name
 * @param {(keys: readonly string[]) => void} onChange what another page has changed
 * @returns {Promise<Shelf<T>>}
 */
export async function openShelf(name, onChange) {
  /** @type {DatabaseShelf<T>} */
  const shelf = new DatabaseShelf(name, onChange);
  try {
    await shelf.open();
    return shelf;
  } catch {
    shelf.close();
    return new MemoryShelf();
  }
}

/**
 * @template T
 * @implements {Shelf<T>}
 */
class MemoryShelf {
  persistent = false;
  /** @type {Map<string, T>} */
  #values = new Map();

  async all() {
    return new Map(this.#values);
  }

  /** @param {string} key */
  async read(key) {
    return this.#values.get(key);
  }

  /**
   * @param {string} key
   * @param {(before: T | undefined) => T | undefined} change
   */
  async update(key, change) {
    const value = change(this.#values.get(key));
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    return value;
  }

  /**
   * @param {string} key
   * @param {T} value
   */
  async put(key, value) {
    this.#values.set(key, value);
  }

  /** @param {readonly string[]} keys */
  async remove(keys) {
    for (const key of keys) this.#values.delete(key);
  }

  close() {}
}

/**
 * @template T
 * @implements {Shelf<T>}
 */
class DatabaseShelf {
  persistent = true;
  #name;
  /** @type {Promise<Database> | undefined} */
  #database;
  /** Where pages tell each other what they have changed. @type {BroadcastChannel | undefined} */
  #channel;
  #closed = false;

  /**
   * @param {string} name
   * @param {(keys: readonly string[]) => void} onChange
   */
  constructor(name, onChange) {
    this.#name = name;
    if (!globalThis.indexedDB || !globalThis.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => onChange(data);
  }

  /** @returns {Promise<Database>} */
  open() {
    this.#database ??= this.#connect();
    return this.#database;
  }

  /** @returns {Promise<Map<string, T>>} */
  all() {
    return this.#visit(async (database) => {
      const { store, done } = database.transaction(VALUES);
      const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll(), done]);
      return new Map(keys.map((key, n) => [String(key), values[n]]));
    });
  }

  /**
   * @param {string} key
   * @returns {Promise<T | undefined>}
   */
  read(key) {
    return this.#visit((database) => database.get(VALUES, key));
  }

  /**
   * @param {string} key
   * @param {(before: T | undefined) => T | undefined} change
   * @returns {Promise<T | undefined>}
   */
  async update(key, change) {
    const { before, after } = await this.#visit(async (database) => {
      const { store, done } = database.transaction(VALUES, "readwrite");
      // Whoever waits for both hears of a transaction that failed by the first.
      done.catch(() => {});
      const before = await store.get(key);
      const after = change(before);
      if (after === undefined) await store.delete(key);
      else if (after !== before) await store.put(after, key);
      await done;
      return { before, after };
    });
    if (after !== before) this.#channel?.postMessage([key]);
    return after;
  }

  /**
   * @param {string} key
   * @param {T} value
   */
  async put(key, value) {
    await this.#visit(async (database) => {
      const transaction = database.transaction(VALUES, "readwrite");
      const put = transaction.store.put(value, key);
      // A page that is going away gives no other chance.
      transaction.commit();
      await Promise.all([put, transaction.done]);
    });
    this.#channel?.postMessage([key]);
  }

  /** @param {readonly string[]} keys */
  async remove(keys) {
    if (keys.length === 0) return;
    await this.#visit(async (database) => {
      const { store, done } = database.transaction(VALUES, "readwrite");
      await Promise.all([...keys.map((key) => store.delete(key)), done]);
    });
    this.#channel?.postMessage(keys);
  }

  close() {
    this.#closed = true;
    this.#channel?.close();
    this.#database?.then((database) => database.close(), () => {});
  }

  /**
   * Browsers close databases by themselves, as when the system is short of memory: then it is opened once more.
   *
   * @template R
   * @param {(database: Database) => Promise<R>} work
   * @returns {Promise<R>}
   */
  async #visit(work) {
    try {
      return await work(await this.open()).catch((error) => {
        if (this.#closed || !isLost(error)) throw error;
        this.#database = undefined;
        return this.open().then(work);
      });
    } catch (cause) {
      throw refused(cause);
    }
  }

  async #connect() {
    const opening = openDB(this.#name, 1, {
      upgrade: (database) => void database.createObjectStore(VALUES),
      blocking: (_, __, event) => /** @type {IDBDatabase} */ (event.target).close(),
      terminated: () => (this.#database = undefined),
    });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        opening.then((database) => database.close(), () => {});
        reject(new Error("the database was not opened in time"));
      }, OPENED_WITHIN_MS);
    });
    try {
      return /** @type {Database} */ (await Promise.race([opening, late]));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @param {unknown} cause */
function refused(cause) {
  if (cause instanceof OffhookError) return cause;
  const message = `the browser did not store or read what it was asked to: ${cause}`;
  return new OffhookError({ message, kind: "refused", code: 60150, fatal: false, cause });
}

/** What browsers say of a database that they have closed. @param {any} error */
function isLost(error) {
  return error?.name === "InvalidStateError" || error?.name === "UnknownError";
}
