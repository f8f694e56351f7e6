/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("./registration.js").Registration} Registration */

import { VERSION } from "../version.js";
import { some } from "./entries.js";

/** How Telnyx calls the ways to sign in. */
export const SIGN_INS = /** @type {const} */ (["login_password", "login_token", "anonymous_login", "unknown"]);

/**
 * What is said of a call in each of its reports.
 *
 * @param {Client} client
 * @param {Call} call
 * @param {Registration} registration
 * @param {{
 *   startedAt: number, isRecovered: boolean, wasMuted: boolean, intervalMs: number, flushMs: number,
 *   mostLogs: number | undefined, callerNumber?: string,
 * }} how
 */
export function summary(client, call, registration, how) {
  const { startedAt, isRecovered, wasMuted, intervalMs, flushMs, mostLogs, callerNumber } = how;
  const endedAt = Date.now();
  const { direction, telnyxIds } = call;
  return some({
    callId: call.id,
    destinationNumber: call.destinationNumber,
    callerNumber: direction === "inbound" ? call.remoteNumber : callerNumber,
    direction: isRecovered ? "attach" : direction,
    state: call.state,
    // The clock may have been set back.
    durationSeconds: Math.max(0, Math.round((endedAt - startedAt) / 1000)),
    telnyxSessionId: telnyxIds.sessionId,
    telnyxLegId: telnyxIds.legId,
    voiceSdkId: registration.node,
    sdkVersion: `Offhook-${VERSION}`,
    startTimestamp: new Date(startedAt).toISOString(),
    endTimestamp: new Date(endedAt).toISOString(),
    clientSummary: {
      authentication: { type: registration.signIn ?? (client.token ? "login_token" : "unknown") },
      connection: some({ host: new URL(client.url).host, region: client.region, dc: registration.dc }),
      media: { audio: true, video: false, mutedMicOnStart: wasMuted, ...transport(call.peerConnection) },
      callReports: some({ enabled: true, intervalMs, flushIntervalMs: flushMs, debugLogMaxEntries: mostLogs }),
    },
  });
}

/** @param {RTCPeerConnection | undefined} connection */
function transport(connection) {
  if (!connection) return {};
  const { iceTransportPolicy, iceServers = [] } = connection.getConfiguration();
  return { forceRelayCandidate: iceTransportPolicy === "relay", iceServers: iceServers.map(server) };
}

/**
 * A server, without what opens it.
 *
 * @param {RTCIceServer} server
 */
export function server({ urls, username, credential }) {
  return { urls, hasUsername: Boolean(username), hasCredential: Boolean(credential) };
}
