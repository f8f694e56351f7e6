/** @typedef {import("../index.js").CallStats} CallStats */

/** W3C webrtc-stats changes its averages about once a second; more often is work for nothing. */
const EVERY_MS = 1000;

/**
 * Reads the counters of a peer connection until the returned function is called.
 *
 * @param {RTCPeerConnection} connection
 * @param {(sample: CallStats) => void} tell
 */
export function watchStats(connection, tell) {
  let reading = false;
  const timer = setInterval(async () => {
    // A browser that needs more than a second must not be asked twice.
    if (reading) return;
    reading = true;
    try {
      tell(sum(await connection.getStats()));
    } catch {
      // The connection closed meanwhile.
    }
    reading = false;
  }, EVERY_MS);
  return () => clearInterval(timer);
}

/**
 * Browsers leave out what they do not measure: that counts as nothing.
 *
 * @param {RTCStatsReport} report
 * @returns {CallStats}
 */
export function sum(report) {
  const total = (/** @type {string} */ type, /** @type {string} */ field) => {
    let sum = 0;
    report.forEach((entry) => {
      if (entry.type === type && entry.kind === "audio") sum += entry[field] ?? 0;
    });
    return sum;
  };
  return {
    packetsSent: total("outbound-rtp", "packetsSent"),
    packetsReceived: total("inbound-rtp", "packetsReceived"),
    bytesSent: total("outbound-rtp", "bytesSent"),
    bytesReceived: total("inbound-rtp", "bytesReceived"),
    energySent: total("media-source", "totalAudioEnergy"),
    energyReceived: total("inbound-rtp", "totalAudioEnergy"),
  };
}
