/** @typedef {import("../check.js").CallPath} CallPath */

import { selectedPair } from "../media/pair.js";

/**
 * Over what a connection carries its media, as far as the browser says.
 *
 * @param {RTCStatsReport} report
 * @returns {CallPath}
 */
export function pathOf(report) {
  const { candidateType, protocol, relayProtocol } = report.get(selectedPair(report)?.["localCandidateId"]) ?? {};
  if (!candidateType) return {};
  // Between the browser and the TURN server.
  return { via: candidateType, over: relayProtocol ?? protocol };
}
