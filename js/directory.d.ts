/// <reference lib="esnext.disposable" />

import type { Call, Client, Direction, ListenOptions, OffhookError, Termination } from "./index.js";

/**
 * Opens a directory of callers: whom not to let through, and what those are called who send no name.
 *
 * It is kept in IndexedDB, by `name`, for all pages of the origin; where the browser has or allows none, in memory, until
 * the page goes (`persistent`). Rejects with an `OffhookError` (`misuse`) if an option is wrong.
 */
export declare function openDirectory(options?: DirectoryOptions): Promise<Directory>;

/**
 * Opens the history of a client's calls, and goes on with it: call it right after `connect()`, so that no call is missed.
 *
 * It is kept in IndexedDB, by `name`, for all pages of the origin; where the browser has or allows none, in memory, until
 * the page goes (`persistent`). Nothing of it is sent anywhere. Rejects with an `OffhookError` (`misuse`) if an option is
 * wrong or the client was closed.
 */
export declare function openHistory(client: Client, options?: HistoryOptions): Promise<History>;

/**
 * A number as a directory keeps it: in E.164, as a whole number without the plus. Extensions and short codes of up to six
 * digits stand for themselves. `undefined` for what is no number, such as `"anonymous"` or the name of a SIP user.
 */
export declare function parseNumber(number: PhoneNumber, plan?: NumberPlan): number | undefined;

/**
 * A number: in E.164 as a whole number, or as text, which may be `+49 30 1234567`, `sip:+49301234567@host`, `tel:…`, or
 * as it is dialled within the country of a {@link NumberPlan}. Without a plan, text without a plus is taken for E.164.
 */
export type PhoneNumber = number | bigint | string;

/** How numbers are dialled where the application is used. */
export interface NumberPlan {
  /** The country's code, such as `"49"`. */
  country: string;
  /** What is dialled before a national number; `""` where there is nothing, as in Italy. Default: `"0"`. */
  trunk?: string;
  /** What is dialled before a country's code, such as `"011"` in North America. Default: `"00"`. */
  international?: string;
  /**
   * How many digits a national number has (without what goes before it), where all have as many, such as 10 in North
   * America. Without it, digits that nothing goes before are taken for E.164.
   */
  digits?: number;
}

/**
 * What becomes of a caller.
 *
 * - `silent`: the page is not told, nobody answers, and the caller hears it ring
 * - `reject`: the caller hears at once that it is busy (`USER_BUSY`, 17)
 */
export type BlockAction = "silent" | "reject";

/** What is said of a number: whether its calls come through, what it is called, or both. */
export interface DirectoryEntry {
  /** Whose calls they are. */
  number: PhoneNumber;
  /** Blocks the number; `"ring"` lets it through, though another source that comes later blocks it. */
  action?: BlockAction | "ring";
  /** What it is called. */
  label?: string;
}

/** Where a directory gets entries. */
export interface DirectorySource {
  /** Where its feed is: nothing else is fetched, and a redirection is an error. */
  url: string | URL;
  /** Headers of the request, such as one with a token. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Whether cookies go along. Default: `"same-origin"`. */
  credentials?: RequestCredentials;
  /** As in {@link LoadOptions.strict}. */
  strict?: boolean;
}

/**
 * What a feed has in it, as JSON: all entries, or what has changed since `from`. Where its server gives an `ETag`, it is
 * asked with `If-None-Match` the next time; only then it may answer with what has changed.
 */
export type DirectoryFeed =
  | { version?: number; entries: DirectoryEntry[] }
  | ({ version: number; from: number } & Pick<DirectoryDelta, "add" | "remove">);

/** How to open a directory. */
export interface DirectoryOptions {
  /** Which of several directories of the origin. Default: `"directory"`. */
  name?: string;
  /** How numbers are to be read that are given as they are dialled within a country. Default: all are E.164. */
  plan?: NumberPlan;
  /** What becomes of callers who withhold their number. Default: `"ring"`. */
  withheld?: BlockAction | "ring";
  /** Feeds that `reload()` fetches, by the name of their source. */
  sources?: Record<string, DirectorySource>;
}

/** How entries are loaded. */
export interface LoadOptions {
  /**
   * Whose entries they are. Of several sources that say something of a number, the application's own (`""`) is believed
   * first, then those of `sources` in their order, then others by name. Default: `""`.
   */
  source?: string;
  /**
   * Refuses (`misuse`, with the place in `option`) numbers that do not ascend, that come twice, or are not in E.164. Else
   * they are sorted, the last of equal ones counts, and what is no number is skipped. Default: `false`.
   */
  strict?: boolean;
}

/** What has changed in a source. */
export interface DirectoryDelta {
  /** The version that the source has with it, a whole number. Left out, with `from`, it applies to whatever there is. */
  version?: number;
  /** The version that it applies to. */
  from?: number;
  /** Entries that are new, or that replace those of their numbers. */
  add?: Iterable<DirectoryEntry>;
  /** Numbers of which nothing is said any more. They go before `add` comes. */
  remove?: Iterable<PhoneNumber>;
}

/** What came of loading entries. */
export interface LoadReport {
  /**
   * - `loaded`: they are stored
   * - `unchanged`: the source had this version already
   * - `gap`: the source has another version than `from`: nothing was changed, and all entries are needed
   */
  readonly outcome: "loaded" | "unchanged" | "gap";
  /** The version that the source has now, if it has one. */
  readonly version: number | undefined;
  /** How many entries the source has now. */
  readonly size: number;
  /** How many were left out, because their number is none. */
  readonly skipped: number;
}

/** What a directory says of a number. */
export interface DirectoryFinding {
  /** The number in E.164. */
  readonly number: number;
  /** What becomes of its calls, if something is said of that. */
  readonly action: BlockAction | "ring" | undefined;
  /** What it is called, if something is said of that. */
  readonly label: string | undefined;
  /** Which source says what it is called. */
  readonly source: string | undefined;
}

/** Where entries came from, as it is. */
export interface SourceState {
  /** Its name; `""` is the application's own. */
  readonly source: string;
  /** The version of its entries, if it has one. */
  readonly version: number | undefined;
  /** How many entries it has. */
  readonly size: number;
  /** When it was last changed. */
  readonly loadedAt: Date;
}

/** What a directory tells, by event name. */
export interface DirectoryEvents {
  /** Entries or the switch have changed, here or in another page. */
  changed: { readonly source?: string };
  /** A call was kept away. It has not ended yet; only its own listeners hear more of it. */
  blocked: { readonly call: Call; readonly action: BlockAction };
  /** What another page has changed could not be read. */
  error: { readonly error: OffhookError };
}

/** Whom not to let through, and what callers are called. Made by `openDirectory()`. */
export interface Directory extends Disposable {
  /** Whether it outlives the page, and is shared with other pages of the origin. */
  readonly persistent: boolean;
  /** Whether calls are blocked and names are found. See `setEnabled()`. */
  readonly enabled: boolean;
  /** Where entries came from. */
  readonly sources: readonly SourceState[];
  /**
   * Blocks the calls of a client from now on, before the page is told of them: call it right after `connect()`. The
   * returned function ends it.
   */
  attach(client: Client): () => void;
  /** What is said of a number. Looks only into memory; `undefined` where nothing is said, and while it is not enabled. */
  lookup(number: PhoneNumber | undefined): DirectoryFinding | undefined;
  /**
   * What to show for the other party: its name, or where that is missing or only repeats the number, its label, or else
   * the number; `undefined` where nothing is known.
   */
  nameFor(call: Pick<Call, "remoteName" | "remoteNumber" | "destinationNumber">): string | undefined;
  /** The entries of a source, in the order of their numbers. Default: the application's own. */
  entries(source?: string): IterableIterator<{ number: number } & Pick<DirectoryEntry, "action" | "label">>;
  /** Replaces all entries of a source: all at once, or, where that fails, none. Resolves when they are stored. */
  replaceAll(entries: Iterable<DirectoryEntry>, options?: LoadOptions & { version?: number }): Promise<LoadReport>;
  /** Changes entries of a source, as `replaceAll()`. A delta of another version changes nothing: see `LoadReport`. */
  applyDelta(delta: DirectoryDelta, options?: LoadOptions): Promise<LoadReport>;
  /**
   * Fetches the feed of a source, within 30 seconds. Where it says that nothing has changed, nothing does; where it has
   * what changed since another version, it is asked for all. Rejects with `lost` where it cannot be reached, `refused`
   * where its server does, and `peerMisbehaved` where it is no feed; the entries then stay as they are.
   */
  reload(source: string): Promise<LoadReport>;
  /** Removes all entries of a source. */
  remove(source: string): Promise<void>;
  /** Switches it off or on, for all pages of the origin, until it is switched again. */
  setEnabled(enabled: boolean): Promise<void>;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof DirectoryEvents>(
    event: K, listener: (event: DirectoryEvents[K]) => void, options?: ListenOptions,
  ): () => void;
  /** Lets go of its clients, its database and its listeners. What is stored stays. */
  [Symbol.dispose](): void;
}

/**
 * What became of a call.
 *
 * - `answered`: there was a conversation
 * - `missed`: nobody answered, here or there
 * - `rejected`: declined, here or there
 * - `busy`: the other side was busy
 * - `cancelled`: this side hung up before the other answered
 * - `blocked`: it was kept away from the page (see {@link Directory.attach})
 * - `answeredElsewhere`: another device of the same user took it
 * - `failed`: anything else; `reason` has the codes
 */
export type Outcome =
  | "answered" | "missed" | "rejected" | "busy" | "cancelled" | "blocked" | "answeredElsewhere" | "failed";

/** One call, as it was or is. It never changes; a call that changes gets another one. */
export interface HistoryEntry {
  /** The call's id, also after a reload. */
  readonly id: string;
  /** Who called. */
  readonly direction: Direction;
  /** The other party's number, or the one that was dialled. */
  readonly number: string | undefined;
  /** The other party's name, as the gateway said. */
  readonly name: string | undefined;
  /** What the directory called it when the call began. */
  readonly label: string | undefined;
  /** When it came in, or was made. */
  readonly startedAt: Date;
  /** When it was answered, if it was. */
  readonly answeredAt: Date | undefined;
  /** When it ended, or, where its page was closed in the call, until when it is known to have lasted. */
  readonly endedAt: Date | undefined;
  /** Whole seconds of conversation, from the answer to the end or, while it is up, until it last changed. */
  readonly duration: number;
  /** What became of it; `undefined` while it is up. */
  readonly outcome: Outcome | undefined;
  /** Why it ended, with the codes as they were sent; `undefined` where that is not known. */
  readonly reason: Termination | undefined;
}

/** How to open a history. */
export interface HistoryOptions {
  /** Which of several histories of the origin, such as one for each user. Default: `"history"`. */
  name?: string;
  /** How many entries are kept; the oldest go first. Default: `1000`. */
  limit?: number;
  /** Whether a call goes into the history, asked once as it begins. Default: every call does. */
  include?: (call: Call) => boolean;
  /** Where the labels come from. */
  directory?: Directory;
}

/** What a history tells, by event name. */
export interface HistoryEvents {
  /** Entries came, went or changed, here or in another page. */
  changed: {};
  /** An entry could not be stored or read; in this page the history goes on. */
  error: { readonly error: OffhookError };
}

/** The calls of a client, newest first. Made by `openHistory()`. */
export interface History extends Disposable {
  /** Whether it outlives the page, and is shared with other pages of the origin. */
  readonly persistent: boolean;
  /** How many entries there are. */
  readonly size: number;
  /** Entries, newest first: `limit` of them (default 50), from the newest on, or from the one after `before`. */
  list(page?: { limit?: number; before?: HistoryEntry | undefined }): readonly HistoryEntry[];
  /** The entry of a call, by its id. */
  get(id: string): HistoryEntry | undefined;
  /** Removes an entry; of a call that is up, for good. */
  remove(id: string): Promise<void>;
  /** Removes every entry but those of calls that are up. */
  clear(): Promise<void>;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof HistoryEvents>(
    event: K, listener: (event: HistoryEvents[K]) => void, options?: ListenOptions,
  ): () => void;
  /** Stops listening to the client, and closes the database. What is stored stays. */
  [Symbol.dispose](): void;
}
