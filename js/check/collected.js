/** @typedef {import("../check.js").CallFindings} CallFindings */
/** @typedef {import("../index.js").CallQuality} CallQuality */
/** @typedef {import("../quality.js").Spread} Spread */

/**
 * A score, and what it is made of.
 *
 * @typedef {{
 *   quality: CallQuality["quality"], mos?: number | undefined, jitter?: number | undefined, rtt?: number | undefined,
 * }} Scored
 */

import { pathOf } from "./path.js";

/** What was measured of a call while it lasted. */
export class Collected {
  /** @type {Scored[]} */
  #scores = [];
  #path = {};
  #packets = { packetsSent: 0, packetsReceived: 0, packetsLost: 0 };

  /** @param {Scored} score */
  take(score) {
    this.#scores.push(score);
  }

  /** @param {RTCStatsReport} report */
  look(report) {
    this.#path = pathOf(report);
    this.#packets = packetsIn(report);
  }

  /**
   * What there is to say of it.
   *
   * @returns {Omit<CallFindings, "kind">}
   */
  get summary() {
    const of = (/** @type {"mos" | "jitter" | "rtt"} */ name) => spread(this.#scores.map((score) => score[name]));
    const { packetsSent, packetsReceived, packetsLost } = this.#packets;
    const expected = packetsReceived + packetsLost;
    return {
      ...this.#path, mos: of("mos"), quality: this.#quality(), jitter: of("jitter"), rtt: of("rtt"),
      loss: expected > 0 ? packetsLost / expected : undefined, packetsSent, packetsReceived,
    };
  }

  /** The word that was said most often; of two, the newer. */
  #quality() {
    /** @type {Map<CallQuality["quality"], number>} */
    const counts = new Map();
    for (const { quality } of this.#scores) counts.set(quality, (counts.get(quality) ?? 0) + 1);
    let [most, word] = [0, /** @type {CallQuality["quality"]} */ ("unknown")];
    for (const [quality, count] of counts) if (quality !== "unknown" && count >= most) [most, word] = [count, quality];
    return word;
  }
}

/**
 * Nothing where nothing was measured.
 *
 * @param {readonly (number | undefined)[]} values
 * @returns {Spread | undefined}
 */
function spread(values) {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Object.freeze({ least: Math.min(...known), mean, most: Math.max(...known) });
}

/** @param {RTCStatsReport} report */
function packetsIn(report) {
  const counted = { packetsSent: 0, packetsReceived: 0, packetsLost: 0 };
  report.forEach(({ type, packetsSent = 0, packetsReceived = 0, packetsLost = 0 }) => {
    if (type === "outbound-rtp") counted.packetsSent += packetsSent;
    if (type !== "inbound-rtp") return;
    counted.packetsReceived += packetsReceived;
    // Packets that came twice count as fewer lost than none.
    counted.packetsLost += Math.max(0, packetsLost);
  });
  return counted;
}
