import { isRecorded, recorder } from "./recording.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/index.js").ConnectOptions} ConnectOptions
 * @typedef {import("./log.js").Kind} Kind
 */

/** The package could not be loaded: the page is broken, not the gateway. */
export class NotLoaded extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("Offhook could not be loaded", { cause });
  }
}

/** Loads the package's entry, so that a fault in it shows before somebody wants to call. */
export async function load() {
  try {
    return isRecorded() ? await recorder() : await import("../js/index.js");
  } catch (error) {
    throw new NotLoaded(error);
  }
}

/**
 * Signs in.
 *
 * @param {ConnectOptions} options
 * @returns {Promise<Client>}
 */
export async function open(options) {
  const { connect } = await load();
  try {
    return await connect(options);
  } catch (error) {
    throw isAboutWasm(error) ? new NotLoaded(error) : error;
  }
}

/** The package's code for a WebAssembly module that would not load. */
const WASM_NOT_LOADED = 60403;

/** @param {unknown} error */
function isAboutWasm(error) {
  return error instanceof Error && "code" in error && error.code === WASM_NOT_LOADED;
}

/**
 * Writes what a client tells into the log.
 *
 * @param {Client} client
 * @param {(kind: Kind, text: string, detail?: unknown) => void} write
 */
export function record(client, write) {
  client.on("socketConnected", ({ url }) => write("session", `Socket open to ${url}`));
  client.on("socketDisconnected", ({ code, reason }) => write("session", `Socket closed: ${code} ${reason}`.trim()));
  client.on("session", ({ sessid }) => write("session", `Session ${sessid}`));
  client.on("ready", () => write("session", "Ready for calls"));
  client.on("reconnecting", ({ attempt, delaySeconds, interruption }) => {
    write("session", `Reconnecting (${interruption}): attempt ${attempt} in ${delaySeconds.toFixed(1)} s`);
  });
  client.on("warning", ({ code, message }) => write("warning", `${message} (${code})`));
  client.on("message", ({ direction, frame }) => write(direction, nameOf(frame), frame));
}

/**
 * @param {unknown} frame
 * @returns {string} the method, or what is answered
 */
function nameOf(frame) {
  if (frame === null || typeof frame !== "object") return String(frame);
  if ("method" in frame) return `${frame.method}`;
  const id = "id" in frame ? ` ${frame.id}` : "";
  if ("error" in frame) {
    const { error } = frame;
    const words = error !== null && typeof error === "object" && "message" in error ? `: ${error.message}` : "";
    return `error${id}${words}`;
  }
  return `result${id}`;
}
