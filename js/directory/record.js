/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Direction} Direction */
/** @typedef {import("../index.js").Termination} Termination */
/** @typedef {import("../directory.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../directory.js").Outcome} Outcome */

import { classify, classifyLost } from "./outcome.js";

/**
 * A call as it is stored. Times are milliseconds since 1970.
 *
 * @typedef {object} CallRecord
 * @property {string} id
 * @property {Direction} direction
 * @property {string} owner the page that it is up in
 * @property {number} startedAt
 * @property {number} seenAt when it last changed
 * @property {number} [answeredAt]
 * @property {number} [endedAt]
 * @property {string} [number]
 * @property {string} [name]
 * @property {string} [label]
 * @property {boolean} isTold
 * @property {boolean} isFailed
 * @property {boolean} isTaken
 * @property {boolean} [hasSpoken] it had a microphone
 * @property {boolean} [isFatal] its media failed for good
 * @property {Outcome} [outcome]
 * @property {Termination} [reason]
 */

/**
 * A call that begins, or that goes on after the page was loaded again: `known` is what was stored of it.
 *
 * @param {Call} call
 * @param {CallRecord} [known]
 * @returns {CallRecord}
 */
export function begin(call, known) {
  const now = Date.now();
  const { endedAt: _, outcome: __, reason: ___, ...before } = known ?? fresh(call, now);
  // Who was in a conversation in the page before this one has spoken in it.
  const hasSpoken = before.hasSpoken || before.answeredAt !== undefined;
  return { ...before, ...look(call, before), ...(hasSpoken && { hasSpoken }), seenAt: now };
}

/**
 * A call that went on before it was known how it had begun.
 *
 * @param {CallRecord} own
 * @param {CallRecord} stored
 * @returns {CallRecord}
 */
export function rejoin(own, { startedAt, answeredAt, number, name, label }) {
  return {
    ...(number && { number }), ...(name && { name }),
    ...own,
    startedAt, ...(answeredAt !== undefined && { answeredAt }), ...(label && { label }),
  };
}

/**
 * What can be seen of a call. What is not known any more is kept.
 *
 * @param {Call} call
 * @param {CallRecord} before
 */
export function look(call, before) {
  const number = call.remoteNumber || call.destinationNumber || before.number;
  const name = call.remoteName || before.name;
  const answered = call.direction === "inbound" ? call.answeredAt : call.connectedAt;
  const answeredAt = before.answeredAt ?? answered?.getTime();
  return {
    ...(number && { number }),
    ...(name && { name }),
    ...(answeredAt !== undefined && { answeredAt }),
    ...((before.hasSpoken || call.localStream !== undefined) && { hasSpoken: true }),
    isTaken: before.isTaken || (call.direction === "inbound" && !["new", "ringing", "done"].includes(call.state)),
  };
}

/**
 * @param {CallRecord} record
 * @param {Termination} reason
 * @returns {CallRecord}
 */
export function end(record, reason) {
  const endedAt = Date.now();
  return { ...record, seenAt: endedAt, endedAt, reason: { ...reason }, outcome: classify(course(record), reason) };
}

/** The page is gone in which it was up: it ended when it was last seen. @param {CallRecord} record */
export function close(record) {
  return { ...record, endedAt: record.seenAt, outcome: classifyLost(course(record)) };
}

/** As an application sees it. @param {CallRecord} record @returns {HistoryEntry} */
export function present({ id, direction, number, name, label, startedAt, answeredAt, endedAt, seenAt, outcome, reason }) {
  const talked = answeredAt === undefined ? 0 : Math.max(0, (endedAt ?? seenAt) - answeredAt);
  return Object.freeze({
    id, direction, number, name, label,
    startedAt: new Date(startedAt),
    answeredAt: answeredAt === undefined ? undefined : new Date(answeredAt),
    endedAt: endedAt === undefined ? undefined : new Date(endedAt),
    duration: Math.round(talked / 1000),
    outcome,
    reason: reason && Object.freeze({ ...reason }),
  });
}

/** @param {Call} call @param {number} now @returns {CallRecord} */
function fresh({ id, direction }, now) {
  return { id, direction, owner: "", startedAt: now, seenAt: now, isTold: true, isFailed: false, isTaken: false };
}

/** @param {CallRecord} record */
function course({ direction, answeredAt, isTold, isFailed, isTaken, hasSpoken, isFatal }) {
  // A gateway can take up a call before this side has a microphone for it.
  const isAnswered = answeredAt !== undefined && (hasSpoken || !isFatal);
  return { direction, isAnswered, isTold, isFailed, isTaken };
}
