/** @typedef {import("../../pkg/offhook.js").Sample} Sample */

import { Meter } from "./meter.js";

/** Who looks more often waits for a packet, and wants no microphone measured. */
const STEADILY_MS = 1000;

/**
 * Reads the counters of a peer connection until the returned function is called.
 *
 * @param {RTCPeerConnection} connection
 * @param {number} every in milliseconds
 * @param {() => MediaStreamTrack | undefined} track the microphone's
 * @param {(sample: Sample) => void} tell
 */
export function watchStats(connection, every, track, tell) {
  let reading = false;
  let stopped = false;
  /** @type {Meter | undefined} */
  let meter;
  const timer = setInterval(async () => {
    // A browser that needs longer must not be asked twice.
    if (reading) return;
    reading = true;
    try {
      const { energySent, ...sample } = sum(await connection.getStats());
      if (stopped) return;
      const isMeasured = energySent !== undefined || sample.packetsSent === 0;
      if (!isMeasured && every >= STEADILY_MS) meter ??= new Meter();
      tell({ ...sample, energySent: energySent ?? meter?.read(track()) ?? 0 });
    } catch {
      // The connection closed meanwhile.
    }
    reading = false;
  }, every);
  return () => {
    stopped = true;
    clearInterval(timer);
    meter?.close();
  };
}

/**
 * Browsers leave out what they do not measure: that counts as nothing, but for the microphone's energy.
 *
 * @param {RTCStatsReport} report
 * @returns {Omit<Sample, "energySent"> & { energySent: number | undefined }}
 */
function sum(report) {
  /** @type {Record<string, Record<string, any>[]>} */
  const audio = {};
  let heard = 0;
  let overVpn = false;
  report.forEach((entry) => {
    if (entry.kind === "audio") (audio[entry.type] ??= []).push(entry);
    if (entry.type.startsWith("remote-")) heard = Math.max(heard, entry.timestamp);
    if (entry.type === "transport") {
      const local = report.get(report.get(entry.selectedCandidatePairId)?.localCandidateId);
      overVpn = local?.networkType === "vpn" && local.candidateType !== "relay";
    }
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
    reportsReceived: heard / 1000,
    overVpn,
  };
}
