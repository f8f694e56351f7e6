/** @typedef {import("../check.js").CheckFindings} Findings */
/** @typedef {import("../check.js").CheckReason} CheckReason */
/** @typedef {import("../check.js").CheckStep} CheckStep */
/** @typedef {import("../check.js").Verdict} Verdict */
/** @typedef {import("./told.js").Told} Told */
/** @typedef {import("./told.js").Wishes} Wishes */

import { callReasons } from "./call-reasons.js";
import { iceReasons } from "./ice-reasons.js";
import { microphoneReasons, permissionReasons } from "./microphone-reasons.js";
import { gatewayReasons, signInReasons } from "./session-reasons.js";

/** From the worst: of several, the first one is what is said of the whole. @type {Verdict[]} */
export const VERDICTS = ["permissionDenied", "blocked", "degraded", "inconclusive", "ready"];

/** @type {Partial<Record<CheckStep, (findings: Findings, wishes: Wishes) => Told[]>>} */
const TELLERS = {
  permission: permissionReasons,
  microphone: microphoneReasons,
  gateway: gatewayReasons,
  ice: iceReasons,
  signIn: signInReasons,
  call: callReasons,
};

/**
 * Why a step is as it is, from what it found.
 *
 * @param {CheckStep} step
 * @param {Findings} findings
 * @param {Wishes} wishes
 * @returns {CheckReason[]}
 */
export function reasonsOf(step, findings, wishes) {
  return (TELLERS[step]?.(findings, wishes) ?? []).map((told) => Object.freeze({ step, ...told }));
}

/**
 * A step that did not come to its end: nothing is known of it.
 *
 * @param {CheckStep} step
 * @param {unknown} error
 * @returns {CheckReason}
 */
export function stepFailed(step, error) {
  return Object.freeze({
    step, code: "stepFailed", verdict: "inconclusive", message: `the step failed: ${error}`,
    advice: "Run the check again. If it stays so, this browser cannot do what the step needs.",
  });
}

/**
 * @param {readonly CheckReason[]} reasons
 * @returns {Verdict}
 */
export function verdictOf(reasons) {
  return VERDICTS.find((verdict) => reasons.some((reason) => reason.verdict === verdict)) ?? "ready";
}

/**
 * The worst first; among equals, in the order of the steps.
 *
 * @param {readonly CheckReason[]} reasons
 */
export function sorted(reasons) {
  return reasons.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
}
