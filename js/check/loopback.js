/** @typedef {import("../check.js").CallFindings} CallFindings */
/** @typedef {import("../quality.js").Scorer} Scorer */

import { within } from "../aborted.js";
import { Collected } from "./collected.js";

/** How long the browser may take to let the page make a sound, in ms. */
const SOUND_WITHIN_MS = 2_000;
/** A tone that nobody hears, so that there is something to send. */
const TONE_HZ = 440;
const EVERY_MS = 1_000;

/**
 * A call of this page to itself: over the TURN servers, if there are any, and nowhere else then. Nobody hears it.
 *
 * @param {RTCIceServer[]} iceServers
 * @param {{ scorer: Scorer, setUpMs: number, ms: number, tell: (found: CallFindings) => void }} how
 * @param {AbortSignal} over
 * @returns {Promise<CallFindings>}
 */
export async function loopback(iceServers, { scorer, setUpMs, ms, tell }, over) {
  const context = new AudioContext();
  const peers = pair(iceServers);
  try {
    const tone = await toneIn(context, over);
    if (!tone) return { kind: "loopback", failure: "soundBlocked" };
    const began = performance.now();
    const connected = Promise.all(peers.map(isConnected));
    const isUp = await within(join(peers, tone).then(() => connected), setUpMs, over);
    if (!isUp?.every(Boolean)) return { kind: "loopback", failure: "notConnected" };
    const known = { setUpMs: Math.round(performance.now() - began), seconds: Math.round(ms / 1_000) };
    return await listenTo(peers[0], known, { scorer, ms, tell }, over);
  } finally {
    for (const peer of peers) peer.close();
    // It fails only where there is nothing to close.
    context.close().catch(() => {});
  }
}

/** @param {RTCIceServer[]} iceServers @returns {[RTCPeerConnection, RTCPeerConnection]} */
function pair(iceServers) {
  const iceTransportPolicy = iceServers.length > 0 ? /** @type {const} */ ("relay") : /** @type {const} */ ("all");
  const make = () => new RTCPeerConnection({ iceServers, iceTransportPolicy });
  return [make(), make()];
}

/** @param {AudioContext} context @param {AbortSignal} over */
async function toneIn(context, over) {
  const runs = context.resume().then(() => true, () => false);
  if (!(await within(runs, SOUND_WITHIN_MS, over))) return undefined;
  const tone = new OscillatorNode(context, { frequency: TONE_HZ });
  const end = new MediaStreamAudioDestinationNode(context);
  tone.connect(end);
  tone.start();
  return end.stream;
}

/**
 * @param {[RTCPeerConnection, RTCPeerConnection]} peers
 * @param {MediaStream} stream
 */
async function join([one, other], stream) {
  for (const [from, to] of /** @type {const} */ ([[one, other], [other, one]])) {
    from.onicecandidate = ({ candidate }) => {
      // It fails on a connection that was closed meanwhile.
      if (candidate) to.addIceCandidate(candidate).catch(() => {});
    };
    for (const track of stream.getTracks()) from.addTrack(track, stream);
  }
  await one.setLocalDescription(await one.createOffer());
  await other.setRemoteDescription(/** @type {RTCSessionDescription} */ (one.localDescription));
  await other.setLocalDescription(await other.createAnswer());
  await one.setRemoteDescription(/** @type {RTCSessionDescription} */ (other.localDescription));
}

/** @param {RTCPeerConnection} peer @returns {Promise<boolean>} */
function isConnected(peer) {
  return new Promise((resolve) => {
    peer.onconnectionstatechange = () => {
      const { connectionState } = peer;
      if (connectionState === "connected" || connectionState === "failed") resolve(connectionState === "connected");
    };
  });
}

/**
 * @param {RTCPeerConnection} peer
 * @param {{ setUpMs: number, seconds: number }} known
 * @param {{ scorer: Scorer, ms: number, tell: (found: CallFindings) => void }} how
 * @param {AbortSignal} over
 * @returns {Promise<CallFindings>}
 */
async function listenTo(peer, known, { scorer, ms, tell }, over) {
  const collected = new Collected();
  const summary = () => ({ kind: /** @type {const} */ ("loopback"), ...known, ...collected.summary });
  const until = performance.now() + ms;
  while (performance.now() < until && !over.aborted) {
    await within(new Promise(() => {}), EVERY_MS, over);
    if (over.aborted) break;
    const report = await peer.getStats();
    collected.look(report);
    const score = scorer.take(report);
    if (score) collected.take(score);
    tell(summary());
  }
  return summary();
}
