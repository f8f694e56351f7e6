/** @typedef {import("../check.js").CheckFindings} Findings */
/** @typedef {import("../check.js").GatewayResult} GatewayResult */
/** @typedef {import("./told.js").Told} Told */

import { told } from "./told.js";

/** What Telnyx's clients call fair, in ms: from here on it is felt when a call is set up. */
const SLOW_MS = 300;

/** @type {import("./told.js").Failures<NonNullable<GatewayResult["failure"]>>} */
const FAILURES = {
  refused: {
    code: "gatewayUnreachable", message: "no WebSocket could be opened to the gateway",
    advice: "Check the network, a proxy or VPN, the address, and `connect-src` of the page's policy.",
  },
  timedOut: {
    code: "gatewayTimedOut", message: "the gateway has not answered in time",
    advice: "Check the network: a firewall or a proxy may swallow WebSockets.",
  },
  silent: {
    code: "gatewaySilent", message: "the gateway has opened a WebSocket and then answered nothing",
    advice: "A proxy on the way may hold frames back; or it is another kind of server.",
  },
  forbidden: {
    code: "gatewayForbidden", message: "the browser forbids the page this address",
    advice: "A page that came by https: needs wss:, and `connect-src` of its policy has to name the gateway.",
  },
};

/**
 * @param {Findings} findings
 * @returns {Told[]}
 */
export function gatewayReasons({ gateways }) {
  const reached = gateways.filter(({ failure }) => failure === undefined);
  // One of several is enough to call.
  const verdict = reached.length > 0 ? "degraded" : "blocked";
  const failed = gateways.flatMap(({ url, failure }) => {
    return failure ? [told(FAILURES, failure, { verdict, subject: url })] : [];
  });
  const [best] = reached.filter(({ rttBy }) => rttBy === "ping").sort((a, b) => Number(a.rttMs) - Number(b.rttMs));
  if (!best?.rttMs || best.rttMs < SLOW_MS) return failed;
  return [...failed, {
    code: "gatewaySlow", verdict: "degraded", subject: best.url,
    message: `the gateway takes ${Math.round(best.rttMs)} ms to answer`,
    advice: "Choose a nearer region. A VPN or a busy network makes it slower, too.",
  }];
}

/**
 * @param {Findings} findings
 * @returns {Told[]}
 */
export function signInReasons({ signIn }) {
  if (!signIn?.error) return [];
  const { kind, code, message } = signIn.error;
  if (kind === "refused" || kind === "misuse") {
    return [{
      code: "signInRefused", verdict: "blocked", message: `signing in was refused: ${message} (${code})`,
      advice: "Check the user and the password, or fetch another token.",
    }];
  }
  return [{
    code: "signInFailed", verdict: "blocked", message: `signing in has failed: ${message} (${code})`,
    advice: "Check the network, and run the check again.",
  }];
}
