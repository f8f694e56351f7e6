/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").ListenOptions} ListenOptions */
/** @typedef {import("../index.js").Termination} Termination */
/** @typedef {import("../directory.js").History} HistoryInterface */
/** @typedef {import("../directory.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../directory.js").HistoryEvents} HistoryEvents */
/** @typedef {import("./record.js").CallRecord} CallRecord */
/** @typedef {import("./shelf.js").Shelf<CallRecord>} Shelf */

import { wrongOption } from "../error.js";
import { Listeners } from "../listeners.js";
import { kind } from "../options.js";
import { Owners } from "./owners.js";
import { optional, readName, readObject } from "./read.js";
import { begin, close, end, look, present, rejoin } from "./record.js";
import { openShelf } from "./shelf.js";

/** How many entries are kept, and how many a page has, where nothing else is said. */
const KEPT = 1000;
const LISTED = 50;

/**
 * @param {Client} client
 * @param {import("../directory.js").HistoryOptions} [given]
 */
export async function openHistory(client, given) {
  const options = readOptions(given);
  // It listens from here on: whoever calls while the database is opened is in the history, too.
  const history = new History(client, options);
  try {
    await history.start();
  } catch (error) {
    history[Symbol.dispose]();
    throw error;
  }
  return history;
}

/**
 * The calls of a client. Documented in `directory.d.ts`.
 *
 * @implements {HistoryInterface}
 */
class History {
  persistent = false;
  #options;
  /** Once all is read that is stored: until then it must not be written over. @type {Promise<Shelf>} */
  #shelf;
  /** All that is stored, in memory. @type {Map<string, CallRecord>} */
  #records = new Map();
  /** Newest first, as it is shown; made when it is asked for. @type {readonly HistoryEntry[] | undefined} */
  #shown;
  /** Calls of this page that are up, by their ids. @type {Map<string, Call>} */
  #up = new Map();
  /** Calls that are left out. @type {WeakSet<Call>} */
  #excluded = new WeakSet();
  /** Settles when all is written. @type {Promise<unknown>} */
  #writing = Promise.resolve();
  #listeners = new Listeners(["changed", "error"]);
  #listening = new AbortController();
  #owners;

  /**
   * @param {Client} client
   * @param {ReturnType<typeof readOptions>} options
   */
  constructor(client, options) {
    this.#options = options;
    const name = `offhook ${options.name}`;
    this.#owners = new Owners(name, this.#listening.signal, (owner) => this.#closeLeft(owner));
    this.#listen(client);
    this.#shelf = this.#load(name);
    for (const call of client.calls) this.#follow(call);
  }

  /** Settles when it is open. */
  async start() {
    const { persistent } = await this.#shelf;
    this.persistent = persistent;
    this.#prune();
  }

  get size() {
    return this.#records.size;
  }

  /** @param {{ limit?: number, before?: HistoryEntry | undefined }} [page] */
  list(page) {
    const { limit, before } = readObject(page ?? {}, "page");
    const most = readCount("limit", limit) ?? LISTED;
    const after = before == null ? -1 : this.#all().findIndex((entry) => isOlder(entry, before));
    return before != null && after < 0 ? [] : this.#all().slice(Math.max(after, 0), Math.max(after, 0) + most);
  }

  /** @param {string} id */
  get(id) {
    return this.#all().find((entry) => entry.id === id);
  }

  /** @param {string} id */
  async remove(id) {
    const call = this.#up.get(id);
    if (call) this.#excluded.add(call);
    this.#leave(id);
    await this.#removeAll([id]);
  }

  async clear() {
    await this.#removeAll([...this.#records.values()].filter(({ endedAt }) => endedAt !== undefined).map(({ id }) => id));
  }

  /**
   * @template {keyof HistoryEvents} K
   * @param {K} event
   * @param {(event: HistoryEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    return this.#listeners.add(event, listener, options);
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    this.#listening.abort();
    this.#listeners.clear();
    this.#owners.release();
    // What was heard until now is still written.
    this.#writing.then(() => this.#shelf).then((shelf) => shelf.close(), () => {});
  }

  /** @param {string} name */
  async #load(name) {
    /** @type {Shelf} */
    const shelf = await openShelf(name, (ids) => this.#changedElsewhere(ids));
    try {
      for (const [id, stored] of await shelf.all()) this.#adopt(id, stored);
    } catch (error) {
      shelf.close();
      throw error;
    }
    return shelf;
  }

  /** @param {Client} client */
  #listen(client) {
    const { signal } = this.#listening;
    client.on("screening", ({ call }) => this.#follow(call, { isTold: false }), { signal });
    client.on("incomingCall", ({ call }) => this.#change(call, { isTold: true }), { signal });
    client.on("recoveredCall", ({ call }) => this.#follow(call), { signal });
    client.on("callState", ({ call }) => this.#follow(call), { signal });
    client.on("error", ({ call, error }) => call && this.#fail(call, error), { signal });
    // The page may be about to go; what is written now says until when the calls are known to have lasted.
    globalThis.document?.addEventListener("visibilitychange", () => this.#touch(), { signal });
  }

  /**
   * A call is heard of, perhaps for the first time.
   *
   * @param {Call} call
   * @param {Partial<CallRecord>} [more]
   */
  #follow(call, more) {
    if (this.#up.has(call.id) || this.#excluded.has(call)) return;
    if (!this.#isIncluded(call)) {
      this.#excluded.add(call);
      return;
    }
    const known = this.#records.get(call.id);
    // It came to its end, and that was told; what is told twice changes nothing.
    if (known?.endedAt !== undefined && call.state === "done") return;
    this.#up.set(call.id, call);
    const label = this.#options.directory?.lookup(call.remoteNumber ?? call.destinationNumber)?.label;
    this.#write({ ...begin(call, known), ...(label && { label }), owner: this.#owners.own(), ...more });
    this.#prune();
    // What there is to be told of a call that is over already is told before that.
    if (call.state === "done") return queueMicrotask(() => this.#end(call, call.reason));
    const { signal } = this.#listening;
    call.on("state", () => this.#change(call), { signal });
    call.on("updated", () => this.#change(call), { signal });
    call.on("error", ({ error }) => this.#fail(call, error), { signal });
    call.on("ended", (reason) => this.#end(call, reason), { signal });
  }

  /**
   * @param {Call} call
   * @param {import("../index.js").OffhookError} error
   */
  #fail(call, error) {
    this.#follow(call);
    const isFatal = error.fatal && error.kind === "media";
    this.#change(call, { isFailed: true, ...(isFatal && { isFatal }) });
  }

  /** @param {Call} call */
  #isIncluded(call) {
    try {
      return this.#options.include(call);
    } catch (error) {
      reportError(error);
      return true;
    }
  }

  /**
   * @param {Call} call
   * @param {Partial<CallRecord>} [more]
   */
  #change(call, more) {
    const record = this.#records.get(call.id);
    if (!record || !this.#up.has(call.id)) return;
    const changed = { ...record, ...look(call, record), ...more };
    if (JSON.stringify(changed) !== JSON.stringify(record)) this.#write({ ...changed, seenAt: Date.now() });
  }

  /**
   * @param {Call} call
   * @param {Termination | undefined} reason
   */
  #end(call, reason) {
    const record = this.#records.get(call.id);
    if (!record || !this.#leave(call.id)) return;
    this.#write(end({ ...record, ...look(call, record) }, reason ?? { by: "local" }));
  }

  /** A call is not up any more; whether it was. @param {string} id */
  #leave(id) {
    const wasUp = this.#up.delete(id);
    if (this.#up.size === 0) this.#owners.release();
    return wasUp;
  }

  #touch() {
    for (const id of this.#up.keys()) {
      const record = this.#records.get(id);
      if (record) this.#write({ ...record, seenAt: Date.now() });
    }
  }

  /** @param {CallRecord} record */
  #write(record) {
    this.#records.set(record.id, record);
    this.#changed();
    this.#queue((shelf) => shelf.put(record.id, record));
  }

  /** @param {readonly string[]} ids */
  async #removeAll(ids) {
    for (const id of ids) this.#records.delete(id);
    this.#changed();
    const shelf = await this.#shelf;
    await shelf.remove(ids);
  }

  /** The oldest go; a call that is up stays. */
  #prune() {
    const beyond = this.#all().slice(this.#options.limit);
    const excess = beyond.filter(({ endedAt }) => endedAt !== undefined).map(({ id }) => id);
    if (excess.length === 0) return;
    for (const id of excess) this.#records.delete(id);
    this.#changed();
    this.#queue((shelf) => shelf.remove(excess));
  }

  /** @param {(shelf: Shelf) => Promise<unknown>} work */
  #queue(work) {
    // Databases keep the order. A page that is going away has no time for one after the other.
    const written = this.#shelf.then(work).catch((error) => this.#listeners.tell("error", { error }));
    this.#writing = Promise.all([this.#writing, written]);
  }

  /**
   * What was found in the database, by this page or after another one has changed it.
   *
   * @param {string} id
   * @param {CallRecord | undefined} stored
   */
  #adopt(id, stored) {
    const own = this.#records.get(id);
    // This page knows more of its own calls, but not how those began that it has from the page before it.
    if (own && stored && own.seenAt > stored.seenAt) {
      if (own.startedAt > stored.startedAt) this.#write(rejoin(own, stored));
      return;
    }
    if (this.#up.has(id)) return;
    if (stored) this.#records.set(id, stored);
    else this.#records.delete(id);
    this.#changed();
    if (stored && stored.endedAt === undefined) this.#owners.watch(stored.owner);
  }

  /** @param {readonly string[]} ids */
  async #changedElsewhere(ids) {
    try {
      const shelf = await this.#shelf;
      for (const id of ids) this.#adopt(id, await shelf.read(id));
    } catch (error) {
      this.#listeners.tell("error", { error });
    }
  }

  /** A page has gone, and left calls behind. @param {string} owner */
  #closeLeft(owner) {
    for (const { id } of [...this.#records.values()].filter((record) => isLeft(record) && !this.#up.has(record.id))) {
      this.#queue(async (shelf) => {
        const record = await shelf.update(id, (stored) => (stored && isLeft(stored) ? close(stored) : stored));
        if (record && !this.#up.has(id)) this.#adopt(id, record);
      });
    }
    /** @param {CallRecord} record */
    function isLeft(record) {
      return record.owner === owner && record.endedAt === undefined;
    }
  }

  #all() {
    this.#shown ??= [...this.#records.values()].map(present).sort((a, b) => (isOlder(a, b) ? 1 : -1));
    return this.#shown;
  }

  #changed() {
    this.#shown = undefined;
    this.#listeners.tell("changed", {});
  }
}

/** Whether `a` comes after `b`. @param {HistoryEntry} a @param {HistoryEntry} b */
function isOlder(a, b) {
  const apart = a.startedAt.getTime() - b.startedAt.getTime();
  return apart < 0 || (apart === 0 && a.id < b.id);
}

/** @param {unknown} given */
function readOptions(given) {
  const { name, limit, include, directory } = readObject(given ?? {});
  optional("include", include, (value) => typeof value === "function", "a function");
  optional("directory", directory, (value) => typeof value.lookup === "function", "what openDirectory() resolves to");
  return {
    name: readName("name", name) ?? "history",
    limit: readCount("limit", limit) ?? KEPT,
    include: include ?? (() => true),
    directory: /** @type {import("../directory.js").Directory | undefined} */ (directory ?? undefined),
  };
}

/** @param {string} name @param {unknown} value @returns {number | undefined} */
function readCount(name, value) {
  if (value != null && !(Number.isSafeInteger(value) && Number(value) > 0)) {
    throw wrongOption(name, kind(value), "a whole number, 1 or more");
  }
  return /** @type {number | undefined} */ (value ?? undefined);
}
