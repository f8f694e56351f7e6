/** @typedef {import("../check.js").CheckFindings} Findings */
/** @typedef {import("../check.js").IceServerResult} IceServerResult */
/** @typedef {import("./told.js").Told} Told */
/** @typedef {import("./told.js").Wishes} Wishes */

import { told } from "./told.js";

/** @type {import("./told.js").Failures<NonNullable<IceServerResult["failure"]>>} */
const FAILURES = {
  unauthorized: {
    code: "iceUnauthorized", message: "a TURN server refuses the user name or the credential",
    advice: "Give it those that are valid now: many expire within hours.",
  },
  unreachable: {
    code: "iceUnreachable", message: "a STUN or TURN server could not be reached",
    advice: "Check its address and port, its certificate, and the firewall.",
  },
  timedOut: {
    code: "iceTimedOut", message: "a STUN or TURN server has not answered in time",
    advice: "Check its address; a firewall may drop what is sent to it.",
  },
  invalid: {
    code: "iceInvalid", message: "the browser does not take a STUN or TURN server",
    advice: "Correct its address, user name and credential; browsers forbid some ports.",
  },
};

/**
 * @param {Findings} findings
 * @param {Wishes} wishes
 * @returns {Told[]}
 */
export function iceReasons({ ice }, { forceRelay }) {
  if (!ice) return [];
  if (ice.failure === "unsupported") {
    return [{
      code: "noWebRtc", verdict: "blocked", message: "the browser has no WebRTC",
      advice: "Use a newer browser; some privacy settings and extensions switch WebRTC off.",
    }];
  }
  const failed = ice.servers.filter(({ works }) => !works).map(({ url, failure, errorCode, errorText }) => {
    const said = [errorCode, errorText].filter(Boolean).join(" ");
    return told(FAILURES, failure ?? "unreachable", { verdict: "degraded", subject: url, said: said && ` (${said})` });
  });
  return [...waysOut(ice, forceRelay), ...failed];
}

/**
 * @param {NonNullable<Findings["ice"]>} ice
 * @param {boolean} forceRelay
 * @returns {Told[]}
 */
function waysOut({ servers, host, relay }, forceRelay) {
  const hasRelay = Object.values(relay).includes(true);
  const asksRelay = servers.some(({ type }) => type === "turn");
  if (!hasRelay && (forceRelay || (!host && !servers.some(({ works }) => works)))) {
    return [{
      code: "noCandidates", verdict: "blocked", message: "there is no address over which a call could be heard",
      advice: "The browser's policy, a VPN or an extension may keep WebRTC from the network; a TURN server would help.",
    }];
  }
  if (!hasRelay && asksRelay) {
    return [{
      code: "noRelay", verdict: "degraded", message: "no TURN server relays",
      advice: "Calls work only where the network lets UDP through. Mend the TURN servers below.",
    }];
  }
  const overUdp = servers.filter(({ protocol }) => protocol === "udp");
  // Who refuses was reached, and what the browser does not take was not asked.
  const isUdpDead = overUdp.every(({ failure }) => failure === "timedOut" || failure === "unreachable");
  if (!hasRelay || overUdp.length === 0 || !isUdpDead) return [];
  return [{
    code: "udpBlocked", verdict: "degraded", message: "UDP does not get through: calls are relayed over TCP or TLS",
    advice: "They sound worse where packets are lost. Ask for UDP to be let out, to the TURN server at least.",
  }];
}
