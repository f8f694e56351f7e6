/** @typedef {import("../check.js").CheckFindings} Findings */
/** @typedef {import("../check.js").CallFindings} CallFindings */
/** @typedef {import("./told.js").Told} Told */

import { told } from "./told.js";

/** What Telnyx's clients call fair: RTT and jitter in seconds, loss as a share. */
const RTT = 0.3;
const JITTER = 0.03;
const LOSS = 0.02;
/** Below this a score is poor or bad. */
const MOS = 3.7;

/** @type {import("./told.js").Failures<NonNullable<CallFindings["failure"]>>} */
const FAILURES = {
  soundBlocked: {
    code: "soundBlocked", verdict: "inconclusive", message: "the browser lets the page make no sound for a test call",
    advice: "Start the check with a click.",
  },
  notConnected: {
    // Some TURN servers relay nothing to themselves, and reach gateways none the less.
    code: "callNotConnected", verdict: "inconclusive", message: "the page could not connect to itself",
    advice: "The TURN server may not relay to itself: have a number called instead.",
  },
  notAnswered: {
    code: "callNotAnswered", verdict: "inconclusive", message: "the test call was not answered in time",
    advice: "Check that the number answers by itself, such as an echo service.",
  },
  ended: {
    code: "callEnded", verdict: "inconclusive", message: "the test call ended before it was measured",
    advice: "Check the number, and that this user may call it.",
  },
  refused: {
    code: "callRefused", verdict: "inconclusive", message: "the test call could not be made",
    advice: "Check the number, and that the client is ready.",
  },
};

/**
 * @param {Findings} findings
 * @returns {Told[]}
 */
export function callReasons({ call }) {
  if (!call) return [];
  if (call.failure) return [told(FAILURES, call.failure, { said: call.cause && `: ${call.cause}` })];
  const { packetsSent, packetsReceived } = call;
  if (packetsReceived === 0 || packetsSent === 0) return [flow(packetsSent === 0, packetsReceived === 0)];
  return [...figures(call), ...path(call)];
}

/**
 * @param {boolean} isMute
 * @param {boolean} isDeaf
 * @returns {Told}
 */
function flow(isMute, isDeaf) {
  const what = isMute && isDeaf ? "no audio flowed" : isDeaf ? "no audio came back" : "no audio was sent";
  return {
    code: isMute && isDeaf ? "noAudio" : "oneWayAudio", verdict: "blocked", message: `in the test call, ${what}`,
    advice: "A firewall lets the call's signalling through and its audio not: let UDP out, or use a TURN server.",
  };
}

/**
 * @param {CallFindings} call
 * @returns {Told[]}
 */
function figures({ mos, jitter, rtt, loss, quality }) {
  /** @type {Told[]} */
  const all = [];
  const say = (/** @type {Told["code"]} */ code, /** @type {string} */ message, /** @type {string} */ advice) => {
    all.push({ code, verdict: "degraded", message, advice });
  };
  const better = "Use a cable in place of Wi-Fi, come nearer to the access point, or stop what else uses the network.";
  const ms = (/** @type {number} */ seconds) => Math.round(1_000 * seconds);
  if (mos && mos.mean < MOS) say("lowMos", `the test call sounded ${quality}: MOS ${mos.mean.toFixed(1)}`, better);
  if (loss !== undefined && loss >= LOSS) {
    say("packetLoss", `${(100 * loss).toFixed(1)} % of its packets were lost`, better);
  }
  if (jitter && jitter.mean >= JITTER) {
    say("highJitter", `its packets came unevenly: ${ms(jitter.mean)} ms of jitter`, better);
  }
  if (rtt && rtt.mean >= RTT) {
    say("highRtt", `its packets took ${ms(rtt.mean)} ms there and back`, "Choose a nearer region, or leave the VPN.");
  }
  return all;
}

/**
 * @param {CallFindings} call
 * @returns {Told[]}
 */
function path({ kind, via }) {
  if (kind !== "loopback" || via === "relay") return [];
  return [{
    code: "loopbackLocal", verdict: "ready", message: "without a TURN server the test call did not leave this computer",
    advice: "Its figures say nothing of the network: name a TURN server, or have a number called.",
  }];
}
