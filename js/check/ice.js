/** @typedef {import("../check.js").CandidateFound} CandidateFound */
/** @typedef {import("../check.js").IceServerResult} IceServerResult */

import { within } from "../aborted.js";

/** How long the browser may take for addresses of its own, in ms: it asks nobody for them. */
const HOST_WITHIN_MS = 3_000;

/** Transport, address and kind in a candidate's line (RFC 8839, 5.1). */
const LINE = /^\S*candidate:\S+ \d+ (\w+) \d+ (\S+) \d+ typ (\w+)/i;

/** What a TURN server says to who it does not know, or whose time is over. */
const UNAUTHORIZED = [401, 403, 438];

/**
 * The addresses that the browser has by itself. Hidden ones (`.local`, before the microphone is allowed) count.
 *
 * @param {AbortSignal} over
 * @returns {Promise<CandidateFound[]>}
 */
export async function hostCandidates(over) {
  const { candidates } = await gather({}, () => false, HOST_WITHIN_MS, over);
  return candidates;
}

/**
 * Asks one STUN or TURN server, alone, for an address.
 *
 * @param {RTCIceServer & { urls: string }} server
 * @param {number} ms
 * @param {AbortSignal} over
 * @returns {Promise<IceServerResult>}
 */
export async function tryIceServer(server, ms, over) {
  const { urls: url } = server;
  const isTurn = /^turns?:/.test(url);
  const wanted = isTurn ? "relay" : "srflx";
  /** @type {Pick<IceServerResult, "url" | "type" | "protocol">} */
  const asked = { url, type: isTurn ? "turn" : "stun", protocol: protocolOf(url) };
  const began = performance.now();
  let found;
  try {
    /** @type {RTCConfiguration} */
    const configuration = { iceServers: [server], iceTransportPolicy: isTurn ? "relay" : "all" };
    found = await gather(configuration, ({ type }) => type === wanted, ms, over);
  } catch (error) {
    // The address or the credentials are none, or browsers forbid the port.
    return { ...asked, works: false, candidates: [], failure: "invalid", errorText: words(error) };
  }
  const candidates = found.candidates.filter(({ type }) => type === wanted);
  const took = { candidates, ms: Math.round(performance.now() - began) };
  // Who is behind no NAT gets no address that the browser did not have: then nothing has failed, and there is nothing.
  const isDirect = !isTurn && found.isComplete && found.errors.length === 0;
  if (candidates.length > 0 || isDirect) return { ...asked, works: true, ...took };
  return { ...asked, works: false, ...took, ...failureOf(found) };
}

/**
 * @param {RTCConfiguration} configuration
 * @param {(candidate: CandidateFound) => boolean} isEnough
 * @param {number} ms
 * @param {AbortSignal} over
 */
async function gather(configuration, isEnough, ms, over) {
  /** @type {CandidateFound[]} */
  const candidates = [];
  /** @type {{ code: number, text: string }[]} */
  const errors = [];
  const connection = new RTCPeerConnection(configuration);
  try {
    const gathered = new Promise((/** @type {(isComplete: boolean) => void} */ resolve) => {
      connection.onicecandidateerror = ({ errorCode, errorText }) => {
        errors.push({ code: errorCode, text: errorText ?? "" });
      };
      connection.onicecandidate = ({ candidate }) => {
        const found = candidate?.candidate ? told(candidate) : undefined;
        if (!found) return;
        candidates.push(found);
        if (isEnough(found)) resolve(false);
      };
      connection.onicegatheringstatechange = () => {
        if (connection.iceGatheringState === "complete") resolve(true);
      };
    });
    // One data channel is one component: no second one to gather for.
    connection.createDataChannel("check");
    await connection.setLocalDescription(await connection.createOffer());
    const isComplete = await within(gathered, ms, over);
    return { candidates, errors, isComplete: isComplete === true, isTimedOut: isComplete === undefined };
  } finally {
    connection.close();
  }
}

/**
 * Never the address itself: a report goes to other people.
 *
 * @param {RTCIceCandidate} candidate
 * @returns {CandidateFound | undefined}
 */
function told({ type, protocol, candidate }) {
  // Older browsers have nothing but the line.
  const [, transport, address = "", named] = candidate.match(LINE) ?? [];
  const found = { type: type ?? named, protocol: protocol ?? transport?.toLowerCase() };
  if (!found.type || !found.protocol) return undefined;
  return /** @type {CandidateFound} */ ({ ...found, hidden: address.endsWith(".local") });
}

/** Over what the browser speaks to the server. @param {string} url @returns {IceServerResult["protocol"]} */
function protocolOf(url) {
  if (/^(turns|stuns):/.test(url)) return "tls";
  return /[?&]transport=tcp\b/.test(url) ? "tcp" : "udp";
}

/**
 * @param {{ errors: { code: number, text: string }[], isTimedOut: boolean }} found
 * @returns {Partial<IceServerResult>}
 */
function failureOf({ errors, isTimedOut }) {
  const refusal = errors.find(({ code }) => UNAUTHORIZED.includes(code));
  const error = refusal ?? errors[0];
  return {
    failure: refusal ? "unauthorized" : isTimedOut ? "timedOut" : "unreachable",
    ...(error && { errorCode: error.code, ...(error.text && { errorText: error.text }) }),
  };
}

/** @param {unknown} error */
function words(error) {
  return error instanceof Error ? error.message : String(error);
}
