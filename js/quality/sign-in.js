/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../quality.js").SignInTimings} SignInTimings */

/** Follows the sign-in of a client that is being connected: what a plugin hears. */
export class SignIn {
  #began = performance.now();
  #over = new AbortController();
  /** In milliseconds since the wish to connect. @type {SignInTimings} */
  timings = {};

  /** @param {Client} client */
  constructor(client) {
    const { signal } = this.#over;
    client.on("socketConnected", () => this.#reach("socketConnected"), { signal });
    client.on("message", ({ direction, frame }) => {
      const { method } = /** @type {{ method?: unknown }} */ (frame ?? {});
      if (direction === "out" && /^(.*\.)?(anonymous_)?login$/.test(String(method))) this.#reach("loginSent");
    }, { signal });
    client.on("ready", () => {
      this.#reach("clientReady");
      this.#over.abort();
    }, { signal });
    client.on("error", ({ error, call }) => error.fatal && !call && this.#over.abort(), { signal });
  }

  /** @param {keyof SignInTimings} name */
  #reach(name) {
    this.timings = Object.freeze({ [name]: performance.now() - this.#began, ...this.timings });
  }
}
