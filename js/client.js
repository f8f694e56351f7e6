/** @typedef {import("./index.js").CallOptions} CallOptions */
/** @typedef {import("./index.js").Client} ClientInterface */
/** @typedef {import("./index.js").ClientEvents} ClientEvents */
/** @typedef {import("./index.js").ConnectOptions} ConnectOptions */
/** @typedef {import("./index.js").ListenOptions} ListenOptions */

import { orAborted } from "./aborted.js";
import { Devices } from "./devices.js";
import { OffhookError } from "./error.js";
import { object, readCallOptions, secret } from "./options.js";
import { Switchboard } from "./switchboard.js";

/**
 * One sign-in to one gateway, and its calls. Documented in `index.d.ts`.
 *
 * @implements {ClientInterface}
 */
export class Client {
  #board;
  #devices;

  /** For what else this module offers. @param {Client} client */
  static board(client) {
    return client.#board;
  }

  /** @param {Switchboard} board */
  constructor(board) {
    this.#board = board;
    this.#devices = new Devices(board);
  }

  get ready() {
    return this.#board.ready;
  }
  get reconnecting() {
    return this.#board.reconnecting;
  }
  get sessid() {
    return this.#board.sessid;
  }
  get dialect() {
    return this.#board.dialect;
  }
  get url() {
    return this.#board.url;
  }
  get region() {
    return this.#board.region;
  }
  get calls() {
    const lines = [...this.#board.lines.values()];
    return lines.filter(({ isUnheard, snapshot }) => !isUnheard && snapshot.state !== "done").map(({ call }) => call);
  }
  get token() {
    const { identity, expires } = this.#board.tokens.current ?? {};
    return this.#board.tokens.current && { identity, expiresAt: expires === undefined ? undefined : new Date(expires * 1000) };
  }
  get devices() {
    return this.#devices;
  }

  /** @param {CallOptions} [options] */
  newCall(options) {
    this.#board.checkOpen();
    return this.#board.newCall(readCallOptions(options));
  }

  prepare() {
    return this.#board.prepare();
  }

  /** @param {string} token */
  async updateToken(token) {
    this.#board.checkOpen();
    await this.#board.tokens.update(secret("token", token));
  }

  /** @param {object} frame */
  send(frame) {
    this.#board.checkOpen();
    return this.#board.send(JSON.stringify(object("frame", frame, "an object")));
  }

  reconnectNow() {
    this.#board.order("reconnectNow");
  }

  /**
   * @template {keyof ClientEvents} K
   * @param {K} event
   * @param {(event: ClientEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    this.#board.checkOpen();
    const undo = this.#board.listeners.add(event, listener, options);
    if (event === "message") this.#board.order("observe", "", "yes");
    return undo;
  }

  close() {
    return this.#board.close();
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    void this.#board.close();
  }
}

/**
 * Connects, with options that were read and as they were given.
 *
 * @param {typeof import("../pkg/offhook.js").Engine} engine
 * @param {Record<string, any>} options
 * @param {ConnectOptions} given
 */
export async function open(engine, options, given) {
  const { signal } = given;
  signal?.throwIfAborted();
  const board = new Switchboard(engine, options);
  const client = new Client(board);
  board.listeners.early = true;
  try {
    for (const plugin of given.plugins ?? []) plugin?.(client);
    await orAborted(board.connect(), signal);
  } catch (error) {
    if (error instanceof OffhookError) board.listeners.tell("error", { error });
    board.shutDown();
    throw error;
  }
  board.startToSpeak();
  return client;
}
