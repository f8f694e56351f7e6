// What a verdict is told beside the samples, by the numbers that `quality/src/facts.rs` reads.

export const FACT = /** @type {const} */ ({
  microphoneRefused: 0,
  microphoneOpened: 1,
  microphoneLost: 2,
  spokeWhileMuted: 3,
  playbackRefused: 4,
  playbackAllowed: 5,
  outputLost: 6,
  outputFound: 7,
  iceServers: 8,
  candidate: 9,
  candidateError: 10,
  path: 11,
  connection: 12,
  iceRestarted: 13,
  networkChanged: 14,
  socketLost: 15,
  socketBack: 16,
  paused: 17,
  negotiationFailed: 18,
  ended: 19,
});

const REFUSALS = ["permissionDenied", "permissionDismissed", "permissionBlocked", "deviceNotFound", "deviceBusy"];
const OTHER_REFUSALS = ["microphone", "insecureContext"];
const NEGOTIATION = ["offer", "answer", "localDescription", "remoteDescription"];
const KINDS = ["host", "srflx", "prflx", "relay"];
const PROTOCOLS = ["udp", "tcp", "tls"];
const CONNECTIONS = ["connecting", "connected", "disconnected", "failed"];
const ENDERS = ["local", "remote", "server", "network", "timeout"];

/**
 * A fact and its numbers.
 *
 * @typedef {[number, ...number[]]} Fact
 */

/**
 * What an error of a call says of its media.
 *
 * @param {import("../index.js").OffhookError} error
 * @param {boolean} isUp whether the call had a microphone already
 * @returns {Fact | undefined}
 */
export function ofError({ media }, isUp) {
  if (media === undefined) return undefined;
  if (NEGOTIATION.includes(media)) return [FACT.negotiationFailed];
  const isOther = OTHER_REFUSALS.includes(media);
  if (!isOther && !REFUSALS.includes(media)) return undefined;
  if (isUp) return [FACT.microphoneLost];
  return [FACT.microphoneRefused, 1 + (isOther ? REFUSALS.length : REFUSALS.indexOf(media))];
}

/**
 * An address that was gathered, as an event or a report tells it.
 *
 * @typedef {{
 *   type?: string | null, candidateType?: string, relayProtocol?: string | null, protocol?: string | null,
 *   port?: number | null,
 * }} Candidate
 *
 * @param {Candidate} candidate
 * @returns {Fact | undefined}
 */
export function ofCandidate({ type, candidateType, relayProtocol }) {
  const kind = KINDS.indexOf(candidateType ?? type ?? "");
  return kind < 0 ? undefined : [FACT.candidate, kind, protocol(relayProtocol)];
}

/**
 * The way that the audio takes. How its relay is reached says something of the network where there was a choice.
 *
 * @param {Record<string, any> | undefined} local
 * @param {Record<string, any> | undefined} remote
 * @param {RTCConfiguration} configuration
 * @returns {Fact | undefined}
 */
export function ofPath(local, remote, { iceTransportPolicy, iceServers = [] }) {
  const kinds = [local, remote].map((candidate) => KINDS.indexOf(candidate?.["candidateType"]));
  const [here = -1, there = -1] = kinds;
  const hasChoice = iceTransportPolicy !== "relay" || iceServers.some(({ urls }) => [urls].flat().some(isOverUdp));
  const relay = hasChoice ? protocol(local?.["relayProtocol"]) : NaN;
  return here < 0 || there < 0 ? undefined : [FACT.path, here, there, relay];
}

/** @param {string} url of a relay */
function isOverUdp(url) {
  return /^turn:/i.test(url) && !/[?&]transport=tcp\b/i.test(url);
}

/**
 * @param {string} state
 * @returns {Fact | undefined}
 */
export function ofConnection(state) {
  const number = CONNECTIONS.indexOf(state);
  return number < 0 ? undefined : [FACT.connection, number];
}

/**
 * @param {import("../index.js").Termination | undefined} reason
 * @returns {Fact}
 */
export function ofEnd(reason) {
  return [FACT.ended, Math.max(0, ENDERS.indexOf(reason?.by ?? "")), reason?.causeCode ?? NaN, reason?.sipCode ?? NaN];
}

/** Not a number where it is no relay's. @param {string | null | undefined} name */
function protocol(name) {
  return 1 + PROTOCOLS.indexOf(name ?? "") || NaN;
}
