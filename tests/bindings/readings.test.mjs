// What real browsers report of a call becomes the same samples, whatever each of them leaves out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { readingOf } from "../../js/media/reading.js";
import { ROOT } from "../../scripts/process.mjs";
import { clearDesk } from "./desk.mjs";
import { judgedDesk } from "./judged.mjs";

afterEach(clearDesk);

/** What no browser but Chromium tells. */
const LEFT_OUT = { chromium: [], firefox: ["outboundLevel"], safari: ["outboundLevel"] };

/** What every sample of an active call has. */
const TOLD = [
  "mos", "mosCqe", "loss", "jitter", "inboundJitter", "rtt", "packetsReceived", "bytesReceived", "packetsLost",
  "packetsSent", "bytesSent", "inboundLevel", "outboundLevel", "concealed", "bufferDelay",
];

function recorded(browser) {
  const { reports } = JSON.parse(readFileSync(join(ROOT, "tests", "recordings", "stats", `${browser}.json`), "utf8"));
  return reports.map((report) => new Map(report.map((entry) => [entry.id, entry])));
}

for (const [browser, leftOut] of Object.entries(LEFT_OUT)) {
  test(`${browser}: all that a sample is made of is found in its reports, or made up for`, async () => {
    const { desk, inACall, all } = await judgedDesk();
    const call = inACall();

    for (const report of recorded(browser)) {
      await desk.pass(1_000);
      call.tell("report", { connection: call.peerConnection, report });
    }

    const samples = all("sample").map(({ sample }) => sample);
    assert.equal(samples.length, recorded(browser).length - 1);
    // The other side has reported by then.
    for (const sample of samples.slice(-3)) {
      const absent = TOLD.filter((name) => sample[name] === undefined);
      assert.deepEqual(absent.sort(), leftOut);
      assert.ok(sample.packetsReceived > 40 && sample.packetsReceived < 60, `${sample.packetsReceived} packets`);
      assert.ok(sample.rtt > 0 && sample.rtt < 0.1 && sample.jitter < 0.05, `${sample.rtt} ${sample.jitter}`);
      assert.ok(sample.inboundLevel > 0.001 && sample.inboundLevel <= 1, `${sample.inboundLevel}`);
      assert.equal(sample.quality, "excellent");
    }
    assert.deepEqual(all("warning"), []);
  });

  test(`${browser}: the microphone's level is what the entry measures where the report has none`, async () => {
    const { desk, inACall, all } = await judgedDesk();
    const call = inACall();

    for (const [n, report] of recorded(browser).entries()) {
      await desk.pass(1_000);
      // A tenth of the loudest.
      call.stats = { packetsSent: 50 * n, packetsReceived: 50 * n, energySent: 0.01 * n };
      call.tell("report", { connection: call.peerConnection, report });
    }

    const { outboundLevel } = all("sample").at(-1).sample;
    if (leftOut.length > 0) assert.ok(Math.abs(outboundLevel - 0.1) < 1e-6, `${outboundLevel}`);
    else assert.ok(outboundLevel > 0.001 && outboundLevel < 1, `${outboundLevel}`);
  });
}

test("Safari's jitter is that of what comes, and its round trip that of the other side's reports", () => {
  const [report] = recorded("safari").slice(-1);
  const entries = [...report.values()];
  const inbound = entries.find(({ type }) => type === "inbound-rtp");
  const remote = entries.find(({ type }) => type === "remote-inbound-rtp");
  const reading = [...readingOf(report)];

  assert.ok(!("jitter" in remote) && !("currentRoundTripTime" in entries.find(({ nominated }) => nominated)));
  assert.ok(reading.includes(inbound.jitter) && reading.includes(remote.roundTripTime));
  assert.equal(reading.length, 32);
});

test("a report of nothing is a reading of nothing", () => {
  assert.ok(readingOf(new Map()).every((number) => Number.isNaN(number) || number <= 0));
});
