// Reports of real calls, as the server gets them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPhone } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

/** A phone on Telnyx's side that reports what the options say, with a log of everything. */
async function reporting(options) {
  const phone = await openPhone(here.browser, here.gateway);
  await phone.page.evaluate(async (asked) => {
    const [{ log }, { reports }] = await Promise.all([import("../js/log.js"), import("../js/reports.js")]);
    window.diary = log({ level: "all", logger: false });
    window.outcomes = [];
    const onOutcome = ({ segment, isSent, attempts }) => window.outcomes.push({ segment, isSent, attempts });
    window.reports = reports({ ...asked, log: window.diary, onOutcome });
    window.phone.more = { plugins: [window.diary, window.reports] };
  }, options);
  await phone.signIn({ login: "1000", password: "1234", url: here.gateway.telnyx, dialect: "telnyx" });
  return phone;
}

const outcomes = (phone) => phone.page.evaluate(() => window.outcomes);

/** Waits until the server has so many parts of a call's report. */
function parts(call, count) {
  return until(`${count} parts of the report`, async () => {
    const { calls } = await here.gateway.reports(call.id);
    return calls.length >= count && calls.map(({ body }) => body);
  }, { within: 40_000 });
}

/** Waits until so many seconds were talked. */
async function talked(call, seconds) {
  const isTalked = async () => ((await call.look()).stats?.packetsReceived ?? 0) >= seconds * 50;
  await until(`${seconds} seconds of RTP`, isTalked, { within: 40_000 });
}

test("a call is reported whole, in parts, though the server was out of order for a while", async () => {
  const phone = await reporting({ call: true, intervalSeconds: 1 });
  const call = await phone.dial("9196");
  await talked(call, 2);

  await here.gateway.fault("report=500&times=2");
  await phone.page.evaluate(() => window.reports.flush());
  await talked(call, 4);
  await here.gateway.fault("report=503&times=4");
  await phone.page.evaluate(() => window.reports.flush());
  await talked(call, 6);
  await call.does("hangup");
  const bodies = await parts(call, 2);

  // The server has the last part before the page hears so.
  await until("what came of each is told", async () => (await outcomes(phone)).length === 3);
  assert.deepEqual(await outcomes(phone), [
    { segment: 0, isSent: true, attempts: 3 }, { segment: 1, isSent: false, attempts: 4 }, { segment: 1, isSent: true, attempts: 1 },
  ]);
  assert.deepEqual(bodies.map(({ segment, flushReason }) => [segment, flushReason]), [[0, { type: "manual" }], [1, undefined]]);
  const stats = bodies.flatMap((body) => body.stats);
  const starts = stats.map(({ intervalStartUtc }) => intervalStartUtc);
  assert.deepEqual([...starts].sort(), [...new Set(starts)]);
  const received = stats.map(({ audio }) => audio.inbound.packetsReceived);
  assert.ok(stats.length >= 5 && received.every((count, i) => i === 0 || count > received[i - 1]), received.join());
  assert.equal(stats[1].audio.inbound.codec.mimeType, "audio/opus");
  assert.ok(stats[1].audio.inbound.bitrateAvg > 5_000 && stats[1].connection.bytesReceived > 0 && stats[1].ice.remote.port > 0);
  const { summary } = bodies.at(-1);
  assert.deepEqual([summary.callId, summary.direction, summary.state, summary.clientSummary.authentication.type], [
    call.id, "outbound", "done", "login_password",
  ]);
  const said = bodies.flatMap(({ logs }) => logs.map(({ message }) => message));
  for (const words of [/telnyx_rtc\.invite/, /connecting → /, /connectionState connected/]) {
    assert.ok(said.some((message) => words.test(message)), `${words}`);
  }
  await phone.close();
});

test("a page that goes away in the middle of a call leaves a last part of its report", async () => {
  const phone = await reporting({ call: true, intervalSeconds: 1 });
  const call = await phone.dial("9196");
  await talked(call, 3);

  await phone.page.goto("about:blank");

  const [body] = await parts(call, 1);
  // A page that may come back hangs up: then it is the last word. Firefox closes the page's sockets before.
  assert.ok(["page-unload", "socket-close"].includes(body.flushReason?.type) || body.summary.state === "done");
  assert.deepEqual([body.summary.callId, body.segment ?? 0], [call.id, 0]);
  assert.ok(body.stats.length >= 2);
  await phone.page.close();
});

test("a tab that is closed in the middle of a call leaves a last part of its report", async () => {
  const phone = await reporting({ call: true, intervalSeconds: 1 });
  const call = await phone.dial("9196");
  await talked(call, 3);

  await phone.page.close();

  const [body] = await parts(call, 1);
  assert.equal(body.summary.callId, call.id);
  assert.ok(body.stats.length >= 2);
});

test("a debug report goes over the socket from the first event to the last", async () => {
  const phone = await reporting({ debug: true });
  const call = await phone.dial("9196");
  await talked(call, 3);
  await call.does("hangup");

  const frames = await until("the debug report ends", async () => {
    const { debug } = await here.gateway.reports(call.id);
    return debug.at(-1)?.type === "debug_report_stop" && debug;
  });
  assert.equal(frames[0].type, "debug_report_start");
  assert.equal(new Set(frames.map((frame) => frame.debug_report_id)).size, 1);
  const events = frames.flatMap(({ debug_report_data: data }) => data?.event ?? []);
  assert.equal(events[0], "addConnection");
  for (const event of ["onsignalingstatechange", "onconnectionstatechange", "stats"]) assert.ok(events.includes(event), event);
  const stats = frames.find(({ debug_report_data: data }) => data?.event === "stats").debug_report_data;
  assert.ok(stats.data.audio.inbound[0].packetsReceived > 0 && Object.keys(stats.statsObject).length > 5);
  assert.deepEqual((await here.gateway.reports(call.id)).calls, []);
  await phone.close();
});

test("a report from a page of another origin arrives, too", async () => {
  const phone = await reporting({ call: true, intervalSeconds: 1 });
  const { port } = new URL(here.gateway.page);
  await phone.page.goto(`http://localhost:${port}/bare.html`, { waitUntil: "load" });
  const id = await phone.page.evaluate(async (url) => {
    const [{ connect }, { reports }] = await Promise.all([import("../js/index.js"), import("../js/reports.js")]);
    window.client = await connect({
      login: "1000", password: "1234", url, dialect: "telnyx", plugins: [reports({ call: true, intervalSeconds: 1 })],
    });
    await new Promise((resolve) => window.client.on("ready", resolve));
    window.call = window.client.newCall({ destinationNumber: "9196", callerNumber: "+15550111" });
    return window.call.id;
  }, here.gateway.telnyx);
  await until("packets come", () => phone.page.evaluate(() => window.call.stats?.packetsReceived > 100));

  await phone.page.evaluate(() => window.client.close());

  const [body] = await parts({ id }, 1);
  assert.deepEqual([body.summary.state, body.summary.callerNumber], ["done", "+15550111"]);
  await phone.page.close();
});
