/// <reference lib="esnext.disposable" />
/** @typedef {import("./index.js").ConnectOptions} ConnectOptions */

import init, { Engine, watchPanics } from "../pkg/offhook.js";
import { open } from "./client.js";
import { checkAlive, die } from "./death.js";
import { OffhookError } from "./error.js";
import { readConnectOptions } from "./options.js";

export { OffhookError };

/** @type {Promise<void> | undefined} */
let loading;

/**
 * Connects and signs in. The first call loads the WebAssembly module.
 *
 * @param {ConnectOptions} options
 */
export async function connect(options) {
  checkAlive();
  const read = readConnectOptions(options);
  options.signal?.throwIfAborted();
  // A failed load is forgotten, so that the next call tries again.
  loading ??= load(options.wasmUrl).catch((error) => {
    loading = undefined;
    throw error;
  });
  await loading;
  return open(Engine, read, options);
}

/** @param {string | URL | undefined} wasmUrl */
async function load(wasmUrl) {
  const url = wasmUrl ?? new URL("../pkg/offhook_bg.wasm", import.meta.url);
  try {
    await init({ module_or_path: url });
  } catch (cause) {
    const message = `cannot load the WebAssembly module from ${url}: ${cause}`;
    throw new OffhookError({ message, kind: "lost", code: 60403, fatal: true, url: String(url), cause });
  }
  watchPanics((message) => {
    console.error(new Error(message));
    die();
  });
}
