/** @typedef {import("../index.js").Direction} Direction */
/** @typedef {import("../index.js").Termination} Termination */
/** @typedef {import("../directory.js").Outcome} Outcome */

/**
 * What is known of a call when it ends.
 *
 * @typedef {object} Course
 * @property {Direction} direction
 * @property {boolean} isAnswered there was a conversation
 * @property {boolean} isTold the page heard of it
 * @property {boolean} isFailed it told an error
 * @property {boolean} isTaken somebody answered here, whatever came of that
 */

/** Another device of the same user was quicker (FreeSWITCH), or took the call over. */
const ELSEWHERE = ["LOSE_RACE", "PICKED_OFF"];

/** Nobody came to the telephone, in the words of Q.850 and of SIP. */
const NOBODY_CAME = ["NO_ANSWER", "NO_USER_RESPONSE", "ALLOTTED_TIMEOUT", "ORIGINATOR_CANCEL", "RECOVERY_ON_TIMER_EXPIRE"];
const NOBODY_CAME_SIP = [408, 480, 487];

/**
 * What became of a call.
 *
 * @param {Course} course
 * @param {Termination} reason
 * @returns {Outcome}
 */
export function classify(course, reason) {
  if (!course.isTold) return "blocked";
  if (course.isAnswered) return "answered";
  return course.direction === "inbound" ? classifyInbound(course, reason) : classifyOutbound(course, reason);
}

/**
 * What became of a call whose page was closed while it was up.
 *
 * @param {Course} course
 * @returns {Outcome}
 */
export function classifyLost(course) {
  return classify({ ...course, isFailed: false }, { by: course.direction === "inbound" ? "remote" : "local" });
}

/** @param {Course} course @param {Termination} reason @returns {Outcome} */
function classifyInbound({ isFailed, isTaken }, { by, cause = "" }) {
  if (ELSEWHERE.includes(cause)) return "answeredElsewhere";
  if (isTaken && (isFailed || by !== "remote")) return "failed";
  if (by === "local") return isFailed ? "failed" : "rejected";
  return "missed";
}

/** @param {Course} course @param {Termination} reason @returns {Outcome} */
function classifyOutbound({ isFailed }, { by, cause = "", sipCode = 0 }) {
  if (by === "local") return isFailed ? "failed" : "cancelled";
  if (by !== "remote" && by !== "server") return "failed";
  if (cause === "USER_BUSY" || sipCode === 486 || sipCode === 600) return "busy";
  // Q.850 has one cause for people who decline (603) and networks that do not allow it (403).
  if (cause === "CALL_REJECTED" ? sipCode !== 403 : sipCode === 603) return "rejected";
  return NOBODY_CAME.includes(cause) || NOBODY_CAME_SIP.includes(sipCode) ? "missed" : "failed";
}
