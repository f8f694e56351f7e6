/** One of a report's dictionaries, as far as browsers fill it in. @typedef {Record<string, any>} Entry */

import { selectedPair } from "../media/pair.js";

/**
 * What a browser's report has about a call's audio and its way.
 *
 * @typedef {{
 *   inbound: Entry | undefined, outbound: Entry | undefined, remoteInbound: Entry | undefined,
 *   remoteOutbound: Entry | undefined, source: Entry | undefined, playout: Entry | undefined,
 *   transport: Entry | undefined, pair: Entry | undefined, local: Entry | undefined, remote: Entry | undefined,
 *   codecOf: (rtp: Entry | undefined) => Entry | undefined,
 * }} Entries
 */

/**
 * @param {RTCStatsReport} report
 * @returns {Entries}
 */
export function entriesOf(report) {
  /** @type {Record<string, Entry[]>} */
  const byType = {};
  report.forEach((entry) => (byType[entry.type] ??= []).push(entry));
  const audio = (/** @type {string} */ type) => byType[type]?.find(({ kind }) => kind === "audio");
  const find = (/** @type {string | undefined} */ id) => (id === undefined ? undefined : report.get(id));
  const transport = byType["transport"]?.[0];
  const pair = selectedPair(report);
  return {
    inbound: audio("inbound-rtp"),
    outbound: audio("outbound-rtp"),
    remoteInbound: audio("remote-inbound-rtp"),
    remoteOutbound: audio("remote-outbound-rtp"),
    source: audio("media-source"),
    playout: byType["media-playout"]?.[0],
    transport,
    pair,
    local: find(pair?.["localCandidateId"]),
    remote: find(pair?.["remoteCandidateId"]),
    codecOf: (rtp) => find(rtp?.["codecId"]),
  };
}

/**
 * The members of these names, as far as there are any; nothing where there is none.
 *
 * @param {Entry | undefined} entry
 * @param {readonly string[]} names
 * @returns {Entry | undefined}
 */
export function pick(entry, names) {
  if (!entry) return undefined;
  return some(Object.fromEntries(names.map((name) => [name, entry[name]])));
}

/**
 * What of it is there; nothing where nothing is.
 *
 * @param {Entry} members
 * @returns {Entry | undefined}
 */
export function some(members) {
  const there = Object.entries(members).filter(([, value]) => value != null && !Number.isNaN(value));
  return there.length > 0 ? Object.fromEntries(there) : undefined;
}
