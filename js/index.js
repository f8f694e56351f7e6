/// <reference lib="esnext.disposable" />
import init, * as offhook from "../pkg/offhook.js";

/** @typedef {import("./index.js").ConnectOptions} ConnectOptions */
/** @typedef {import("./index.js").ErrorKind} ErrorKind */

/** Every failure that Offhook tells of; `index.d.ts` has its fields. */
export class OffhookError extends Error {
  /**
   * @param {string} message
   * @param {{ kind: ErrorKind, code: number, fatal: boolean, [field: string]: unknown }} fields
   */
  constructor(message, fields) {
    super(message);
    Object.assign(this, fields);
    this.name = "OffhookError";
  }
}

/** @type {Promise<unknown> | undefined} */
let loading;

/** @type {OffhookError | undefined} */
let death;

/**
 * Connects and signs in. The first call loads the WebAssembly module.
 *
 * @param {ConnectOptions} options
 */
export async function connect(options) {
  if (death) throw death;
  await load(options?.wasmUrl);
  return offhook.connect(options);
}

/**
 * Loads once; a failed load is forgotten, so that the next call tries again.
 *
 * @param {string | URL | undefined} wasmUrl
 */
function load(wasmUrl) {
  loading ??= start(wasmUrl ?? new URL("../pkg/offhook_bg.wasm", import.meta.url)).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** @param {string | URL} url */
async function start(url) {
  try {
    await init({ module_or_path: url });
  } catch (cause) {
    const message = `cannot load the WebAssembly module from ${url}: ${cause}`;
    throw Object.assign(lost(message), { url: String(url), cause });
  }
  offhook.setErrorClass(OffhookError);
  offhook.watchPanics(die);
  if (Symbol.dispose) {
    Object.defineProperty(offhook.Client.prototype, Symbol.dispose, { value: offhook.Client.prototype.dispose });
  }
}

/** @param {string} message */
function lost(message) {
  return new OffhookError(message, { kind: "lost", code: 60403, fatal: true });
}

/**
 * The module panicked: its memory cannot be trusted, so nothing may enter it again.
 *
 * @returns {OffhookError}
 */
function die() {
  const message = "Offhook stopped because of a defect in itself (see the console); reload the page";
  death = new OffhookError(message, { kind: "misuse", code: 60008, fatal: true });
  for (const { prototype } of [offhook.Client, offhook.Call, offhook.Devices]) seal(prototype, death);
  return death;
}

/**
 * Makes every getter and method throw.
 *
 * @param {object} prototype
 * @param {Error} error
 */
function seal(prototype, error) {
  const thrower = () => {
    throw error;
  };
  for (const name of Reflect.ownKeys(prototype)) {
    const { get } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, name));
    if (name !== "constructor") Object.defineProperty(prototype, name, get ? { get: thrower } : { value: thrower });
  }
}
