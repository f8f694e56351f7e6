// What is reported of a peer connection over the client's socket; with a scripted client.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { reports } from "../../js/reports.js";
import { browserReport, telnyxClient } from "./reports-scene.mjs";

globalThis.addEventListener ??= () => {};

let made;
afterEach(() => made.stop());

/** A peer connection that does nothing by itself. */
class Connection extends EventTarget {
  signalingState = "stable";
  connectionState = "connecting";
  localDescription = { type: "offer", sdp: "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:s3cret\r\n" };
  remoteDescription = null;

  getConfiguration() {
    const iceServers = [{ urls: ["turn:t"], username: "u", credential: "s3cret" }, { urls: "stun:s" }];
    return { bundlePolicy: "max-bundle", iceServers, iceTransportPolicy: "all", rtcpMuxPolicy: "require", iceCandidatePoolSize: 0 };
  }
}

function setUp(client = telnyxClient({ ready: true })) {
  made = reports({ debug: true });
  made(client);
  return client;
}

const types = ({ sent }) => sent.map(({ type }) => type.replace("debug_report_", ""));
const events = ({ sent }) => sent.flatMap(({ debug_report_data: data }) => data?.event ?? []);

test("a debug report begins, tells of each event, and ends, under one id", () => {
  const client = setUp();
  const connection = new Connection();
  const call = client.talk("a", { peerConnection: connection });

  connection.dispatchEvent(new Event("signalingstatechange"));
  connection.dispatchEvent(new Event("connectionstatechange"));
  call.tell("report", { connection, report: browserReport(1) });
  call.ends();
  connection.dispatchEvent(new Event("connectionstatechange"));

  assert.deepEqual(types(client), ["start", "data", "data", "data", "data", "stop"]);
  assert.deepEqual(events(client), ["addConnection", "onsignalingstatechange", "onconnectionstatechange", "stats"]);
  for (const { id, ...frame } of client.sent) {
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.ok(!("method" in frame));
    assert.deepEqual([frame.jsonrpc, frame.debug_report_id, frame.debug_report_version, frame.call_id], [
      "2.0", made.debugReportId(call), 1, call.id,
    ]);
  }
  assert.equal(new Set(client.sent.map(({ id }) => id)).size, client.sent.length);
});

test("what is told of a connection and of its counters has the form of Telnyx's, and no secret", () => {
  const client = setUp();
  const connection = new Connection();
  const call = client.talk("a", { peerConnection: connection });
  connection.dispatchEvent(new Event("signalingstatechange"));
  call.tell("report", { connection, report: browserReport(1) });

  const [added, changed, stats] = client.sent.flatMap(({ debug_report_data: data }) => data ?? []);
  assert.deepEqual([added.tag, added.connectionId, typeof added.peerId, new Date(added.timestamp).toISOString()], [
    "peer", "leg-1", "string", added.timestamp,
  ]);
  assert.deepEqual(added.data.peerConfiguration.iceServers, [
    { urls: ["turn:t"], hasUsername: true, hasCredential: true }, { urls: "stun:s", hasUsername: false, hasCredential: false },
  ]);
  assert.match(changed.data.localDescription.sdp, /a=ice-pwd:\*\*\*\r\n/);
  assert.deepEqual(Object.keys(stats.data).sort(), ["audio", "connection", "remote"]);
  assert.equal(stats.data.audio.inbound[0].mimeType, "audio/opus");
  assert.equal(stats.data.audio.outbound[0].track.id, "source");
  assert.equal(stats.data.connection.local.address, "192.0.2.1");
  assert.equal(stats.data.remote.audio.inbound[0].id, "remote-in");
  assert.equal(stats.statsObject.pair.type, "candidate-pair");
  assert.doesNotMatch(JSON.stringify(client.sent), /s3cret/);
});

test("a call that comes back has another connection, which is told of too, once each", () => {
  const client = setUp();
  const [first, second] = [new Connection(), new Connection()];
  const call = client.talk("a", { peerConnection: first });

  call.tell("peerConnection", { connection: first });
  call.tell("peerConnection", { connection: second });

  assert.deepEqual(events(client), ["addConnection", "addConnection"]);
});

test("what the socket has no room for waits, but for counters, of which a gap does no harm", () => {
  const client = setUp(telnyxClient({ ready: true, hasRoom: false }));
  const connection = new Connection();
  const call = client.talk("a", { peerConnection: connection });
  for (let second = 1; second <= 9; second += 1) call.tell("report", { connection, report: browserReport(second) });
  for (let i = 0; i < 1000; i += 1) connection.dispatchEvent(new Event("negotiationneeded"));
  assert.deepEqual(client.sent, []);

  client.hasRoom = true;
  client.tell("ready", {});

  assert.deepEqual([...new Set(events(client))], ["addConnection", "onnegotiationneeded"]);
  assert.deepEqual([types(client)[0], client.sent.length], ["start", 101]);
});

test("every other of the browser's reports goes over the wire", () => {
  const client = setUp();
  const call = client.talk("a", { peerConnection: new Connection() });

  for (let second = 1; second <= 10; second += 1) call.tell("report", { report: browserReport(second) });

  assert.equal(events(client).filter((event) => event === "stats").length, 5);
});

test("a client that was closed, and a FreeSWITCH, are told nothing", () => {
  const closed = setUp(telnyxClient({ ready: true, send: () => { throw new Error("the client was closed"); } }));
  closed.talk("a", { peerConnection: new Connection() }).ends();
  made.stop();

  const freeswitch = setUp(telnyxClient({ ready: true, dialect: "freeswitch" }));
  freeswitch.talk("a", { peerConnection: new Connection() }).ends();
  assert.deepEqual(freeswitch.sent, []);
});
