/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../log.js").EntryLevel} EntryLevel */
/** @typedef {import("../log.js").Log} Log */
/** @typedef {import("../log.js").LogEntry} LogEntry */
/** @typedef {import("../log.js").Logger} Logger */
/** @typedef {import("../log.js").LogOptions} LogOptions */

import { wrongOption } from "../error.js";
import { flag, kind, number, object, oneOf, readText } from "../options.js";
import { redact, scrub } from "../redact.js";
import { consoleLogger } from "./console.js";
import { Ledger } from "./ledger.js";
import { watch } from "./watch.js";

/** Each has what stands before it. */
const LEVELS = ["none", "error", "warn", "info", "debug"];
const CHANNELS = ["verto", "stats"];
const WRITTEN = [...LEVELS.slice(1), ...CHANNELS];

/** A call of some minutes with all its frames. */
const KEPT = 1000;
const MOST_KEPT = 100_000;

/**
 * @param {LogOptions} [options]
 * @returns {Log}
 */
export function log(options) {
  const book = new Book(readOptions(options));
  const attach = (/** @type {Client} */ client) => watch(client, book);
  const methods = {
    write: book.write, subscribe: book.subscribe, text: book.text, json: book.json, clear: book.clear, stop: book.stop,
  };
  const entries = { get: () => book.entries, enumerable: true };
  return /** @type {Log} */ (Object.defineProperties(Object.assign(attach, methods), { entries }));
}

/**
 * @param {Client} client
 * @param {LogOptions} [options]
 */
export function logTo(client, options) {
  const made = log(options);
  made(client);
  return made;
}

/** @param {unknown} given */
function readOptions(given) {
  const options = object("options", given ?? {}, "an object");
  oneOf(options, "level", [...LEVELS, "all"]);
  for (const name of CHANNELS) flag(options, name);
  const isCount = (/** @type {number} */ value) => Number.isSafeInteger(value) && value >= 1 && value <= MOST_KEPT;
  number(options, "limit", isCount, "a whole number from 1 to 100000");
  const { level = "error", limit = KEPT, logger = consoleLogger } = options;
  if (logger !== false && typeof logger?.log !== "function") {
    throw wrongOption("logger", kind(logger), "an object with the method `log`, or false");
  }
  const all = level === "all";
  const levels = LEVELS.slice(1, all ? undefined : LEVELS.indexOf(level) + 1);
  const channels = CHANNELS.filter((name) => options[name] ?? all);
  return { enabled: new Set([...levels, ...channels]), limit, logger: logger || undefined };
}

/** What was written, and who is told. */
export class Book {
  #enabled;
  #ledger;
  /** @type {Set<{ tell: (entry: LogEntry) => unknown, isTold: boolean }>} */
  #listeners = new Set();
  #listening = new AbortController();
  /** A listener that fails once may fail always. */
  #hasReported = false;

  /** @param {ReturnType<typeof readOptions>} options */
  constructor({ enabled, limit, logger }) {
    this.#enabled = enabled;
    this.#ledger = new Ledger(limit);
    if (logger) this.subscribe((entry) => logger.log(entry.level, entry.message, entry));
  }

  get entries() {
    return this.#ledger.all;
  }

  /** Aborts when nothing is logged any more. */
  get over() {
    return this.#listening.signal;
  }

  /** @param {EntryLevel} level */
  has(level) {
    return this.#enabled.has(level);
  }

  /** @type {Log["write"]} */
  write = (level, message, context, call) => {
    if (!WRITTEN.includes(level)) throw wrongOption("level", kind(level), `one of ${WRITTEN.join(", ")}`);
    readText("message", message);
    if (this.over.aborted || !this.has(level)) return;
    /** @type {LogEntry} */
    const entry = Object.freeze({
      at: new Date(), level, message: scrub(message),
      ...(call && { callId: call.id }), ...(context !== undefined && { context: redact(context) }),
    });
    this.#ledger.add(entry);
    for (const listener of [...this.#listeners]) this.#tell(listener, entry);
  };

  /** @type {Log["subscribe"]} */
  subscribe = (tell) => {
    if (typeof tell !== "function") throw wrongOption("listener", kind(tell), "a function");
    const listener = { tell, isTold: false };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** @param {{ tell: (entry: LogEntry) => unknown, isTold: boolean }} listener @param {LogEntry} entry */
  #tell(listener, entry) {
    // What it writes itself it need not hear; that would have no end.
    if (listener.isTold) return;
    listener.isTold = true;
    try {
      const result = /** @type {any} */ (listener.tell(entry));
      if (typeof result?.then === "function") result.then(undefined, this.#report);
    } catch (error) {
      this.#report(error);
    }
    listener.isTold = false;
  }

  /** @param {unknown} error */
  #report = (error) => {
    if (this.#hasReported) return;
    this.#hasReported = true;
    reportError(error);
  };

  text = () => {
    return this.entries.map(({ at, level, message, context }) => {
      const more = context === undefined ? "" : ` ${JSON.stringify(context)}`;
      return `${at.toISOString()} ${level.padEnd(5)} ${message}${more}\n`;
    }).join("");
  };

  json = () => JSON.stringify(this.entries, undefined, 1);

  clear = () => this.#ledger.clear();

  stop = () => {
    this.#listening.abort();
    this.#listeners.clear();
  };
}
