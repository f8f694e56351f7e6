// What reports of calls stand on: a client, a call, a browser's report of it, and Telnyx's server, all of them scripted.

import { ScriptedClient } from "./scripted-calls.mjs";

globalThis.reportError ??= () => {};

/** Telnyx's names, as its server gives them to who registers. */
export const REGISTERED = {
  jsonrpc: "2.0", id: "2", voice_sdk_id: "node-1", result: { params: { state: "REGED", call_report_id: "report-1", dc: "fr5" } },
};

/** A client of Telnyx's, which notes the frames that it is to send. */
export function telnyxClient(fields = {}) {
  const client = new ScriptedClient();
  return Object.assign(client, {
    dialect: "telnyx", url: "wss://rtc.example:8443/x", region: "eu", ready: false, token: undefined, sent: [], hasRoom: true,
    send: (frame) => client.hasRoom && Boolean(client.sent.push(JSON.parse(JSON.stringify(frame)))),
    /** Signs in and registers. */
    register(frame = REGISTERED) {
      client.tell("message", { direction: "out", frame: { method: "login", params: { login: "1000", passwd: "***" } } });
      client.tell("message", { direction: "in", frame });
      client.ready = true;
      client.tell("ready", {});
    },
    /** A call that is talked in. */
    talk(name = "a", more = {}) {
      const call = client.has(name, "ringing", {
        remoteNumber: "+15550100", destinationNumber: "1000", telnyxIds: { legId: "leg-1", sessionId: "session-1" }, ...more,
      });
      client.tell("incomingCall", { call });
      call.becomes("active");
      return call;
    },
    ...fields,
  });
}

/** What a browser reports after so many seconds in which all went well. */
export function browserReport(second, { without = [], level = 0.5 } = {}) {
  const timestamp = 1e12 + second * 1000;
  const entries = [
    {
      id: "out", type: "outbound-rtp", kind: "audio", packetsSent: 50 * second, bytesSent: 4000 * second, codecId: "codec",
      headerBytesSent: 600 * second, active: true,
    },
    {
      id: "in", type: "inbound-rtp", kind: "audio", packetsReceived: 50 * second, bytesReceived: 8000 * second, packetsLost: 0,
      jitter: 0.005, audioLevel: level, totalAudioEnergy: level * level * second, totalSamplesDuration: second, codecId: "codec",
    },
    {
      id: "remote-in", type: "remote-inbound-rtp", kind: "audio", packetsLost: 1, jitter: 0.002, roundTripTime: 0.04,
      totalRoundTripTime: 0.12, roundTripTimeMeasurements: 3,
    },
    { id: "remote-out", type: "remote-outbound-rtp", kind: "audio", packetsSent: 50 * second },
    { id: "source", type: "media-source", kind: "audio", totalAudioEnergy: 0.04 * second, totalSamplesDuration: second },
    { id: "codec", type: "codec", mimeType: "audio/opus", clockRate: 48000, channels: 2, payloadType: 111 },
    { id: "transport", type: "transport", dtlsState: "connected", selectedCandidatePairId: "pair" },
    {
      id: "pair", type: "candidate-pair", state: "succeeded", nominated: true, currentRoundTripTime: 0.05, localCandidateId: "l",
      remoteCandidateId: "r", bytesSent: 5000 * second,
    },
    { id: "l", type: "local-candidate", address: "192.0.2.1", port: 5000, candidateType: "host", protocol: "udp" },
    { id: "r", type: "remote-candidate", address: "192.0.2.2", port: 6000, candidateType: "srflx", protocol: "udp" },
  ];
  return new Map(entries.filter(({ type }) => !without.includes(type)).map((entry) => [entry.id, { timestamp, ...entry }]));
}

/** Takes the place of `fetch`: what was posted, and what the server answers, one after the other, and 200 from then on. */
export function telnyxServer(answers = []) {
  const posts = [];
  const before = globalThis.fetch;
  globalThis.fetch = async (url, { headers, body, keepalive, signal, method, credentials }) => {
    posts.push({ url: String(url), method, headers, keepalive, credentials, bytes: Buffer.byteLength(body), body: JSON.parse(body) });
    const answer = answers.shift() ?? 200;
    if (answer instanceof Error) throw answer;
    if (typeof answer === "function") return answer(signal);
    return { ok: answer < 300, status: answer };
  };
  return { posts, answers, restore: () => (globalThis.fetch = before) };
}

/** Until all has happened that needs no time. */
export async function quiet() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
