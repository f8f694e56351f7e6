/** @typedef {import("../check.js").GatewayResult} GatewayResult */
/** @typedef {import("../index.js").Dialect} Dialect */
/** @typedef {import("./options.js").Gateway} Gateway */

import { within } from "../aborted.js";

/** How often a gateway is asked: the median of three is moved by no single accident. */
const PINGS = 3;

/** How long an answer may take, in ms: beyond that, nobody could talk. */
const ANSWERS_WITHIN_MS = 2_000;

/** @type {Record<Dialect, string>} */
const PING = { freeswitch: "verto.ping", telnyx: "telnyx_rtc.ping" };

/**
 * Opens a WebSocket to a gateway, asks it something that needs no sign-in, and closes it.
 *
 * @param {Gateway} gateway
 * @param {Dialect} dialect
 * @param {number} ms
 * @param {AbortSignal} over
 * @returns {Promise<GatewayResult>}
 */
export async function tryGateway({ url, region }, dialect, ms, over) {
  const named = { url: shown(url), ...(region !== undefined && { region }) };
  const began = performance.now();
  let socket;
  try {
    socket = new WebSocket(url);
  } catch {
    // The browser will not: such as `ws:` from a page that came by `https:`.
    return { ...named, failure: "forbidden" };
  }
  try {
    const isOpen = await within(opened(socket), ms, over);
    if (!isOpen) return { ...named, failure: isOpen === undefined ? "timedOut" : "refused" };
    const openMs = Math.round(performance.now() - began);
    const rttMs = await roundTrip(socket, dialect, over);
    if (rttMs !== undefined) return { ...named, openMs, rttMs, rttBy: "ping" };
    // mod_verto answers everybody, if only that they have to sign in; of Telnyx nobody has promised that.
    if (dialect === "freeswitch") return { ...named, openMs, failure: "silent" };
    return { ...named, openMs, rttMs: openMs, rttBy: "opening" };
  } finally {
    socket.close();
  }
}

/**
 * @param {WebSocket} socket
 * @returns {Promise<boolean>}
 */
function opened(socket) {
  return new Promise((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onclose = () => resolve(false);
  });
}

/**
 * The median round trip of a request and its answer, be it a refusal; nothing where none comes.
 *
 * @param {WebSocket} socket
 * @param {Dialect} dialect
 * @param {AbortSignal} over
 */
async function roundTrip(socket, dialect, over) {
  const times = [];
  for (let id = 1; id <= PINGS && !over.aborted; id += 1) {
    const began = performance.now();
    const answer = answered(socket, id);
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: PING[dialect], params: {} }));
    if (!(await within(answer, ANSWERS_WITHIN_MS, over))) break;
    times.push(performance.now() - began);
  }
  const middle = times.sort((a, b) => a - b)[times.length >> 1];
  return middle === undefined ? undefined : Math.round(middle * 10) / 10;
}

/**
 * @param {WebSocket} socket
 * @param {number} id
 * @returns {Promise<boolean>}
 */
function answered(socket, id) {
  return new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      if (isAnswer(data, id)) resolve(true);
    };
    socket.onclose = () => resolve(false);
  });
}

/**
 * @param {unknown} data
 * @param {number} id
 */
function isAnswer(data, id) {
  try {
    const frame = JSON.parse(String(data));
    // The server numbers its own requests as it likes.
    return frame.id === id && frame.method === undefined;
  } catch {
    return false;
  }
}

/** Without what applications put into an address to be let in. @param {string} url */
function shown(url) {
  return url.replace(/[?#].*$/, "").replace(/\/\/[^/]*@/, "//");
}
