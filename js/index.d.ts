/// <reference lib="esnext.disposable" />
import type { Client, ConnectOptions, OffhookError as Failure } from "../pkg/offhook.js";

export type {
  AnonymousOptions,
  AnonymousTarget,
  AnswerOptions,
  Call,
  CallEvents,
  CallOptions,
  CallState,
  CallStats,
  Client,
  ClientEvents,
  CommonOptions,
  ConnectOptions,
  Device,
  Devices,
  Dialect,
  Direction,
  ErrorKind,
  ListenOptions,
  PasswordOptions,
  Region,
  TelnyxIds,
  Termination,
  TokenOptions,
} from "../pkg/offhook.js";

/**
 * Connects and signs in: once, within ten seconds. The first call loads the WebAssembly module.
 *
 * Rejects with an `OffhookError`, or with the signal's reason if `signal` aborts. What the client has to tell of its
 * sign-in (`session`, `ready`) it tells just after this resolves, so that listeners added then hear it.
 */
export declare function connect(options: ConnectOptions): Promise<Client>;

/**
 * Loads the WebAssembly module ahead of `connect()`, such as when the page is idle. Rejects with an `OffhookError` if it
 * cannot be loaded; the next call tries again.
 */
export declare function preload(options?: {
  /** As in {@link CommonOptions.wasmUrl}. */
  wasmUrl?: string | URL;
}): Promise<void>;

/** Every failure that Offhook tells of; for `instanceof`. */
export declare const OffhookError: abstract new (...args: never) => Failure;
export type OffhookError = Failure;
