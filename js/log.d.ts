import type { Call, Client } from "./index.js";

/**
 * A log of what clients do, to be given to `connect()` among its `plugins`: then it has the sign-in from the first frame
 * on, and why it fails.
 *
 * Throws an `OffhookError` (`misuse`, 44002) if an option is wrong.
 */
export declare function log(options?: LogOptions): Log;

/** The same, of a client that is connected already. */
export declare function logTo(client: Client, options?: LogOptions): Log;

/** Writes to the browser's console: the level, the time (UTC), the message, and what belongs to it. The default. */
export declare const consoleLogger: Logger;

/** What is logged; each has what stands before it. `all` is `debug` with both channels. */
export type LogLevel = "none" | "error" | "warn" | "info" | "debug" | "all";

/**
 * What an entry is.
 *
 * - `error`, `warn`: what the client tells as `error` and `warning`; a session that is being brought back
 * - `info`: sockets, sessions, calls and their states
 * - `debug`: what else changes: digits (not which), names shown, the states of peer connections
 * - `verto`: a frame, with its secrets replaced by stars
 * - `stats`: counters and quality of a call that is active
 */
export type EntryLevel = "error" | "warn" | "info" | "debug" | "verto" | "stats";

/** One entry of a log. */
export interface LogEntry {
  /** When it happened. */
  readonly at: Date;
  /** What it is. */
  readonly level: EntryLevel;
  /** In words. */
  readonly message: string;
  /** The call that it is about. */
  readonly callId?: string;
  /** What belongs to it, such as the frame: a copy without secrets, which cannot be changed. */
  readonly context?: unknown;
}

/** Where entries go. */
export interface Logger {
  /**
   * Takes an entry, in the order in which things happened, and only of what is enabled. What it throws, or rejects with,
   * is reported through `reportError` the first time, and changes nothing. What it writes to the log itself is kept and
   * not told to it.
   */
  log(level: EntryLevel, message: string, entry: LogEntry): unknown;
}

/** What is logged, and where to. */
export interface LogOptions {
  /** What is logged. Default: `"error"`. */
  level?: LogLevel;
  /** Whether frames are, independent of the level. Default: `false`, with `"all"` `true`. */
  verto?: boolean;
  /** Whether counters and quality are, independent of the level. Default: `false`, with `"all"` `true`. */
  stats?: boolean;
  /** Where entries go as they come; `false` only keeps them. Default: {@link consoleLogger}. */
  logger?: Logger | false;
  /** How many of the last entries are kept, from 1 to 100,000. Default: `1000`. */
  limit?: number;
}

/** A log. It is also the plugin that attaches it to a client. */
export interface Log {
  /** Logs what this client does from here on, until it is closed. */
  (client: Client): void;
  /** The last entries, oldest first. */
  readonly entries: readonly LogEntry[];
  /** Writes an entry of the application's own, if its level is enabled. Secrets are taken out as far as they can be told. */
  write(level: EntryLevel, message: string, context?: unknown, call?: Call): void;
  /** Tells of every entry as it is written; the returned function stops that. As a logger, it can break nothing. */
  subscribe(listener: (entry: LogEntry) => void): () => void;
  /** The last entries, a line for each: time (ISO 8601), level, message, and what belongs to it as JSON. */
  text(): string;
  /** The last entries as JSON: an array of entries, with times as in ISO 8601. */
  json(): string;
  /** Forgets the entries. */
  clear(): void;
  /** Logs nothing any more. The entries stay. */
  stop(): void;
}
