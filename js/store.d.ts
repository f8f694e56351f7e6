import type { Call, CallOptions, Client, ClientEvents, ConnectOptions, OffhookError } from "./index.js";

/**
 * Where the sign-in stands.
 *
 * - `idle`: nobody is signed in, and nothing went wrong: before the first `connect()`, after `disconnect()`
 * - `connecting`: `connect()` is under way
 * - `ready`: signed in; there is a `client`, also while a lost session is being brought back (`reconnecting`)
 * - `failed`: `connect()` failed; there is an `error`
 * - `closed`: the session ended by itself; `error` says why, where the gateway or the network ended it
 */
export type StoreStatus = "idle" | "connecting" | "ready" | "failed" | "closed";

/** What a snapshot has of its call, as it was. */
type Shown =
  | "id" | "direction" | "state" | "earlyMedia" | "mediaConnected" | "muted"
  | "remoteName" | "remoteNumber" | "destinationNumber" | "clientState" | "customHeaders" | "telnyxIds"
  | "startedConnectingAt" | "connectedAt" | "answeredAt" | "interruption" | "reason";

/** One call as it was at one moment. It never changes; a call that changes gets another one. */
export interface CallSnapshot extends Pick<Call, Shown> {
  /** The call itself, to answer it, to hold it, to hang it up. The same object for the call's whole life. */
  readonly handle: Call;
  /** The newest failure that the call told of. */
  readonly error: OffhookError | undefined;
}

/** Something odd that the client told of; nothing has failed yet. */
export interface StoreWarning {
  /** Stable. */
  readonly code: number;
  /** A sentence about it. */
  readonly message: string;
  /** The call concerned, if there is one. */
  readonly call?: Call;
  /** 61101: lets the call be heard, from the listener of a click; resolves to whether it is. */
  readonly resume?: () => Promise<boolean>;
}

/**
 * Everything that a page shows, as it was at one moment. It never changes: when something does, there is another one,
 * in which all that did not change is the same object as before.
 */
export interface StoreSnapshot {
  /** Where the sign-in stands. */
  readonly status: StoreStatus;
  /** The client, while `status` is `ready`. */
  readonly client: Client | undefined;
  /** The newest failure of whatever there is, until it is dismissed or the next `connect()`. */
  readonly error: OffhookError | undefined;
  /** The newest warning, until it is dismissed or the next `connect()`. */
  readonly warning: StoreWarning | undefined;
  /** While a lost session is being brought back: the newest attempt. */
  readonly reconnecting: ClientEvents["reconnecting"] | undefined;
  /** The calls that have not ended, oldest first. */
  readonly calls: readonly CallSnapshot[];
  /** The one of `calls` that rings here, if there is one; the oldest, if there are several. */
  readonly incoming: CallSnapshot | undefined;
  /** The call that ended last, with its `reason`, until it is dismissed or another one ends. */
  readonly lastCall: CallSnapshot | undefined;
}

/**
 * One sign-in and its calls, as a value that changes. Every framework reads it with its own means: `offhook/react` has
 * hooks, Svelte reads it as `$store`, Vue through a `shallowRef`.
 *
 * Its functions need no `this`: they may be taken apart and handed on.
 */
export interface Store {
  /** The newest snapshot. The same object until something changes. */
  readonly getSnapshot: () => StoreSnapshot;
  /** The snapshot that every store begins with; what a server renders. */
  readonly getInitialSnapshot: () => StoreSnapshot;
  /**
   * Calls `run` at once, and with every snapshot from then on (Svelte's store contract). The returned function ends it.
   * If `run` throws, that is reported through `reportError`.
   */
  readonly subscribe: (run: (snapshot: StoreSnapshot) => void) => () => void;
  /**
   * Signs in. A sign-in that is under way is given up, one that stands is closed first: the newest wins.
   *
   * Rejects as `connect()` of `offhook` does, and with an `AbortError` if another `connect()` or `disconnect()` comes
   * first. Nobody has to wait for it: what it fails with is in the snapshot, too.
   */
  readonly connect: (options: ConnectOptions) => Promise<Client>;
  /**
   * Hangs up every call and signs out, or gives a sign-in up that is under way. The status is `idle` at once; resolves
   * when all is closed, within two seconds.
   */
  readonly disconnect: () => Promise<void>;
  /**
   * Calls somebody. The call is in the snapshot at once; one made by `client.newCall()` comes with its first event.
   *
   * Throws an `OffhookError` (`misuse`) if an option is wrong or nobody is signed in.
   */
  readonly newCall: (options?: CallOptions) => Call;
  /**
   * Does `work` and keeps what it fails with as `error`: for what a click starts and nobody waits for, such as
   * `attempt(() => call.handle.answer())`. Resolves with what `work` returns, or with `undefined` if it failed.
   *
   * Anything but an `OffhookError` is no failure but a mistake in `work`: it rejects.
   */
  readonly attempt: <T>(work: () => T | PromiseLike<T>) => Promise<T | undefined>;
  /** Takes what the person has read out of the snapshot. */
  readonly dismiss: (what: "error" | "warning" | "lastCall") => void;
}

/** Makes a store. It touches nothing before `connect()`, so that a server may make one. */
export declare function createStore(): Store;
