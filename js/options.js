import { wrongOption } from "./error.js";
import { PAIRS, REGIONS, takeAnswerOptions, takeCallOptions, takeConnectOptions, takeListenOptions } from "./taken.js";

/** Types are checked here and limits in the core; both before anything is sent. */

const TEXTS = ["url", "callerName", "callerNumber", "microphoneId", "speakerId"];

/**
 * What `connect()` takes, as the engine takes it.
 *
 * @param {unknown} given
 */
export function readConnectOptions(given) {
  const options = object("options", given, "an object with `login`, `token`, `getToken` or `anonymous`");
  oneOf(options, "dialect", ["telnyx", "freeswitch"]);
  oneOf(options, "environment", ["production", "development"]);
  oneOf(options, "region", REGIONS);
  oneOf(options, "onReload", ["resume", "hangup"]);
  for (const name of TEXTS) text(options, name);
  const isCount = (/** @type {number} */ value) => Number.isSafeInteger(value) && value >= 0;
  number(options, "reconnectAttempts", isCount, "a whole number, 0 or more");
  number(options, "recoverySeconds", (value) => value >= 1 && value <= 600, "a number from 1 to 600");
  readWasmUrl(options);
  for (const name of ["forceRelay", "trickle", "confirmLeave"]) flag(options, name);
  for (const name of ["audio", "encoding", "rtcConfiguration"]) readConstraints(name, options[name] ?? {});
  const { processAudio, preferredCodecs, plugins } = options;
  readFunction("processAudio", processAudio);
  list("preferredCodecs", preferredCodecs, "text", readText);
  list("plugins", plugins, "functions", readFunction);
  readSignal(options);
  oneOf(options, "tokenStrategy", ["timeToLive", "onExpiry", "perCall", "prefetch"]);
  checkCredentials(options);
  checkIceServers(options["iceServers"]);
  return takeConnectOptions(options);
}

/**
 * What `preload()` takes: where the module is, if that is not beside the entry.
 *
 * @param {unknown} given
 * @returns {string | URL | undefined}
 */
export function readPreloadOptions(given) {
  return readWasmUrl(object("options", given ?? {}, "an object"));
}

/**
 * What `newCall()` takes.
 *
 * @param {unknown} given
 */
export function readCallOptions(given) {
  const options = object("options", given ?? {}, "an object");
  for (const name of ["destinationNumber", "callerName", "callerNumber", "callId", "clientState"]) text(options, name);
  const { callId, clientState } = options;
  if (callId != null && !/^\S+$/.test(callId)) {
    throw wrongOption("callId", kind(callId), "text without spaces, which nobody can guess");
  }
  flag(options, "muted");
  checkAudio(options);
  checkPairs(options);
  return takeCallOptions(options);
}

/**
 * What `answer()` takes.
 *
 * @param {unknown} given
 */
export function readAnswerOptions(given) {
  const options = object("options", given ?? {}, "an object");
  flag(options, "muted");
  checkAudio(options);
  checkPairs(options);
  return takeAnswerOptions(options);
}

/**
 * What `on()` takes.
 *
 * @param {unknown} event
 * @param {unknown} listener
 * @param {readonly unknown[]} events those that there are
 */
export function checkListener(event, listener, events) {
  if (!events.includes(event)) throw wrongOption("event", kind(event), `one of ${events.join(", ")}`);
  if (typeof listener !== "function") throw wrongOption("listener", kind(listener), "a function");
}

/**
 * What `setVolume()` takes.
 *
 * @param {any} volume
 */
export function checkVolume(volume) {
  if (!(volume >= 0 && volume <= 1)) throw wrongOption("volume", String(volume), "a number from 0 to 1");
}

/**
 * What `on()` takes beside the event and the listener.
 *
 * @param {unknown} given
 */
export function readListenOptions(given) {
  const options = object("options", given ?? {}, "an object");
  flag(options, "once");
  readSignal(options);
  return takeListenOptions(options);
}

/**
 * Text that must be there.
 *
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
export function readText(name, value) {
  if (typeof value !== "string") throw wrongOption(name, kind(value), "text");
  return value;
}

/**
 * A `deviceId`, or `undefined` for the system's device.
 *
 * @param {unknown} value
 */
export function readDevice(value, name = "deviceId") {
  return value == null ? undefined : readText(name, value);
}

/**
 * What the browser takes as it is.
 *
 * @param {string} name
 * @param {unknown} value
 * @returns {Record<string, any>}
 */
export function readConstraints(name, value) {
  return object(name, value, "an object");
}

/** @param {Record<string, unknown>} options */
function checkAudio({ audio }) {
  if (audio == null || typeof audio === "boolean" || audio instanceof MediaStream) return;
  throw wrongOption("audio", type(audio), "true, false or a MediaStream");
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} of what
 * @param {(name: string, value: unknown) => void} read
 */
function list(name, value, of, read) {
  if (value == null) return;
  if (!Array.isArray(value)) throw wrongOption(name, kind(value), `an array of ${of}`);
  value.forEach((item, i) => read(`${name}[${i}]`, item));
}

/**
 * How a value is shown in an error. A mistaken one may be a pasted document: the message stays readable.
 *
 * @param {unknown} value
 */
export function kind(value) {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (typeof value === "number" || typeof value === "boolean" || value == null) return String(value);
  return type(value);
}

/**
 * All that is said of a secret, and of what may be one.
 *
 * @param {unknown} value
 */
function type(value) {
  if (value == null) return String(value);
  if (Array.isArray(value)) return "an array";
  return { string: "text", object: "an object" }[String(typeof value)] ?? `a ${typeof value}`;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function readFunction(name, value) {
  if (value != null && typeof value !== "function") throw wrongOption(name, type(value), "a function");
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} expected
 * @returns {Record<string, any>}
 */
export function object(name, value, expected) {
  // Never what it is: a token may have been given in its place.
  if (typeof value !== "object" || value === null) throw wrongOption(name, type(value), expected);
  return value;
}

/**
 * @param {Record<string, unknown>} options
 * @param {string} name
 */
export function text(options, name, path = name) {
  const value = options[name];
  if (value != null) readText(path, value);
}

/**
 * @param {Record<string, unknown>} options
 * @param {string} name
 */
export function flag(options, name) {
  const value = options[name];
  if (value != null && typeof value !== "boolean") throw wrongOption(name, kind(value), "true or false");
}

/**
 * @param {Record<string, unknown>} options
 * @param {string} name
 * @param {(value: number) => boolean} fits
 * @param {string} expected
 */
export function number(options, name, fits, expected) {
  const value = options[name];
  if (value != null && !(typeof value === "number" && fits(value))) throw wrongOption(name, kind(value), expected);
}

/**
 * @param {Record<string, unknown>} options
 * @param {string} name
 * @param {string[]} values
 */
export function oneOf(options, name, values) {
  const value = options[name];
  if (value == null || values.some((known) => known === value)) return;
  const quoted = values.map((known) => `"${known}"`);
  throw wrongOption(name, kind(value), `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`);
}

/**
 * @param {Record<string, unknown>} options
 * @returns {AbortSignal | undefined}
 */
function readSignal({ signal }) {
  if (signal == null) return undefined;
  if (!(signal instanceof AbortSignal)) throw wrongOption("signal", kind(signal), "an AbortSignal");
  return signal;
}

/** @param {Record<string, unknown>} options */
function readWasmUrl({ wasmUrl }) {
  if (wasmUrl == null) return undefined;
  if (typeof wasmUrl !== "string" && !(wasmUrl instanceof URL)) throw wrongOption("wasmUrl", kind(wasmUrl), "text or a URL");
  return wasmUrl;
}

/** @param {Record<string, any>} options */
function checkCredentials({ login, password, token, getToken, tokenStrategy, anonymous }) {
  /** @type {[string, unknown][]} */
  const ways = [["login", login], ["token", token ?? getToken], ["anonymous", anonymous]];
  const [way, other] = ways.filter(([, value]) => value != null);
  if (!way) throw wrongOption("login", "undefined", "given, unless there is `token`, `getToken` or `anonymous`");
  readFunction("getToken", getToken);
  if (tokenStrategy != null && getToken == null) {
    throw wrongOption("tokenStrategy", kind(tokenStrategy), "left out: there is no `getToken`");
  }
  if (other) throw wrongOption(other[0], type(other[1]), `left out: there is \`${way[0]}\` already`);
  if (way[0] !== "login" && password != null) {
    throw wrongOption("password", type(password), `left out: there is \`${way[0]}\` already`);
  }
  if (way[0] === "anonymous") {
    const target = object("anonymous", anonymous, "an object with `targetId`");
    readText("anonymous.targetId", target["targetId"]);
    for (const name of ["targetType", "targetVersionId", "conversationId"]) text(target, name, `anonymous.${name}`);
    const parameters = object("anonymous.parameters", target["parameters"] ?? {}, "an object");
    for (const [name, value] of Object.entries(parameters)) readText(`anonymous.parameters["${name}"]`, value);
  } else if (way[0] === "token") {
    if (token != null) secret("token", token);
  } else {
    readText("login", login);
    secret("password", password);
  }
}

/**
 * Text of which nothing is said, whatever it is.
 *
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
export function secret(name, value) {
  if (typeof value !== "string") throw wrongOption(name, type(value), "text");
  return value;
}

/** @param {unknown} servers */
function checkIceServers(servers) {
  if (servers == null) return;
  if (!Array.isArray(servers)) throw wrongOption("iceServers", kind(servers), "an array of RTCIceServer");
  servers.forEach((entry, i) => {
    const path = `iceServers[${i}]`;
    const server = object(path, entry, "an RTCIceServer");
    const { urls, credential } = server;
    const list = Array.isArray(urls) ? urls : [urls];
    list.forEach((url, j) => readText(Array.isArray(urls) ? `${path}.urls[${j}]` : `${path}.urls`, url));
    text(server, "username", `${path}.username`);
    if (credential != null) secret(`${path}.credential`, credential);
  });
}

/**
 * Names and values.
 *
 * @param {Record<string, unknown>} options
 */
function checkPairs(options) {
  for (const option of PAIRS) {
    const given = object(option, options[option] ?? {}, "an object");
    for (const [name, value] of Object.entries(given)) readText(`${option}.${name}`, value);
  }
}
