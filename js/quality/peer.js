/** @typedef {import("../quality.js").MilestoneName} MilestoneName */
/** @typedef {import("./facts.js").Fact} Fact */

import { FACT, ofConnection } from "./facts.js";

/** @type {Record<string, MilestoneName>} */
const CANDIDATES = { srflx: "firstReflexiveCandidate", relay: "firstRelayCandidate" };
/** @type {Record<string, MilestoneName>} */
const GATHERING = { gathering: "iceGatheringStarted", complete: "iceGatheringComplete" };
/** @type {Record<string, MilestoneName>} */
const CHECKS = { checking: "iceChecking", connected: "iceConnected", completed: "iceCompleted" };
/** @type {Record<string, MilestoneName>} */
const HANDSHAKE = { connecting: "dtlsConnecting", connected: "dtlsConnected" };

/**
 * Follows a connection until the signal aborts.
 *
 * @param {RTCPeerConnection} connection
 * @param {AbortSignal} signal
 * @param {{
 *   reach: (name: MilestoneName) => void, find: (candidate: RTCIceCandidate) => void,
 *   note: (fact: Fact | undefined) => void,
 * }} told
 */
export function watchPeer(connection, signal, { reach, find, note }) {
  const on = (/** @type {string} */ event, /** @type {(event: any) => void} */ listener) => {
    connection.addEventListener(event, listener, { signal });
  };
  const is = (/** @type {Record<string, MilestoneName>} */ milestones, /** @type {string} */ state) => {
    const name = milestones[state];
    if (name) reach(name);
  };
  reach("peerConnectionCreated");
  if ((connection.getConfiguration().iceServers ?? []).length > 0) note([FACT.iceServers]);
  on("negotiationneeded", () => reach("sdpNegotiationStarted"));
  watchDescriptions(connection, on, reach, (transport) => {
    // What it was before that cannot be known.
    is(HANDSHAKE, transport.state);
    transport.addEventListener("statechange", () => is(HANDSHAKE, transport.state), { signal });
  });
  let hasGathered = connection.iceGatheringState !== "new";
  on("icegatheringstatechange", () => {
    const { iceGatheringState } = connection;
    if (iceGatheringState === "gathering" && hasGathered) note([FACT.iceRestarted]);
    hasGathered = true;
    is(GATHERING, iceGatheringState);
  });
  on("icecandidate", ({ candidate }) => {
    if (!candidate?.candidate) return;
    reach("firstIceCandidate");
    is(CANDIDATES, candidate.type);
    find(candidate);
  });
  on("icecandidateerror", ({ errorCode }) => note([FACT.candidateError, errorCode]));
  on("iceconnectionstatechange", () => is(CHECKS, connection.iceConnectionState));
  on("connectionstatechange", () => {
    if (connection.connectionState === "connected") reach("peerConnected");
    note(ofConnection(connection.connectionState));
  });
}

/**
 * @param {RTCPeerConnection} connection
 * @param {(event: string, listener: () => void) => void} on
 * @param {(name: MilestoneName) => void} reach
 * @param {(transport: RTCDtlsTransport) => void} secured there is a handshake to come
 */
function watchDescriptions(connection, on, reach, secured) {
  let before = connection.signalingState;
  /** @type {RTCDtlsTransport | null | undefined} */
  let transport;
  on("signalingstatechange", () => {
    const { signalingState } = connection;
    if (signalingState === "have-remote-offer") reach("sdpNegotiationStarted");
    const isRemote = signalingState === "have-remote-offer" || before === "have-local-offer";
    if (signalingState !== "closed") reach(isRemote ? "remoteSdpSet" : "localSdpSet");
    before = signalingState;
    const own = connection.getSenders()[0]?.transport;
    if (own && own !== transport) secured(transport = own);
  });
}
