/** @typedef {import("../index.js").Client} Client */
/** @typedef {(typeof import("./summary.js").SIGN_INS)[number]} SignIn */

/** Where Telnyx wants reports, and under which name, as its server says it when somebody registers. */
export class Registration {
  /** Telnyx's name for what this client reports. @type {string | undefined} */
  reportId;
  /** Telnyx's name for the node that the client is at. @type {string | undefined} */
  node;
  /** @type {string | undefined} */
  dc;
  /** @type {SignIn | undefined} */
  signIn;
  #client;

  /**
   * @param {Client} client
   * @param {AbortSignal} signal ends the listening
   */
  constructor(client, signal) {
    this.#client = client;
    client.on("message", ({ direction, frame }) => this.#hear(direction, /** @type {any} */ (frame)), { signal });
    // One that is connected already has heard it before.
    client.on("ready", () => this.ask(), { signal });
    if (client.ready) this.ask();
  }

  /** The address of the server that the client speaks with, and of no other. */
  get url() {
    const url = new URL("/call_report", this.#client.url);
    url.protocol = url.protocol.replace("ws", "http");
    return url;
  }

  /** Where it is not known, the server is asked. FreeSWITCH takes no reports. */
  ask() {
    if (this.reportId !== undefined || this.#client.dialect !== "telnyx") return;
    this.#client.send({ jsonrpc: "2.0", id: crypto.randomUUID(), method: "telnyx_rtc.gatewayState", params: {} });
  }

  /**
   * @param {"in" | "out"} direction
   * @param {any} frame
   */
  #hear(direction, frame) {
    if (Array.isArray(frame)) {
      for (const one of frame) this.#hear(direction, one);
    } else if (direction === "out") {
      this.signIn = signInOf(frame) ?? this.signIn;
    } else {
      const { voice_sdk_id: node, result } = frame ?? {};
      if (typeof node === "string") this.node = node;
      const { call_report_id: reportId, dc } = result?.params ?? {};
      if (typeof reportId === "string") this.reportId = reportId;
      if (typeof dc === "string") this.dc = dc;
    }
  }
}

/**
 * @param {any} frame
 * @returns {SignIn | undefined}
 */
function signInOf(frame) {
  if (frame?.method === "anonymous_login") return "anonymous_login";
  if (frame?.method !== "login") return undefined;
  return frame.params?.login_token === undefined ? "login_password" : "login_token";
}
