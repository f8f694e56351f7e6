/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").ListenOptions} ListenOptions */
/** @typedef {import("../directory.js").BlockAction} BlockAction */
/** @typedef {import("../directory.js").Directory} DirectoryInterface */
/** @typedef {import("../directory.js").DirectoryEvents} DirectoryEvents */
/** @typedef {import("../directory.js").LoadReport} LoadReport */
/** @typedef {import("./book.js").Book} Book */

import { misuse, wrongOption } from "../error.js";
import { Listeners } from "../listeners.js";
import { kind } from "../options.js";
import { ACTIONS, EMPTY, find, merge, readEntries, readNumbers } from "./book.js";
import { fetchFeed, noFeed } from "./feed.js";
import { isWithheld, parseNumber } from "./number.js";
import { optional, readFlag, readName, readObject, readPlan, readVersion } from "./read.js";
import { openShelf } from "./shelf.js";

/** A source, as it is stored. @typedef {Book & { version?: number, etag?: string, loadedAt: number }} Chapter */

/** Whose entries they are. @typedef {{ source: string, strict?: boolean | undefined, etag?: string | undefined }} Source */

/** Under which keys sources are stored, and whether the directory is switched off. */
const SOURCE = "source ";
const OFF = "off";

/** @param {import("../directory.js").DirectoryOptions} [given] */
export async function openDirectory(given) {
  const options = readOptions(given);
  const directory = new Directory(options);
  /** @type {import("./shelf.js").Shelf<Chapter | true>} */
  const shelf = await openShelf(`offhook ${options.name}`, (keys) => directory.changedElsewhere(keys));
  await directory.start(shelf);
  return directory;
}

/**
 * Whom not to let through, and what callers are called. Documented in `directory.d.ts`.
 *
 * @implements {DirectoryInterface}
 */
class Directory {
  persistent = false;
  enabled = true;
  #options;
  /** @type {import("./shelf.js").Shelf<Chapter | true> | undefined} */
  #shelf;
  /** What is stored, in memory. @type {Map<string, Chapter>} */
  #chapters = new Map();
  /** The same; who is believed first comes first. @type {[string, Chapter][]} */
  #inOrder = [];
  #listeners = new Listeners(["changed", "blocked", "error"]);
  /** What ends the listening to clients. @type {Set<() => void>} */
  #attached = new Set();
  /** Sources that are being fetched. @type {Map<string, Promise<LoadReport>>} */
  #reloading = new Map();

  /** @param {ReturnType<typeof readOptions>} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {import("./shelf.js").Shelf<Chapter | true>} shelf */
  async start(shelf) {
    this.#shelf = shelf;
    this.persistent = shelf.persistent;
    for (const [key, value] of await shelf.all()) this.#keep(key, value);
  }

  get sources() {
    return this.#inOrder.map(([source, { version, numbers, loadedAt }]) => {
      return { source, version, size: numbers.length, loadedAt: new Date(loadedAt) };
    });
  }

  /** @param {Client} client */
  attach(client) {
    this.#open();
    const detach = client.on("screening", (screening) => {
      const action = this.#judge(screening.call.remoteNumber);
      if (action !== "silent" && action !== "reject") return;
      screening.silent = true;
      if (action === "reject") screening.call.hangup();
      this.#listeners.tell("blocked", { call: screening.call, action });
    });
    this.#attached.add(detach);
    return () => {
      this.#attached.delete(detach);
      detach();
    };
  }

  /** @param {import("../directory.js").PhoneNumber | undefined} given */
  lookup(given) {
    const number = this.enabled ? parseNumber(given, this.#options.plan) : undefined;
    if (number === undefined) return undefined;
    let [action, label, labeller] = [0, "", /** @type {string | undefined} */ (undefined)];
    for (const [source, chapter] of this.#inOrder) {
      const at = find(chapter, number);
      if (at < 0) continue;
      action ||= chapter.actions[at] ?? 0;
      if (label || !chapter.labels[at]) continue;
      [label, labeller] = [chapter.labels[at] ?? "", source];
    }
    if (!action && !label) return undefined;
    return { number, action: ACTIONS[action], label: label || undefined, source: labeller };
  }

  /** @param {Pick<Call, "remoteName" | "remoteNumber" | "destinationNumber">} call */
  nameFor({ remoteName, remoteNumber, destinationNumber }) {
    const number = remoteNumber || destinationNumber;
    const name = remoteName?.trim();
    return name && !this.#isSame(name, number) ? name : this.lookup(number)?.label ?? (number || name || undefined);
  }

  *entries(source = "") {
    const { numbers, actions, labels } = this.#chapters.get(source) ?? EMPTY;
    for (const [at, number] of numbers.entries()) {
      const [action, label] = [ACTIONS[actions[at] ?? 0], labels[at]];
      yield { number, ...(action && { action }), ...(label && { label }) };
    }
  }

  /**
   * @param {Iterable<import("../directory.js").DirectoryEntry>} entries
   * @param {import("../directory.js").LoadOptions & { version?: number }} [given]
   */
  async replaceAll(entries, given) {
    const options = readLoadOptions(given);
    const version = readVersion("version", given?.version);
    return this.#replace(entries, { ...options, version, path: "entries" });
  }

  /**
   * @param {import("../directory.js").DirectoryDelta} delta
   * @param {import("../directory.js").LoadOptions} [given]
   */
  async applyDelta(delta, given) {
    return this.#apply(readObject(delta, "delta"), readLoadOptions(given));
  }

  /** @param {string} source */
  reload(source) {
    const running = this.#reloading.get(source) ?? this.#reload(source).finally(() => this.#reloading.delete(source));
    this.#reloading.set(source, running);
    return running;
  }

  /** @param {string} source */
  async remove(source) {
    await this.#open().remove([SOURCE + source]);
    this.#keep(SOURCE + source, undefined);
    this.#listeners.tell("changed", { source });
  }

  /** @param {boolean} enabled */
  async setEnabled(enabled) {
    if (readFlag("enabled", enabled) === undefined) throw wrongOption("enabled", kind(enabled), "true or false");
    await this.#open().update(OFF, () => (enabled ? undefined : true));
    this.#keep(OFF, enabled ? undefined : true);
    this.#listeners.tell("changed", {});
  }

  /**
   * @template {keyof DirectoryEvents} K
   * @param {K} event
   * @param {(event: DirectoryEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    this.#open();
    return this.#listeners.add(event, listener, options);
  }

  /** Another page has changed something. @param {readonly string[]} keys */
  async changedElsewhere(keys) {
    try {
      for (const key of keys) {
        this.#keep(key, await this.#shelf?.read(key));
        this.#listeners.tell("changed", key === OFF ? {} : { source: key.slice(SOURCE.length) });
      }
    } catch (error) {
      this.#listeners.tell("error", { error });
    }
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    for (const detach of this.#attached) detach();
    this.#attached.clear();
    this.#listeners.clear();
    this.#shelf?.close();
    this.#shelf = undefined;
  }

  #open() {
    if (!this.#shelf) throw misuse(60050, "the directory was closed: openDirectory() opens it again");
    return this.#shelf;
  }

  /** @param {string} key @param {Chapter | true | undefined} value */
  #keep(key, value) {
    if (key === OFF) this.enabled = value === undefined;
    else if (value && value !== true) this.#chapters.set(key.slice(SOURCE.length), value);
    else this.#chapters.delete(key.slice(SOURCE.length));
    // The application comes first, then the sources that it named, then others.
    const named = ["", ...Object.keys(this.#options.sources)];
    const rank = (/** @type {string} */ source) => (named.includes(source) ? named.indexOf(source) : named.length);
    this.#inOrder = [...this.#chapters].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  }

  /** @param {string | undefined} number */
  #judge(number) {
    if (this.enabled && isWithheld(number)) return this.#options.withheld;
    return this.lookup(number)?.action;
  }

  /** @param {string} name @param {string | undefined} number */
  #isSame(name, number) {
    const parsed = parseNumber(name, this.#options.plan);
    return name === number || (parsed !== undefined && parsed === parseNumber(number, this.#options.plan));
  }

  /**
   * @param {unknown} entries
   * @param {Source & { version?: number | undefined, path: string }} how
   */
  async #replace(entries, { source, strict, version, etag, path }) {
    const { book, skipped } = readEntries(entries, { plan: this.#options.plan, strict, path });
    await this.#store(source, () => chapter(book, version, etag));
    return report("loaded", this.#chapters.get(source), skipped);
  }

  /**
   * @param {{ from?: unknown, [field: string]: any }} delta
   * @param {Source} how
   */
  async #apply(delta, { source, strict, etag }) {
    const { plan } = this.#options;
    const versions = Object.entries({ version: delta["version"], from: delta.from });
    const [version, from] = versions.map(([name, value]) => readVersion(name, value));
    if ((version === undefined) !== (from === undefined) || Number(version) <= Number(from)) {
      throw wrongOption("version", String(version), "greater than `from`, or left out with it");
    }
    const { book, skipped } = readEntries(delta["add"] ?? [], { plan, strict, path: "add" });
    const remove = readNumbers(delta["remove"] ?? [], { plan, strict, path: "remove" });
    /** @type {LoadReport["outcome"]} */
    let outcome = "loaded";
    await this.#store(source, (before) => {
      const isNext = version === undefined || before?.version === from;
      outcome = isNext ? "loaded" : before?.version === version ? "unchanged" : "gap";
      if (!isNext) return before;
      return chapter(merge(before ?? EMPTY, remove, book), version ?? before?.version, etag ?? before?.etag);
    });
    return report(outcome, this.#chapters.get(source), skipped);
  }

  /**
   * @param {string} source
   * @param {(before: Chapter | undefined) => Chapter | undefined} change
   */
  async #store(source, change) {
    /** @type {Chapter | true | undefined} */
    let before;
    const after = await this.#open().update(SOURCE + source, (stored) => {
      before = stored;
      return change(stored === true ? undefined : stored);
    });
    this.#keep(SOURCE + source, after);
    if (after !== before) this.#listeners.tell("changed", { source });
  }

  /** @param {string} source @returns {Promise<LoadReport>} */
  async #reload(source) {
    this.#open();
    const registered = this.#options.sources[source];
    const names = Object.keys(this.#options.sources).join(", ") || "registered in openDirectory()";
    if (!registered) throw wrongOption("source", kind(source), `one of those that have a feed: ${names}`);
    const stored = this.#chapters.get(source);
    const answer = await fetchFeed(registered, stored?.etag);
    if (!answer) return report("unchanged", stored, 0);
    const taken = await this.#take(answer, source);
    if (taken.outcome !== "gap") return taken;
    const whole = await fetchFeed(registered, undefined);
    if (!whole || !("entries" in Object(whole.feed))) throw noFeed("all entries were asked for, and changes came");
    return this.#take(whole, source);
  }

  /** @param {{ feed: any, etag: string | undefined }} answer @param {string} source */
  async #take({ feed, etag }, source) {
    const { strict } = this.#options.sources[source] ?? {};
    try {
      if (readObject(feed, "feed").from === undefined) {
        const version = readVersion("version", feed.version);
        return await this.#replace(feed.entries, { source, strict, version, etag, path: "entries" });
      }
      return await this.#apply(feed, { source, strict, etag });
    } catch (error) {
      // Who has to mend it is not who called.
      throw /** @type {any} */ (error).option ? noFeed(/** @type {Error} */ (error).message) : error;
    }
  }
}

/** @param {Book} book @param {number | undefined} version @param {string | undefined} etag @returns {Chapter} */
function chapter(book, version, etag) {
  return { ...book, ...(version !== undefined && { version }), ...(etag && { etag }), loadedAt: Date.now() };
}

/**
 * @param {LoadReport["outcome"]} outcome
 * @param {Chapter | undefined} stored
 * @param {number} skipped
 * @returns {LoadReport}
 */
function report(outcome, stored, skipped) {
  return { outcome, version: stored?.version, size: stored?.numbers.length ?? 0, skipped };
}

/** @param {unknown} given */
function readOptions(given) {
  const { name, plan, withheld, sources } = readObject(given ?? {});
  const isAction = (/** @type {any} */ value) => ACTIONS.includes(value);
  /** @type {Record<string, import("../directory.js").DirectorySource>} */
  const read = Object.fromEntries(Object.entries(readObject(sources ?? {}, "sources")).map(([id, source]) => {
    const { url, headers, credentials, strict } = readObject(source, `sources.${id}`);
    if (!isAddress(url)) throw wrongOption(`sources.${id}.url`, kind(url), "a URL");
    readFlag(`sources.${id}.strict`, strict);
    return [id, { url, headers, credentials: credentials ?? "same-origin", strict }];
  }));
  return {
    name: readName("name", name) ?? "directory",
    plan: readPlan(plan),
    withheld: optional("withheld", withheld, isAction, '"ring", "silent" or "reject"') ?? "ring",
    sources: read,
  };
}

/** @param {unknown} url */
function isAddress(url) {
  try {
    return Boolean(new URL(String(url), globalThis.document?.baseURI)) && (typeof url === "string" || url instanceof URL);
  } catch {
    return false;
  }
}

/** @param {unknown} given */
function readLoadOptions(given) {
  const { source, strict } = readObject(given ?? {});
  const isText = (/** @type {unknown} */ value) => typeof value === "string";
  return { source: optional("source", source, isText, "text") ?? "", strict: readFlag("strict", strict) };
}
