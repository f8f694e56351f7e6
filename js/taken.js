// Options as the engine and this package take them, once it is known that they are what they must be.

import { encode } from "./base64.js";
import { readToken, wholeSeconds } from "./token.js";

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

/** Options that are names and values. */
export const PAIRS = ["customHeaders", "userVariables"];

/**
 * What `connect()` takes.
 *
 * @param {Record<string, any>} options
 */
export function takeConnectOptions(options) {
  const { token, getToken, anonymous, iceServers, tokenStrategy } = options;
  return {
    ...options,
    token: token == null ? undefined : readToken(token),
    tokenStrategy: getToken && (tokenStrategy ?? "timeToLive"),
    anonymous: anonymous && { ...anonymous, parameters: JSON.stringify(anonymous.parameters ?? {}) },
    iceServers: iceServers?.map((/** @type {RTCIceServer} */ server) => ({ ...server, urls: [server.urls].flat() })),
    userAgent: navigator.userAgent,
  };
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
 * What `newCall()` takes.
 *
 * @param {Record<string, any>} options
 */
export function takeCallOptions(options) {
  const { clientState } = options;
  return { ...options, clientState: clientState && encode(clientState), ...pairs(options) };
}

/**
 * What `answer()` takes.
 *
 * @param {Record<string, any>} options
 */
export function takeAnswerOptions(options) {
  return { muted: options["muted"], audio: options["audio"] ?? undefined, ...pairs(options) };
}

/**
 * What `on()` takes beside the event and the listener.
 *
 * @param {Record<string, any>} options
 * @returns {{ once: boolean, signal: AbortSignal | undefined }}
 */
export function takeListenOptions({ once, signal }) {
  return { once: once === true, signal: signal ?? undefined };
}

/** @param {Record<string, any>} options */
function pairs(options) {
  return Object.fromEntries(PAIRS.map((name) => [name, { ...options[name] }]));
}
