/** @typedef {import("./switchboard.js").Switchboard} Switchboard */

import { orAborted } from "./aborted.js";
import { secret } from "./options.js";
import { engineToken, readToken } from "./token.js";

/** As long as the engine waits for a token. */
const WITHIN_MS = 10_000;

/** What one client signs in with, where that is tokens. */
export class Tokens {
  #board;
  #get;

  /**
   * @param {Switchboard} board
   * @param {{ token?: import("./token.js").Token, getToken?: () => unknown }} options
   */
  constructor(board, { token, getToken }) {
    this.#board = board;
    /** The one in use, as far as it says something of itself. */
    this.current = token;
    this.#get = getToken;
  }

  /** @param {string} text */
  async update(text) {
    await this.#use(readToken(text));
  }

  /** Who will be signed in has to be known before the engine asks for it. */
  async fetchFirst() {
    await this.#use(await orAborted(this.#next(), AbortSignal.timeout(WITHIN_MS)));
  }

  /** The engine wants one. */
  async fetch() {
    /** @type {["token" | "noToken", string]} */
    let outcome;
    try {
      outcome = ["token", engineToken(this.current = await this.#next())];
    } catch (error) {
      outcome = ["noToken", String(/** @type {Error | undefined} */ (error)?.message ?? error)];
    }
    if (!this.#board.isClosed) this.#board.enter((engine) => engine.happened(0, ...outcome));
  }

  async #next() {
    return readToken(secret("what getToken() resolves to", await this.#get?.()));
  }

  /** @param {import("./token.js").Token} token */
  async #use(token) {
    await this.#board.ask("updateToken", "", engineToken(token));
    this.current = token;
  }
}
