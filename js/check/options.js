/** @typedef {import("../check.js").CheckOptions} CheckOptions */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").ConnectOptions} ConnectOptions */
/** @typedef {import("../index.js").Dialect} Dialect */
/** @typedef {import("../index.js").Region} Region */
/** @typedef {import("../check.js").TestCall} TestCall */

/**
 * A gateway that is tried.
 *
 * @typedef {{ url: string, region: Region | undefined }} Gateway
 */

import { wrongOption } from "../error.js";
import { flag, kind, number, object, oneOf, readPreloadOptions, readText, secret, text } from "../options.js";
import { REGIONS } from "../taken.js";
import { dialectOf, iceServersOf, urlOf } from "./telnyx.js";

/** How long each may take, in seconds: what it is unless set, and the most that it may be. */
const TIMES = {
  // As long as a person may need to find the browser's question.
  permissionSeconds: [60, 600],
  microphoneSeconds: [3, 30],
  // Half of what `connect()` gives itself: who needs longer is not reached well.
  gatewaySeconds: [5, 60],
  // A server that is well answers within a second or two; browsers would ask a dead one for ten and more.
  iceSeconds: [6, 60],
  // So that a call which rings at an echo service has been answered.
  setUpSeconds: [15, 120],
};
const CALL_SECONDS = 6;
const MOST_CALL_SECONDS = 120;

/**
 * What `checkCall()` takes, with every default.
 *
 * @param {unknown} given
 */
export function readCheckOptions(given) {
  const options = object("options", given ?? {}, "an object");
  oneOf(options, "dialect", ["telnyx", "freeswitch"]);
  oneOf(options, "environment", ["production", "development"]);
  for (const name of ["microphone", "expectSpeech", "forceRelay"]) flag(options, name);
  text(options, "microphoneId");
  const { signal, client } = options;
  if (signal != null && !(signal instanceof AbortSignal)) throw wrongOption("signal", kind(signal), "an AbortSignal");
  if (client != null && typeof client?.newCall !== "function") throw wrongOption("client", kind(client), "a client");
  const signIn = readSignIn(options);
  const { dialect, gateways } = readGateways(options, signIn);
  const environment = options["environment"] ?? signIn?.environment ?? "production";
  const iceServers = readIceServers(options["iceServers"] ?? signIn?.iceServers);
  return {
    dialect,
    gateways,
    iceServers: iceServers ?? iceServersOf(dialect, environment, gateways.map(({ url }) => url)),
    forceRelay: Boolean(options["forceRelay"] ?? signIn?.forceRelay),
    microphone: options["microphone"] !== false,
    microphoneId: /** @type {string | undefined} */ (options["microphoneId"] ?? signIn?.microphoneId ?? undefined),
    expectSpeech: options["expectSpeech"] === true,
    client: /** @type {Client | undefined} */ (client ?? undefined),
    signIn,
    call: readCall(options, client ?? signIn),
    wasmUrl: readPreloadOptions(options),
    ...readTimes(options),
    signal: /** @type {AbortSignal | undefined} */ (signal ?? undefined),
  };
}

/** @typedef {ReturnType<typeof readCheckOptions>} ReadOptions */

/** @param {Record<string, any>} options @returns {ConnectOptions | undefined} */
function readSignIn({ signIn, client }) {
  if (signIn == null) return undefined;
  // What is wrong in it, `connect()` says.
  const read = object("signIn", signIn, "what connect() takes");
  if (client != null) throw wrongOption("signIn", kind(signIn), "left out: there is `client` already");
  return /** @type {ConnectOptions} */ (read);
}

/**
 * @param {Record<string, any>} options
 * @param {ConnectOptions | undefined} signIn
 * @returns {{ dialect: Dialect, gateways: Gateway[] }}
 */
function readGateways(options, signIn) {
  const { client, regions } = options;
  const url = options["url"] ?? client?.url ?? signIn?.url;
  const given = url == null ? [] : [url].flat();
  const urls = given.map((one, i) => readText(Array.isArray(url) ? `url[${i}]` : "url", one));
  for (const one of urls) {
    if (!/^wss?:\/\/./.test(one)) throw wrongOption("url", kind(one), "an address that begins with ws:// or wss://");
  }
  const [first] = urls;
  const dialect = options["dialect"] ?? client?.dialect ?? signIn?.dialect ?? dialectOf(first);
  if (regions != null && first !== undefined) {
    throw wrongOption("regions", kind(regions), "left out: there is an address");
  }
  if (first !== undefined) return { dialect, gateways: urls.map((one) => ({ url: one, region: undefined })) };
  const environment = options["environment"] ?? signIn?.environment ?? "production";
  return { dialect, gateways: readRegions(regions ?? [signIn?.region ?? "auto"]).map((region) => {
    return { url: urlOf(region, environment), region };
  }) };
}

/** @param {unknown} list @returns {Region[]} */
function readRegions(list) {
  if (!Array.isArray(list)) throw wrongOption("regions", kind(list), "an array of regions");
  list.forEach((region, i) => oneOf({ [`regions[${i}]`]: region }, `regions[${i}]`, REGIONS));
  return list;
}

/** One server for each address, since each is asked alone. @param {unknown} servers */
function readIceServers(servers) {
  if (servers == null) return undefined;
  if (!Array.isArray(servers)) throw wrongOption("iceServers", kind(servers), "an array of RTCIceServer");
  return servers.flatMap((entry, i) => {
    const path = `iceServers[${i}]`;
    const server = /** @type {RTCIceServer} */ (object(path, entry, "an RTCIceServer"));
    text({ username: server.username }, "username", `${path}.username`);
    if (server.credential != null) secret(`${path}.credential`, server.credential);
    return [server.urls].flat().map((url) => ({ ...server, urls: readText(`${path}.urls`, url) }));
  });
}

/**
 * @param {Record<string, any>} options
 * @param {unknown} caller who could make a call
 * @returns {(Required<Pick<TestCall, "seconds">> & TestCall) | "loopback" | false}
 */
function readCall({ call }, caller) {
  if (call === false) return false;
  if (call == null || call === "loopback") return "loopback";
  const read = object("call", call, 'an object with `destinationNumber`, "loopback" or false');
  if (!caller) throw wrongOption("call", "an object", '"loopback" or false: there is neither `client` nor `signIn`');
  text(read, "destinationNumber", "call.destinationNumber");
  const isFit = (/** @type {number} */ value) => value >= 1 && value <= MOST_CALL_SECONDS;
  number({ "call.seconds": read["seconds"] }, "call.seconds", isFit, `a number from 1 to ${MOST_CALL_SECONDS}`);
  return { ...read, seconds: read["seconds"] ?? CALL_SECONDS };
}

/** How long a loopback is listened to, in ms: as a call. */
export const LOOPBACK_MS = 1_000 * CALL_SECONDS;

/** @param {Record<string, any>} options */
function readTimes(options) {
  const ms = Object.entries(TIMES).map(([name, [usual = 0, most = 0]]) => {
    number(options, name, (value) => value > 0 && value <= most, `a number above 0, up to ${most}`);
    return [name.replace("Seconds", "Ms"), 1_000 * (options[name] ?? usual)];
  });
  return /** @type {Record<"permissionMs" | "microphoneMs" | "gatewayMs" | "iceMs" | "setUpMs", number>} */ (
    Object.fromEntries(ms)
  );
}
