/**
 * One look at a connection, as a row of numbers; what a browser leaves out is not a number. The core reads them in this
 * order (`core/src/quality/layout.rs`).
 */

import { selectedPair } from "./pair.js";

/**
 * What grows, of all audio streams together, and then what holds at this moment, of the last.
 *
 * @type {[type: string, counters: string[], gauges: string[]][]}
 */
const OF_AUDIO = [
  [
    "inbound-rtp",
    ["packetsReceived", "bytesReceived", "packetsLost", "totalAudioEnergy", "totalSamplesDuration", "totalSamplesReceived",
      "concealedSamples", "silentConcealedSamples", "jitterBufferDelay", "jitterBufferEmittedCount"],
    ["jitter", "audioLevel"],
  ],
  ["outbound-rtp", ["packetsSent", "bytesSent"], []],
  ["media-source", ["totalAudioEnergy", "totalSamplesDuration"], ["audioLevel"]],
  ["remote-inbound-rtp", ["packetsLost"], ["timestamp", "fractionLost", "jitter", "roundTripTime"]],
  ["media-playout", ["synthesizedSamplesDuration", "totalSamplesDuration"], []],
];

/** Where in a row they are. */
const OUTBOUND = 12;
/** What the microphone's energy is, or what was measured instead. */
export const ENERGY = 14;

/** As the core counts them; all others are one more. */
const CODECS = [/opus$/i, /pcm[au]$/i];

/**
 * @param {RTCStatsReport} report
 * @param {MediaStreamTrack} [track] the microphone's
 * @param {number} [pressure] of the processor, from 0 on
 */
export function readingOf(report, track, pressure = -1) {
  /** @type {Record<string, Record<string, any>[]>} */
  const audio = {};
  let heard = NaN;
  for (const entry of report.values()) {
    const { type, kind, timestamp } = entry;
    if (kind === "audio") (audio[type] ??= []).push(entry);
    if (type.startsWith("remote-")) heard = Math.max(heard || 0, timestamp);
  }
  /** @type {number[]} */
  const numbers = [];
  for (const [type, counters, gauges] of OF_AUDIO) {
    const entries = audio[type] ?? [];
    for (const name of counters) {
      const known = entries.map((entry) => entry[name]).filter((value) => value !== undefined);
      numbers.push(known.length ? known.reduce((sum, value) => sum + value, 0) : NaN);
    }
    for (const name of gauges) numbers.push(entries.findLast((entry) => entry[name] !== undefined)?.[name] ?? NaN);
    if (type === "media-source") numbers.push(Number(track?.enabled ?? NaN), Number(track?.muted ?? NaN));
    if (type === "remote-inbound-rtp") numbers.push(heard);
  }
  const pair = selectedPair(report);
  const local = report.get(pair?.["localCandidateId"]);
  const codec = report.get(audio["inbound-rtp"]?.at(-1)?.codecId)?.mimeType;
  numbers.push(
    pressure,
    pair?.["currentRoundTripTime"] ?? NaN,
    pair ? numberOf(pair["id"]) : NaN,
    Number(local?.networkType === "vpn" && local.candidateType !== "relay"),
    codec ? (CODECS.findIndex((name) => name.test(codec)) + 3) % 3 : NaN,
  );
  return Float64Array.from(numbers);
}

/** A number that stands for a name. @param {string} name */
function numberOf(name) {
  return [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 2 ** 31, 7);
}

/**
 * Whether the energy of the microphone is there, or nothing is sent whose energy it would be.
 *
 * @param {Float64Array} reading
 */
export function isMeasured(reading) {
  return !Number.isNaN(reading[ENERGY]) || !reading[OUTBOUND];
}

/**
 * The counters that everybody wants; what is not counted is nothing.
 *
 * @param {Float64Array} reading
 * @returns {import("../index.js").CallStats}
 */
export function countersOf(reading) {
  const [packetsReceived = 0, bytesReceived = 0, , energyReceived = 0] = reading.map((number) => number || 0);
  const [packetsSent = 0, bytesSent = 0, energySent = 0] = reading.subarray(OUTBOUND).map((number) => number || 0);
  return { packetsSent, packetsReceived, bytesSent, bytesReceived, energySent, energyReceived };
}

/**
 * What the browser says itself of the audio, both ways and at both ends.
 *
 * @param {RTCStatsReport} report
 */
export function audioOf(report) {
  const last = (/** @type {string} */ type) => {
    return [...report.values()].findLast((entry) => entry.type === type && entry.kind === "audio");
  };
  return {
    inboundAudio: last("inbound-rtp"),
    outboundAudio: last("outbound-rtp"),
    remoteInboundAudio: last("remote-inbound-rtp"),
    remoteOutboundAudio: last("remote-outbound-rtp"),
  };
}
