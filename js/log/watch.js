/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("./log.js").Book} Book */

import { eachCall } from "../arrivals.js";

/**
 * Writes down what a client does.
 *
 * @param {Client} client
 * @param {Book} book
 */
export function watch(client, book) {
  const over = { signal: book.over };
  // First, so that a call is met before its states are told.
  eachCall(client, (call, how) => {
    if (how) book.write("info", about(call, `${how}, ${call.remoteNumber ?? call.destinationNumber ?? "no number"}`), undefined, call);
    if (call.state !== "done") watchCall(call, book);
  }, book.over);
  client.on("socketConnected", ({ url }) => book.write("info", `connected to ${url}`), over);
  client.on("socketDisconnected", ({ code, reason }) => {
    book.write("info", `the socket is closed (${code}${reason && `, ${reason}`})`);
  }, over);
  client.on("session", ({ sessid }) => book.write("info", `signed in; session ${sessid}`), over);
  client.on("ready", ({ dc, region }) => {
    book.write("info", ["ready", dc && `data centre ${dc}`, region && `region ${region}`].filter(Boolean).join(", "));
  }, over);
  client.on("reconnecting", ({ attempt, delaySeconds, interruption }) => {
    book.write("warn", `the session is lost (${interruption}); attempt ${attempt} in ${delaySeconds} s`);
  }, over);
  client.on("error", ({ error, call }) => book.write("error", about(call, `${error.code} ${error.message}`), error, call), over);
  client.on("warning", ({ code, message, call }) => book.write("warn", about(call, `${code} ${message}`), undefined, call), over);
  client.on("callState", ({ call, state, previous, interruption, reason }) => {
    const why = interruption ? ` (${interruption})` : "";
    book.write(interruption ? "warn" : "info", about(call, `${previous} → ${state}${why}`), reason, call);
  }, over);
  if (book.has("verto")) {
    client.on("message", ({ direction, frame }) => {
      book.write("verto", `${direction === "in" ? "←" : "→"} ${nameOf(frame)}`, frame);
    }, over);
  }
}

/**
 * @param {Call} call
 * @param {Book} book
 */
function watchCall(call, book) {
  const over = { signal: book.over };
  if (book.has("debug")) {
    call.on("updated", () => {
      const { earlyMedia, mediaConnected, muted, remoteName } = call;
      book.write("debug", about(call, "changed"), { earlyMedia, mediaConnected, muted, remoteName }, call);
    }, over);
    // What is there already may be told of all the same.
    const known = new WeakSet();
    const meet = (/** @type {RTCPeerConnection | undefined} */ connection) => {
      if (!connection || known.has(connection)) return;
      known.add(connection);
      book.write("debug", about(call, "has a peer connection"), undefined, call);
      watchConnection(call, connection, book);
    };
    meet(call.peerConnection);
    call.on("peerConnection", ({ connection }) => meet(connection), over);
    // It may be one of a PIN.
    call.on("dtmf", () => book.write("debug", about(call, "a digit was sent"), undefined, call), over);
  }
  if (book.has("stats")) {
    call.on("stats", (stats) => book.write("stats", about(call, "counters"), stats, call), over);
    call.on("quality", ({ mos, quality, jitter, rtt }) => {
      book.write("stats", about(call, `quality ${quality}`), { mos, jitter, rtt }, call);
    }, over);
  }
}

/** What browsers tell of the states of a connection, each with its event. */
const STATES = /** @type {const} */ ({
  signalingstatechange: "signalingState", icegatheringstatechange: "iceGatheringState",
  iceconnectionstatechange: "iceConnectionState", connectionstatechange: "connectionState",
});

/**
 * @param {Call} call
 * @param {RTCPeerConnection} connection
 * @param {Book} book
 */
function watchConnection(call, connection, book) {
  const over = { signal: book.over };
  for (const [event, state] of Object.entries(STATES)) {
    connection.addEventListener(event, () => book.write("debug", about(call, `${state} ${connection[state]}`), undefined, call), over);
  }
  connection.addEventListener("icecandidateerror", ({ errorCode, errorText, url }) => {
    book.write("debug", about(call, `no candidate from ${url}: ${errorCode} ${errorText}`), undefined, call);
  }, over);
}

/**
 * @param {Call | undefined} call
 * @param {string} words
 */
function about(call, words) {
  return call ? `call ${call.id}: ${words}` : words;
}

/** @param {any} frame */
function nameOf(frame) {
  if (Array.isArray(frame)) return `${frame.length} frames`;
  const { id, method, error } = frame ?? {};
  return [method ?? (error ? "error" : "result"), id !== undefined && `(${id})`].filter(Boolean).join(" ");
}
