/** @typedef {import("../index.js").CallStats} CallStats */

import { Meter } from "./meter.js";

/** W3C webrtc-stats changes its averages about once a second; more often is work for nothing. */
const EVERY_MS = 1000;

/**
 * Reads the counters of a peer connection until the returned function is called.
 *
 * @param {RTCPeerConnection} connection
 * @param {() => MediaStreamTrack | undefined} track the microphone's
 * @param {(sample: CallStats) => void} tell
 */
export function watchStats(connection, track, tell) {
  let reading = false;
  /** @type {Meter | undefined} */
  let meter;
  const timer = setInterval(async () => {
    // A browser that needs more than a second must not be asked twice.
    if (reading) return;
    reading = true;
    try {
      const { energySent, ...sample } = sum(await connection.getStats());
      const isMeasured = energySent !== undefined || sample.packetsSent === 0;
      if (!isMeasured && connection.signalingState !== "closed") meter ??= new Meter();
      tell({ ...sample, energySent: energySent ?? meter?.read(track()) ?? 0 });
    } catch {
      // The connection closed meanwhile.
    }
    reading = false;
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    meter?.close();
  };
}

/**
 * Browsers leave out what they do not measure: that counts as nothing, but for the microphone's energy.
 *
 * @param {RTCStatsReport} report
 * @returns {Omit<CallStats, "energySent"> & { energySent: number | undefined }}
 */
function sum(report) {
  /** @type {Record<string, Record<string, any>[]>} */
  const audio = {};
  report.forEach((entry) => {
    if (entry.kind === "audio") (audio[entry.type] ??= []).push(entry);
  });
  const total = (/** @type {string} */ type, /** @type {string} */ field) => {
    return (audio[type] ?? []).reduce((sum, entry) => sum + (entry[field] ?? 0), 0);
  };
  const measured = audio["media-source"]?.some((entry) => "totalAudioEnergy" in entry);
  return {
    packetsSent: total("outbound-rtp", "packetsSent"),
    packetsReceived: total("inbound-rtp", "packetsReceived"),
    bytesSent: total("outbound-rtp", "bytesSent"),
    bytesReceived: total("inbound-rtp", "bytesReceived"),
    energySent: measured ? total("media-source", "totalAudioEnergy") : undefined,
    energyReceived: total("inbound-rtp", "totalAudioEnergy"),
  };
}
