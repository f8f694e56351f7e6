import { encode } from "./base64.js";
import { wrongOption } from "./error.js";
import { readToken, wholeSeconds } from "./token.js";

/** Types are checked here and limits in the core; both before anything is sent. */

/** @type {import("./index.js").Region[]} */
export const REGIONS = ["auto", "us-east", "us-central", "us-west", "ca-central", "eu", "apac", "south-asia"];
/** Members of any object in them: whatever else an application puts there stays here. */
const ENGINE_OPTIONS = [
  "url", "dialect", "environment", "region", "login", "password", "token", "text", "expires", "tokenStrategy", "anonymous",
  "targetId", "targetType", "targetVersionId", "conversationId", "parameters", "iceServers", "urls", "username", "credential",
  "forceRelay", "trickle", "callerName", "callerNumber", "userAgent", "reconnectAttempts", "recoverySeconds",
];
const ENGINE_CALL_OPTIONS = [
  "callId", "destinationNumber", "callerName", "callerNumber", "clientState", "customHeaders", "userVariables", "muted",
];
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
  const { processAudio, preferredCodecs } = options;
  readFunction("processAudio", processAudio);
  if (preferredCodecs != null) texts("preferredCodecs", preferredCodecs);
  readSignal(options);
  oneOf(options, "tokenStrategy", ["timeToLive", "onExpiry", "perCall", "prefetch"]);
  return { ...options, ...credentials(options), iceServers: iceServers(options["iceServers"]), userAgent: navigator.userAgent };
}

/**
 * What the engine takes of what `connect()` took, as JSON.
 *
 * @param {Record<string, any>} options
 */
export function engineOptions({ recoverySeconds, ...options }) {
  const { token } = options;
  return JSON.stringify({
    ...options,
    recoverySeconds: wholeSeconds(recoverySeconds ?? undefined),
    token: token && { text: token.text, expires: wholeSeconds(token.expires) },
  }, ENGINE_OPTIONS);
}

/**
 * What the engine takes of what `newCall()` or `answer()` took, as JSON.
 *
 * @param {Record<string, any>} options
 */
export function engineCallOptions(options) {
  return JSON.stringify(Object.fromEntries(ENGINE_CALL_OPTIONS.map((name) => [name, options[name]])));
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
  readAudio(options);
  return { ...options, clientState: clientState && encode(clientState), ...pairs(options) };
}

/**
 * What `answer()` takes.
 *
 * @param {unknown} given
 */
export function readAnswerOptions(given) {
  const options = object("options", given ?? {}, "an object");
  flag(options, "muted");
  return { muted: options["muted"], audio: readAudio(options), ...pairs(options) };
}

/**
 * What `on()` takes beside the event and the listener.
 *
 * @param {unknown} given
 */
export function readListenOptions(given) {
  const options = object("options", given ?? {}, "an object");
  flag(options, "once");
  return { once: options["once"] === true, signal: readSignal(options) };
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

/**
 * @param {Record<string, unknown>} options
 * @returns {boolean | MediaStream | undefined}
 */
function readAudio({ audio }) {
  if (audio == null) return undefined;
  if (typeof audio === "boolean" || audio instanceof MediaStream) return audio;
  throw wrongOption("audio", type(audio), "true, false or a MediaStream");
}

/**
 * @param {string} name
 * @param {unknown} list
 */
function texts(name, list) {
  if (!Array.isArray(list)) throw wrongOption(name, kind(list), "an array of text");
  list.forEach((value, i) => readText(`${name}[${i}]`, value));
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
function credentials({ login, password, token, getToken, tokenStrategy, anonymous }) {
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
    return { anonymous: { ...target, parameters: JSON.stringify(parameters) } };
  }
  if (way[0] === "token") return tokens(token, getToken && (tokenStrategy ?? "timeToLive"));
  readText("login", login);
  secret("password", password);
  return {};
}

/**
 * @param {unknown} token
 * @param {string | undefined} tokenStrategy
 */
function tokens(token, tokenStrategy) {
  return { token: token == null ? undefined : readToken(secret("token", token)), tokenStrategy };
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
function iceServers(servers) {
  if (servers == null) return undefined;
  if (!Array.isArray(servers)) throw wrongOption("iceServers", kind(servers), "an array of RTCIceServer");
  return servers.map((entry, i) => {
    const path = `iceServers[${i}]`;
    const server = object(path, entry, "an RTCIceServer");
    const { urls, credential } = server;
    const list = Array.isArray(urls) ? urls : [urls];
    list.forEach((url, j) => readText(Array.isArray(urls) ? `${path}.urls[${j}]` : `${path}.urls`, url));
    text(server, "username", `${path}.username`);
    if (credential != null) secret(`${path}.credential`, credential);
    return { ...server, urls: list };
  });
}

/**
 * Names and values.
 *
 * @param {Record<string, unknown>} options
 */
function pairs(options) {
  return Object.fromEntries(["customHeaders", "userVariables"].map((option) => {
    const given = { ...object(option, options[option] ?? {}, "an object") };
    for (const [name, value] of Object.entries(given)) readText(`${option}.${name}`, value);
    return [option, given];
  }));
}
