/** @typedef {import("../check.js").CheckFindings} Findings */
/** @typedef {import("./told.js").Told} Told */
/** @typedef {import("./told.js").Wishes} Wishes */

import { told } from "./told.js";

/** Somebody who speaks is louder than this, in dBFS, at whatever distance people hold a microphone. */
const SPEECH_DB = -50;

/** @type {import("./told.js").Failures<NonNullable<NonNullable<Findings["permission"]>["failure"]>>} */
const FAILURES = {
  permissionDenied: {
    code: "permissionDenied", verdict: "permissionDenied", message: "the microphone is not allowed on this page",
    advice: "Allow the microphone in the browser's settings for this page (at its address), then run the check again.",
  },
  permissionDismissed: {
    code: "permissionDismissed", verdict: "permissionDenied", message: "the question for the microphone was closed",
    advice: "Run the check again, and answer the browser's question with Allow.",
  },
  permissionBlocked: {
    code: "permissionBlocked", verdict: "permissionDenied", message: "the page may not ask for the microphone",
    advice: "The page that embeds this one has to allow it, by `allow` on its frame or by its Permissions-Policy.",
  },
  unanswered: {
    code: "permissionUnanswered", verdict: "inconclusive",
    message: "nobody has answered the question for the microphone",
    advice: "Look for the browser's question, near the address, and answer it with Allow.",
  },
  insecureContext: {
    code: "insecureContext", verdict: "blocked", message: "the page is not secure, so there is no microphone",
    advice: "Open the page by https:, or as localhost.",
  },
  deviceNotFound: {
    code: "noMicrophone", verdict: "blocked", message: "there is no microphone, or not the one that was chosen",
    advice: "Plug a microphone in, or choose another one.",
  },
  deviceBusy: {
    code: "microphoneBusy", verdict: "blocked", message: "the system does not give the microphone",
    advice: "Close other programs that use it, and see that the system allows the browser the microphone.",
  },
  microphone: {
    code: "microphoneFailed", verdict: "blocked", message: "the microphone could not be opened",
    advice: "Unplug it and plug it in again, or choose another one.",
  },
};

/**
 * @param {Findings} findings
 * @returns {Told[]}
 */
export function permissionReasons({ permission }) {
  return permission?.failure ? [told(FAILURES, permission.failure)] : [];
}

/**
 * @param {Findings} findings
 * @param {Wishes} wishes
 * @returns {Told[]}
 */
export function microphoneReasons({ microphone }, { expectSpeech }) {
  if (!microphone) return [];
  const { loudest, muted, label } = microphone;
  const subject = label ? { subject: label } : {};
  if (!loudest) {
    return [{
      ...subject, code: "microphoneUnmeasured", verdict: "inconclusive",
      message: "the browser lets the page measure no sound", advice: "Start the check with a click.",
    }];
  }
  if (loudest.peak === 0) {
    return [{
      ...subject, code: muted ? "microphoneMuted" : "microphoneSilent", verdict: "degraded",
      message: muted ? "the system mutes the microphone" : "the microphone says exactly nothing",
      advice: "Look for a switch or a key that mutes it, and at its level in the system's settings.",
    }];
  }
  if (loudest.rmsDb >= SPEECH_DB) return [];
  return [{
    ...subject, code: "microphoneQuiet", verdict: expectSpeech ? "degraded" : "ready",
    message: `nobody was heard speaking: ${Math.round(loudest.rmsDb)} dB at most`,
    advice: "Speak while it listens. If you did, choose another microphone, or raise its level in the settings.",
  }];
}
