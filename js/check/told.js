/** @typedef {import("../check.js").ReasonCode} ReasonCode */
/** @typedef {import("../check.js").Verdict} Verdict */

/**
 * What a reason is about, what it leads to, and what it says.
 *
 * @typedef {{ code: ReasonCode, verdict: Verdict, message: string, advice: string, subject?: string }} Told
 */

/** What of the options says what the findings mean. @typedef {{ expectSpeech: boolean, forceRelay: boolean }} Wishes */

/**
 * What there is to say of each way in which a step fails; what it leads to may depend on what else was found.
 *
 * @template {string} F
 * @typedef {Record<F, Omit<Told, "verdict" | "subject"> & { verdict?: Verdict }>} Failures
 */

/**
 * A failure, told.
 *
 * @template {string} F
 * @param {Failures<F>} failures
 * @param {F} failure
 * @param {{ verdict?: Verdict, subject?: string, said?: string | undefined }} [more] `said` is added to the message
 * @returns {Told}
 */
export function told(failures, failure, { said = "", ...more } = {}) {
  const { message, ...rest } = failures[failure];
  return { verdict: "blocked", ...rest, ...more, message: message + said };
}
