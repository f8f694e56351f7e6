/** @typedef {import("./index.js").Call} Call */
/** @typedef {import("./index.js").CallOptions} CallOptions */
/** @typedef {import("./index.js").Client} Client */
/** @typedef {import("./index.js").ConnectOptions} ConnectOptions */
/** @typedef {import("./index.js").OffhookError} Failure */
/** @typedef {import("./store.js").CallSnapshot} CallSnapshot */
/** @typedef {import("./store.js").Store} StoreInterface */
/** @typedef {import("./store.js").StoreSnapshot} StoreSnapshot */

import { connect, OffhookError } from "./index.js";

/** @type {StoreSnapshot} */
const IDLE = Object.freeze({
  status: "idle",
  client: undefined,
  error: undefined,
  warning: undefined,
  reconnecting: undefined,
  calls: Object.freeze([]),
  incoming: undefined,
  lastCall: undefined,
});

export function createStore() {
  return new Store();
}

/**
 * One sign-in and its calls, as a value that changes. Documented in `store.d.ts`.
 *
 * @implements {StoreInterface}
 */
class Store {
  #snapshot = IDLE;
  /** @type {Set<{ run: (snapshot: StoreSnapshot) => void }>} */
  #subscribers = new Set();
  /** The sign-in under way. @type {AbortController | undefined} */
  #signingIn;
  /**
   * The client that is listened to, until it is closed.
   *
   * @type {{ client: Client, listening: AbortController } | undefined}
   */
  #session;
  /** Settles when the last client to be closed is. @type {Promise<void> | undefined} */
  #closing;

  getSnapshot = () => this.#snapshot;

  getInitialSnapshot = () => IDLE;

  /** @param {(snapshot: StoreSnapshot) => void} run */
  subscribe = (run) => {
    // An entry of its own: who subscribes the same function twice hears twice.
    const entry = { run };
    this.#subscribers.add(entry);
    this.#tell(entry);
    return () => {
      this.#subscribers.delete(entry);
    };
  };

  /** @param {ConnectOptions} options */
  connect = (options) => {
    const outcome = this.#signIn(options);
    // Whoever does not wait for it reads the failure in the snapshot.
    outcome.catch(() => {});
    return outcome;
  };

  disconnect = async () => {
    const closed = this.#leave();
    const { status, lastCall } = this.#snapshot;
    if (status !== "idle") this.#replace({ ...IDLE, lastCall });
    await closed;
  };

  /** @param {CallOptions} [options] */
  newCall = (options) => {
    const { client } = this.#snapshot;
    if (!client) throw notSignedIn();
    const call = client.newCall(options);
    this.#show(call);
    return call;
  };

  /**
   * @template T
   * @param {() => T | PromiseLike<T>} work
   */
  attempt = async (work) => {
    try {
      return await work();
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.#change({ error });
      return undefined;
    }
  };

  /** @param {"error" | "warning" | "lastCall"} what */
  dismiss = (what) => {
    if (this.#snapshot[what]) this.#change({ [what]: undefined });
  };

  /** @param {ConnectOptions} options */
  async #signIn(options) {
    const closed = this.#leave();
    const signingIn = new AbortController();
    const { signal } = signingIn;
    this.#signingIn = signingIn;
    this.#replace({ ...IDLE, status: "connecting", lastCall: this.#snapshot.lastCall });
    // Another value is for connect() to refuse.
    const given = options?.signal instanceof AbortSignal ? options.signal : undefined;
    const giveUp = () => signingIn.abort(given?.reason);
    try {
      if (given?.aborted) giveUp();
      given?.addEventListener("abort", giveUp);
      // One user at a time: some gateways let only the last to arrive be called.
      await closed;
      const client = await connect({ ...options, signal: given || !options?.signal ? signal : options.signal });
      if (signal.aborted) {
        this.#close(client);
        throw signal.reason;
      }
      this.#begin(client);
      return client;
    } catch (error) {
      if (this.#signingIn === signingIn) this.#fail(error, signal.aborted);
      throw error;
    } finally {
      given?.removeEventListener("abort", giveUp);
    }
  }

  /**
   * @param {unknown} error
   * @param {boolean} isGivenUp
   */
  #fail(error, isGivenUp) {
    this.#signingIn = undefined;
    if (isGivenUp) {
      this.#change({ status: "idle" });
    } else {
      if (!isFailure(error)) reportError(error);
      this.#change({ status: "failed", error: isFailure(error) ? error : undefined });
    }
  }

  /** Listens to the client: once, however many subscribers there are. @param {Client} client */
  #begin(client) {
    this.#signingIn = undefined;
    const listening = new AbortController();
    const { signal } = listening;
    this.#session = { client, listening };
    client.on("incomingCall", ({ call }) => this.#show(call), { signal });
    client.on("callState", ({ call }) => this.#show(call), { signal });
    client.on("recoveredCall", ({ call }) => this.#show(call), { signal });
    client.on("warning", (warning) => this.#change({ warning }), { signal });
    client.on("socketDisconnected", () => client.ready || client.reconnecting || this.#sessionEnded(client), { signal });
    client.on("reconnecting", (reconnecting) => this.#change({ reconnecting }), { signal });
    client.on("ready", () => this.#snapshot.reconnecting && this.#change({ reconnecting: undefined }), { signal });
    client.on("error", ({ error, call }) => {
      this.#change({ error });
      if (call) this.#show(call, error);
      else if (error.fatal) this.#sessionEnded(client);
    }, { signal });
    this.#change({ status: "ready", client });
    for (const call of client.calls) this.#show(call);
  }

  /**
   * The session is over. What its client has yet to tell, of its calls and of the reason, is still heard.
   *
   * @param {Client} client
   */
  #sessionEnded(client) {
    if (this.#snapshot.status !== "ready") return;
    this.#change({ status: "closed", client: undefined, reconnecting: undefined });
    this.#close(client).then(() => {
      if (this.#session?.client === client) this.#forget();
    });
  }

  /** Ends what there is, a sign-in under way or a session; settles when that is closed. */
  #leave() {
    this.#signingIn?.abort();
    this.#signingIn = undefined;
    if (this.#session) {
      // Its calls end while they are still listened to.
      this.#close(this.#session.client);
      this.#forget();
    }
    return this.#closing;
  }

  #forget() {
    this.#session?.listening.abort();
    this.#session = undefined;
  }

  /** @param {Client} client */
  #close(client) {
    // It fails only after a defect, of which the client has told: then there is nothing left to close.
    this.#closing = client.close().catch(() => {});
    return this.#closing;
  }

  /**
   * Shows a call as it is.
   *
   * @param {Call} call
   * @param {Failure} [error]
   */
  #show(call, error) {
    const { calls, lastCall } = this.#snapshot;
    const before = [...calls, lastCall].find((shown) => shown?.handle === call);
    if (!before && call.state !== "done") this.#watch(call);
    const shown = look(call, error ?? before?.error, before);
    if (shown === before) return;
    if (call.state === "done") {
      this.#changeCalls(calls.filter(({ handle }) => handle !== call), { lastCall: shown });
    } else {
      this.#changeCalls(before ? calls.map((one) => (one === before ? shown : one)) : [...calls, shown]);
    }
  }

  /** @param {Call} call */
  #watch(call) {
    if (!this.#session) return;
    call.on("updated", () => this.#show(call), { signal: this.#session.listening.signal });
  }

  /**
   * @param {CallSnapshot[]} calls
   * @param {Partial<StoreSnapshot>} [more]
   */
  #changeCalls(calls, more) {
    this.#change({ calls: Object.freeze(calls), incoming: calls.find(ringsHere), ...more });
  }

  /** @param {Partial<StoreSnapshot>} change */
  #change(change) {
    this.#replace({ ...this.#snapshot, ...change });
  }

  /** @param {StoreSnapshot} snapshot */
  #replace(snapshot) {
    this.#snapshot = Object.freeze(snapshot);
    for (const entry of [...this.#subscribers]) {
      // One that an earlier one ended is not called.
      if (this.#subscribers.has(entry)) this.#tell(entry);
    }
  }

  /** @param {{ run: (snapshot: StoreSnapshot) => void }} entry */
  #tell({ run }) {
    try {
      run(this.#snapshot);
    } catch (error) {
      reportError(error);
    }
  }
}

/**
 * A call as it is: `before` itself, if that is the same.
 *
 * @param {Call} call
 * @param {Failure | undefined} error
 * @param {CallSnapshot | undefined} before
 * @returns {CallSnapshot}
 */
function look(call, error, before) {
  const { id, direction, state, earlyMedia, mediaConnected, muted, remoteName, remoteNumber, destinationNumber } = call;
  const now = {
    handle: call, id, direction, state, earlyMedia, mediaConnected, muted, remoteName, remoteNumber, destinationNumber,
    clientState: call.clientState,
    customHeaders: kept(before?.customHeaders, call.customHeaders),
    telnyxIds: kept(before?.telnyxIds, call.telnyxIds),
    startedConnectingAt: kept(before?.startedConnectingAt, call.startedConnectingAt),
    connectedAt: kept(before?.connectedAt, call.connectedAt),
    answeredAt: kept(before?.answeredAt, call.answeredAt),
    interruption: call.interruption,
    reason: kept(before?.reason, call.reason),
    error,
  };
  const names = /** @type {(keyof CallSnapshot)[]} */ (Object.keys(now));
  return before && names.every((name) => Object.is(before[name], now[name])) ? before : Object.freeze(now);
}

/**
 * A call makes its dates and tables anew each time it is asked for them: equal ones must stay the same object.
 *
 * @template T
 * @param {T | undefined} before
 * @param {T} now
 */
function kept(before, now) {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/** @param {CallSnapshot} call */
function ringsHere({ direction, state }) {
  return direction === "inbound" && (state === "new" || state === "ringing");
}

/**
 * @param {unknown} error
 * @returns {error is Failure}
 */
function isFailure(error) {
  return error instanceof OffhookError;
}

function notSignedIn() {
  // Its type hides how it is made from those who only catch it.
  const Misuse = /** @type {new (fields: object) => Failure} */ (/** @type {unknown} */ (OffhookError));
  const message = "nobody is signed in: wait for connect() to resolve";
  return new Misuse({ message, kind: "misuse", code: 60002, fatal: false });
}
