// What is reported of a call over HTTP, when, and what becomes of it where the server does not take it; with a scripted
// client, server and clock.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mock, test } from "node:test";
import { log } from "../../js/log.js";
import { reports, sendReports } from "../../js/reports.js";
import { made, page, pass, server, setUp, talk, use } from "./reports-page.mjs";
import { REGISTERED, browserReport, quiet, telnyxClient } from "./reports-scene.mjs";

test("a call that is over is reported as Telnyx has it, once, with nothing empty", async () => {
  const { client, outcomes } = setUp();

  const call = client.talk();
  talk(call, 11);
  call.ends();
  await quiet();

  assert.equal(server.posts.length, 1);
  const [{ url, method, headers, keepalive, credentials, body }] = server.posts;
  assert.deepEqual([url, method, keepalive, credentials], ["https://rtc.example:8443/call_report", "POST", true, "omit"]);
  assert.deepEqual(headers, {
    "Content-Type": "application/json", "x-call-report-id": "report-1", "x-call-id": call.id, "x-voice-sdk-id": "node-1",
  });
  assert.deepEqual(Object.keys(body).sort(), ["logs", "stats", "summary"]);
  const { clientSummary, ...summary } = body.summary;
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"));
  assert.deepEqual(summary, {
    callId: call.id, destinationNumber: "1000", callerNumber: "+15550100", direction: "inbound", state: "done",
    durationSeconds: 11, telnyxSessionId: "session-1", telnyxLegId: "leg-1", voiceSdkId: "node-1", sdkVersion: `Offhook-${version}`,
    startTimestamp: "2026-01-01T00:00:00.000Z", endTimestamp: "2026-01-01T00:00:11.000Z",
  });
  assert.deepEqual(clientSummary, {
    authentication: { type: "login_password" }, connection: { host: "rtc.example:8443", region: "eu", dc: "fr5" },
    media: { audio: true, video: false, mutedMicOnStart: false },
    callReports: { enabled: true, intervalMs: 5000, flushIntervalMs: 180_000 },
  });
  assert.deepEqual(outcomes, [{ call, segment: 0, isLast: true, isSent: true, attempts: 1, status: 200 }]);
});

test("of a call that the page makes it is told as whom, and how long setting up took", async () => {
  const timings = { milestones: { callInitiated: 0, callActive: 900 }, callSetup: 900 };
  const asked = [];
  const { client } = setUp({ timingsOf: (call) => (asked.push(call), timings) });
  const call = client.has("a", "new", { direction: "outbound", destinationNumber: "9196", telnyxIds: {} });
  client.tell("outgoingCall", { call });
  const invite = (callID, number) => ({
    direction: "out", frame: { method: "telnyx_rtc.invite", params: { dialogParams: { callID, caller_id_number: number } } },
  });

  client.tell("message", invite("another", "+15550199"));
  client.tell("message", invite(call.id, "+15550111"));
  call.becomes("active");
  talk(call, 6);
  page.dispatchEvent(new Event("pagehide"));
  call.ends();
  await quiet();

  const [{ body }] = server.posts;
  assert.deepEqual([body.summary.callerNumber, body.summary.destinationNumber], ["+15550111", "9196"]);
  assert.deepEqual(asked, [call], "once, though the page came back");
  const entry = { timestamp: "2026-01-01T00:00:06.000Z", level: "info", message: "CallTimings", context: timings };
  assert.deepEqual(server.posts.map(({ body: { logs } }) => logs), [[entry], [entry]], "as it left, and when the call ended");
});

test("timings that cannot be told cost no report", async () => {
  const { client } = setUp({ timingsOf: () => { throw new Error("no timings"); } });

  const call = client.talk();
  talk(call, 6);
  call.ends();
  await quiet();

  assert.deepEqual(server.posts.map(({ body }) => [body.stats.length, body.logs.length]), [[1, 0]]);
  assert.throws(() => reports({ call: true, timingsOf: 5 }), { code: 44002 });
});

test("samples cover five seconds each, with counters as they are and means to four decimals", async () => {
  const { client } = setUp();

  const call = client.talk();
  talk(call, 12);
  call.ends();
  await quiet();

  const { stats } = server.posts[0].body;
  assert.deepEqual(stats.map(({ intervalStartUtc, intervalEndUtc }) => [intervalStartUtc, intervalEndUtc].map((at) => at.slice(17, 19))), [
    ["01", "06"], ["06", "11"], ["11", "12"],
  ]);
  const [, { audio, connection, ice, transport, remoteRtcp }] = stats;
  assert.deepEqual(audio.outbound, {
    packetsSent: 550, bytesSent: 44_000, headerBytesSent: 6600, active: true, audioLevelAvg: 0.2, bitrateAvg: 32_000,
    codec: { mimeType: "audio/opus", clockRate: 48_000, channels: 2, payloadType: 111, codecId: "codec" },
    mediaSource: { id: "source", totalAudioEnergy: 0.44, totalSamplesDuration: 11 },
  });
  assert.deepEqual(audio.inbound, {
    packetsReceived: 550, bytesReceived: 88_000, packetsLost: 0, totalAudioEnergy: 2.75, totalSamplesDuration: 11,
    audioLevelAvg: 0.5, jitterAvg: 5, bitrateAvg: 64_000,
    codec: { mimeType: "audio/opus", clockRate: 48_000, channels: 2, payloadType: 111, codecId: "codec" },
  });
  assert.deepEqual(connection, {
    roundTripTimeAvg: 0.05, currentRoundTripTime: 0.05, roundTripTimeSource: "candidate-pair.currentRoundTripTime",
    bytesSent: 55_000,
  });
  assert.deepEqual([ice.local.address, ice.remote.candidateType, ice.nominated], ["192.0.2.1", "srflx", true]);
  assert.deepEqual(transport, { dtlsState: "connected", selectedCandidatePairId: "pair" });
  assert.deepEqual(remoteRtcp.inbound, {
    packetsLost: 1, roundTripTime: 0.04, totalRoundTripTime: 0.12, roundTripTimeMeasurements: 3, jitter: 2, roundTripTimeAvg: 0.04,
  });
});

test("what a browser leaves out is left out, and no number is made of nothing", async () => {
  const { client } = setUp();

  const call = client.talk();
  talk(call, 7, { without: ["remote-inbound-rtp", "remote-outbound-rtp", "media-source", "transport", "codec"] });
  call.ends();
  await quiet();

  const text = JSON.stringify(server.posts[0].body.stats);
  assert.doesNotMatch(text, /null|NaN|\{\}|remoteRtcp/);
  // Firefox has no transport: the pair that was nominated is the one.
  assert.equal(server.posts[0].body.stats[0].ice.id, "pair");
});

test("nothing is measured while a call is held, and the pause is in no sample", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 3);

  call.becomes("held");
  mock.timers.tick(60_000);
  call.becomes("active");
  talk(call, 3, { first: 4 });
  call.ends();
  await quiet();

  const lengths = server.posts[0].body.stats.map(({ intervalStartUtc, intervalEndUtc }) => {
    return (Date.parse(intervalEndUtc) - Date.parse(intervalStartUtc)) / 1000;
  });
  assert.deepEqual(lengths, [2, 2]);
});

test("nothing is sent without a name for it, nor for a call in which nothing was", async () => {
  const { client } = setUp({}, telnyxClient({ register() { this.ready = true; } }));
  const call = client.talk();
  talk(call, 6);
  call.ends();
  await quiet();
  assert.equal(server.posts.length, 0);

  const other = setUp();
  other.client.talk().ends();
  await quiet();
  assert.equal(server.posts.length, 0);
});

test("nothing is sent unless it was asked for, nor to a FreeSWITCH", async () => {
  for (const [options, client] of [[{ call: false }, telnyxClient()], [{}, telnyxClient({ dialect: "freeswitch" })]]) {
    setUp(options, client);
    assert.equal(client.sent.length, 0);
    const call = client.talk();
    talk(call, 6);
    call.ends();
    await quiet();
  }
  assert.deepEqual(server.posts, []);
});

test("who comes when the client is connected asks the server for the name", async () => {
  const client = telnyxClient({ ready: true });

  use(sendReports(client, { call: true }));
  assert.deepEqual(client.sent.map(({ method }) => method), ["telnyx_rtc.gatewayState"]);
  client.tell("message", { direction: "in", frame: { ...REGISTERED, id: client.sent[0].id } });
  const call = client.talk();
  talk(call, 6);
  call.ends();
  await quiet();

  assert.equal(server.posts[0].headers["x-call-report-id"], "report-1");
});

test("a long call is reported in segments, and each sample once", async () => {
  const { client } = setUp({ intervalSeconds: 1 });

  const call = client.talk();
  for (let minute = 0; minute < 7; minute += 1) {
    talk(call, 60, { first: 1 + minute * 60 });
    await quiet();
  }
  call.ends();
  await quiet();

  const told = server.posts.map(({ body: { segment, flushReason } }) => [segment, flushReason?.type]);
  assert.deepEqual(told, [[0, "safety-interval"], [1, "safety-interval"], [2, undefined]]);
  const starts = server.posts.flatMap(({ body }) => body.stats.map(({ intervalStartUtc }) => intervalStartUtc));
  assert.deepEqual([starts.length, new Set(starts).size], [419, 419]);
});

test("three hundred samples or eight hundred log entries make a segment", async () => {
  const diary = log({ level: "info", logger: false });
  const { client } = setUp({ intervalSeconds: 1, log: diary });
  const call = client.talk();
  await quiet();

  for (let i = 0; i < 800; i += 1) diary.write("info", `entry ${i}`, undefined, call);
  await quiet();
  assert.deepEqual(server.posts.map(({ body: { segment, flushReason, logs } }) => [segment, flushReason.type, logs.length]), [
    [0, "buffer-limit", 800],
  ]);
  for (let i = 0; i < 301; i += 1) {
    mock.timers.tick(i === 300 ? 1000 : 1);
    call.tell("report", { report: browserReport(i) });
  }
  call.ends();
  await quiet();
  assert.equal(server.posts.at(-1).body.segment, 1);
});

test("the server's failures are tried again after half a second, one and two; then the samples wait for the next part", async () => {
  const { client, outcomes } = setUp();
  const call = client.talk();
  talk(call, 6);
  server.answers.push(500, new TypeError("Failed to fetch"), 503, 502);

  const flushed = made.flush();
  await quiet();
  assert.equal(server.posts.length, 1);
  for (const [ms, posts] of [[500, 2], [1000, 3], [2000, 4]]) {
    await pass(ms);
    assert.equal(server.posts.length, posts);
  }
  await pass(10_000);
  await flushed;
  assert.equal(server.posts.length, 4);
  assert.deepEqual(outcomes.map(({ isSent, attempts, status }) => [isSent, attempts, status]), [[false, 4, 502]]);

  talk(call, 5, { first: 7 });
  call.ends();
  await quiet();
  const { body } = server.posts.at(-1);
  assert.deepEqual([body.segment, body.stats.length > 1, body.stats[0].intervalStartUtc], [undefined, true, "2026-01-01T00:00:01.000Z"]);
});

test("what the server calls wrong is not tried again", async () => {
  for (const status of [400, 401, 404]) {
    const { client, outcomes } = setUp();
    server.posts.length = 0;
    server.answers.push(status);
    const call = client.talk();
    talk(call, 6);
    call.ends();
    await pass(5000);

    assert.equal(server.posts.length, 1);
    assert.deepEqual(outcomes.map(({ isSent, attempts, status: told }) => [isSent, attempts, told]), [[false, 1, status]]);
    made.stop();
  }
});

test("a report that could not be sent when the call was over goes out when the session is back", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 6);
  const lost = new TypeError("Failed to fetch");
  server.answers.push(lost, lost, lost, lost);

  call.ends({ by: "network" });
  await pass(4000);
  assert.equal(server.posts.length, 4);
  client.tell("message", { direction: "in", frame: { result: { params: { state: "REGED", call_report_id: "report-2" } } } });
  client.tell("ready", {});
  await quiet();

  assert.equal(server.posts.length, 5);
  assert.equal(server.posts[4].headers["x-call-report-id"], "report-2");
  assert.equal(server.posts[4].body.stats.length, 1);
  client.tell("ready", {});
  await quiet();
  assert.equal(server.posts.length, 5);
});

test("a body that the server finds too large goes in halves", async () => {
  const { client } = setUp({ intervalSeconds: 1 });
  const call = client.talk();
  talk(call, 9);
  server.answers.push(413, 413);

  call.ends();
  await quiet();

  const sizes = server.posts.map(({ body: { segment, stats } }) => [segment, stats.length]);
  assert.deepEqual(sizes, [[undefined, 8], [0, 4], [0, 2], [1, 2], [2, 4]]);
});

test("no body is larger than the server takes, and log entries are in the first ones", async () => {
  const diary = log({ level: "info", logger: false });
  const { client } = setUp({ log: diary, intervalSeconds: 1 });
  const call = client.talk();
  talk(call, 20);
  for (let i = 0; i < 500; i += 1) diary.write("info", `entry ${i} ${"ü".repeat(4000)}`, undefined, call);

  call.ends();
  await quiet();

  assert.ok(server.posts.length >= 3);
  for (const { bytes } of server.posts) assert.ok(bytes <= 1_900_000, `${bytes}`);
  assert.deepEqual(server.posts.map(({ body: { segment } }) => segment), server.posts.map((_, i) => i));
  const logs = server.posts.flatMap(({ body }) => body.logs);
  assert.equal(logs.filter(({ message }) => message.startsWith("entry")).length, 500);
  assert.ok(server.posts.slice(0, -1).every(({ body }) => body.logs.length > 0));
});

test("where nothing can be sent, no more than half an hour is kept: the newest", async () => {
  const { client } = setUp({ intervalSeconds: 1 });
  server.answers.push(...Array(20).fill(400));
  const call = client.talk();

  for (let minute = 0; minute < 10; minute += 1) {
    talk(call, 60, { first: 1 + minute * 60 });
    await quiet();
  }
  // After three minutes, after five with too much, and then once a minute.
  assert.equal(server.posts.length, 6);
  server.answers.length = 0;
  call.ends();
  await quiet();

  const { stats } = server.posts.at(-1).body;
  assert.equal(stats.length, 360);
  assert.equal(stats.at(-1).intervalEndUtc, "2026-01-01T00:10:00.000Z");
});

test("a clock that is set back ends a sample, and holds nothing up", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 7);
  mock.timers.setTime(Date.UTC(2025, 11, 31, 23));

  talk(call, 12, { first: 8 });
  await quiet();
  call.ends();
  await quiet();

  const stats = server.posts.flatMap(({ body }) => body.stats);
  assert.ok(stats.length >= 4, `${stats.length}`);
  assert.equal(server.posts[0].body.flushReason?.type, "safety-interval", "an hour is long, whichever way");
  assert.equal(server.posts.at(-1).body.summary.durationSeconds, 0);
});

test("a lost socket makes a segment that says so", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 6);

  client.tell("socketDisconnected", { code: 1006, reason: "" });
  await quiet();

  assert.deepEqual(server.posts[0].body.flushReason, {
    type: "socket-close", socketClose: { code: 1006, codeName: "ABNORMAL_CLOSURE", reason: "", wasClean: false },
  });
});

test("each call's report has its own log entries, and no digits", async () => {
  const diary = log({ level: "all", logger: false });
  const { client } = setUp({ log: diary });
  const [a, b] = [client.talk("a"), client.talk("b")];

  diary.write("info", "of a", undefined, a);
  diary.write("info", "of b", undefined, b);
  diary.write("warn", "of both");
  diary.write("verto", "→ info", { method: "telnyx_rtc.info", params: { dtmf: "7", dialogParams: { callID: a.id } } });
  diary.write("verto", "← result", { id: "1", result: { callID: b.id, message: "CALL CREATED" } });
  a.ends();
  b.ends();
  await quiet();

  const [first, second] = server.posts.map(({ body }) => body.logs.map(({ message }) => message));
  assert.deepEqual([first, second], [["of a", "of both", "→ info"], ["of b", "of both", "← result"]]);
  const { timestamp, level, context } = server.posts[0].body.logs[2];
  assert.deepEqual([new Date(timestamp).toISOString(), level, context.params.dtmf], [timestamp, "debug", "***"]);
});

test("a listener that throws, and a server that hangs, keep nothing from happening", async () => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  const { client } = setUp({ onOutcome: () => { throw new Error("mine"); } });
  const [a, b] = [client.talk("a"), client.talk("b")];
  talk(a, 6);
  talk(b, 6);
  server.answers.push(() => new Promise(() => {}));

  a.ends();
  b.ends();
  await quiet();

  assert.equal(server.posts.length, 2);
  assert.deepEqual(reported, ["mine"]);
});

test("nothing is kept of a call that is over and was reported", async () => {
  const diary = log({ level: "none", logger: false });
  const { client } = setUp({ debug: true, log: diary });
  const before = client.listeners;

  for (let i = 0; i < 5; i += 1) client.talk().ends();
  await quiet();

  assert.equal(client.listeners, before);
});

test("who stops sends nothing more and listens to nothing", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 6);

  made.stop();
  call.ends();
  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  assert.deepEqual([server.posts.length, client.listeners, call.listeners], [0, 0, 0]);
});

test("wrong options are told", () => {
  for (const [options, option] of [
    [undefined, "options"], [{ call: 1 }, "call"], [{ debug: "yes" }, "debug"], [{ intervalSeconds: 0.5 }, "intervalSeconds"],
    [{ onOutcome: 1 }, "onOutcome"], [{ log: console }, "log"],
  ]) {
    assert.throws(() => reports(options), { code: 44002, option }, JSON.stringify(options));
  }
});
