/// <reference lib="esnext.disposable" />
/** @typedef {import("./index.js").ConnectOptions} ConnectOptions */

import init, { Engine, watchPanics } from "../pkg/offhook.js";
import { orAborted } from "./aborted.js";
import { open } from "./client.js";
import { checkAlive, die, failure } from "./death.js";
import { OffhookError } from "./error.js";
import { address, integrity } from "./module.js";
import { readConnectOptions, readPreloadOptions } from "./options.js";
import { engineOptions } from "./taken.js";

export { OffhookError };

/** As long as a socket has to open: a load that hangs must not keep `connect()` from settling. */
const LOAD_WITHIN_MS = 10_000;

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
  await orAborted(loadOnce(options.wasmUrl), options.signal);
  return open(Engine, read, options);
}

/**
 * Loads the module ahead of `connect()`.
 *
 * @param {{ wasmUrl?: string | URL }} [options]
 */
export async function preload(options) {
  checkAlive();
  await loadOnce(readPreloadOptions(options));
  checkAlive();
  try {
    rehearse();
  } catch (error) {
    throw failure(error);
  }
}

/** Browsers compile a function when it first runs: those that connecting needs, better while nobody waits. */
function rehearse() {
  const options = engineOptions({ url: "ws://localhost", login: "nobody", password: "" });
  const nobody = new Engine(options, { peer() {}, socket() {}, wake() {}, hear() {} });
  // Of a peer connection that does not exist: heard, and of no consequence.
  nobody.happened(0, "gathered", "");
  // Nothing is opened, since the orders that follow from it are not carried out.
  nobody.command("connect", "", "");
  nobody.free();
}

/** @param {string | URL | undefined} wasmUrl */
function loadOnce(wasmUrl) {
  // A failed load is forgotten, so that the next call tries again.
  loading ??= load(wasmUrl).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** @param {string | URL | undefined} wasmUrl */
async function load(wasmUrl) {
  const url = wasmUrl ?? address();
  try {
    await init({ module_or_path: fetch(url, { integrity, signal: AbortSignal.timeout(LOAD_WITHIN_MS) }) });
  } catch (cause) {
    // Browsers do not tell pages that a hash does not match from that nobody answers: the words serve for both.
    const hint = cause instanceof TypeError ? ". It must be reachable, and this version's own file, unchanged" : "";
    const message = `cannot load the WebAssembly module from ${url}: ${cause}${hint}`;
    throw new OffhookError({ message, kind: "lost", code: 60403, fatal: true, url: String(url), cause });
  }
  watchPanics((message) => {
    console.error(new Error(message));
    die();
  });
}
