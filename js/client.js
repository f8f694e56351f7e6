/** @typedef {import("./index.js").CallOptions} CallOptions */
/** @typedef {import("./index.js").Client} ClientInterface */
/** @typedef {import("./index.js").ClientEvents} ClientEvents */
/** @typedef {import("./index.js").ConnectOptions} ConnectOptions */
/** @typedef {import("./index.js").ListenOptions} ListenOptions */

import { orAborted } from "./aborted.js";
import { Devices } from "./devices.js";
import { readCallOptions, secret } from "./options.js";
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
    const { lines, unheard } = this.#board;
    return [...lines.values()].map(({ call }) => call).filter((call) => call.state !== "done" && !unheard.has(call));
  }
  get token() {
    const { identity, expires } = this.#board.token ?? {};
    return this.#board.token && { identity, expiresAt: expires === undefined ? undefined : new Date(expires * 1000) };
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
    await this.#board.updateToken(secret("token", token));
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
  try {
    await orAborted(board.connect(), signal);
  } catch (error) {
    board.shutDown();
    throw error;
  }
  board.startToSpeak();
  return new Client(board);
}
