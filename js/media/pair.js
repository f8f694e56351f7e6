/**
 * The candidate pair that carries a connection: the one that its transport names; else the one that says so itself
 * (Firefox), or the last that was nominated.
 *
 * @param {RTCStatsReport} report
 * @returns {Record<string, any> | undefined}
 */
export function selectedPair(report) {
  /** @type {Record<string, any> | undefined} */
  let named;
  /** @type {Record<string, any>[]} */
  const pairs = [];
  report.forEach((entry) => {
    if (entry.type === "transport") named = report.get(entry.selectedCandidatePairId) ?? named;
    if (entry.type === "candidate-pair") pairs.push(entry);
  });
  const isGood = (/** @type {Record<string, any>} */ { nominated, state }) => nominated && state === "succeeded";
  return named ?? pairs.find(({ selected }) => selected) ?? pairs.findLast(isGood);
}
