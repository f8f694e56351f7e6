// Calls that are judged over a real network that is bad on command: what is told of it, how soon, and what is said at
// the end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BROWSER } from "../../harness/browser.mjs";
import { nothingIsLeft, openPhone, signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { withQuality } from "../../harness/quality.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ together: true });

/** A sample before and after each change, reports of the other side that come every few seconds, and a busy machine. */
const SOON = { within: 40_000 };

/** What a call is like for so many samples. */
const STEADY = 12;

/** What is lost on the way out is told apart from what is lost on the way in. */
const BOTH_WAYS = ["HIGH_PACKET_LOSS", "HIGH_OUTBOUND_PACKET_LOSS"];

/** They begin one after the other, as Firefox opens no microphone in the background. */
let dialled = Promise.resolve();

function inACall(...of) {
  dialled = dialled.then(() => dial(...of));
  return dialled;
}

async function dial(user, number = "9198", { dialect, before } = {}) {
  const phone = await signedIn(here.browser, here.gateway, { user, dialect });
  const quality = await withQuality(phone);
  if (before) await phone.page.evaluate(before);
  const call = await phone.dial(number);
  await call.reaches("active");
  await quality.tells("sample", call, { count: 3, within: 20_000 });
  return { phone, quality, call, user };
}

/** Ends the call; its summary and verdict. */
async function ended({ phone, quality, call }) {
  await call.does("hangup");
  const { summary, verdict } = await quality.tells("verdict", call);
  await phone.close();
  return { summary, verdict };
}

describe("a bad network", { concurrency: true }, () => {
  for (const [names, user, fault, injected, measure] of [
    [BOTH_WAYS, "1000", "loss=5&seed=3", "5 %", ({ loss }) => `${(loss * 100).toFixed(1)} %`],
    [["HIGH_RTT"], "1001", "delay=230", "460 ms", ({ rtt }) => `${(rtt * 1000).toFixed(0)} ms`],
    [["HIGH_JITTER"], "1002", "jitter=150&spread=tail", "150 ms", ({ jitter }) => `${(jitter * 1000).toFixed(0)} ms`],
  ]) {
    test(`raises ${names.join(" and ")}, and clears it when it is good again`, async () => {
      const judged = await inACall(user);
      const { quality, call } = judged;
      assert.ok(!(await quality.all("warning", call)).some(({ name, raised }) => names.includes(name) && raised));

      const from = await quality.now();
      assert.equal(await here.gateway.fault(`network&user=${user}&${fault}`), 1);
      const raised = await warned(names, true, judged, from);
      const seen = (await quality.all("sample", call)).length;
      await quality.tells("sample", call, { count: seen + STEADY, ...SOON });
      const bad = (await quality.all("sample", call)).slice(-STEADY).map(({ sample }) => sample);
      const until = await quality.now();
      assert.equal(await here.gateway.fault(`network&user=${user}`), 1);
      const cleared = await warned(names, false, judged, until);

      const { summary, verdict } = await ended(judged);
      const reported = measure(Object.fromEntries(["loss", "rtt", "jitter"].map((key) => [key, mean(bad, key)])));
      console.log(`${names.join(" and ")}: injected ${injected}, reported ${reported}, `
        + `MOS ${mean(bad, "mos").toFixed(2)}, CQE ${mean(bad, "mosCqe").toFixed(2)}, raised after ${raised}, `
        + `cleared after ${cleared}; ${verdict.findings.map(({ cause }) => cause).join(", ")}`);
      for (const name of names) assert.equal(summary.warnings.find((warning) => warning.name === name).times, 1, name);
      assert.notEqual(verdict.findings[0].cause, "nothingWrong", verdict.text);
    });
  }

  test("is told from a headset that is muted in hardware, which is found while it lasts and at the end", async () => {
    const judged = await inACall("1003", "9196", { before: switchedMicrophone });
    const { phone, quality, call } = judged;
    await quality.tells("sample", call, { count: 8, ...SOON });
    const from = await quality.now();
    await phone.page.evaluate(() => (window.microphoneSwitch.gain.value = 0));

    const raised = await quality.warns("MUTED_IN_HARDWARE", true, call, from, SOON);
    const { verdict } = await ended(judged);

    const [{ cause, evidence, text }] = verdict.findings;
    console.log(`MUTED_IN_HARDWARE raised after ${raised.toFixed(1)} s; ${text}`);
    assert.equal(cause, "microphoneMutedInHardware", verdict.text);
    assert.ok(evidence.seconds >= 19 && evidence.seconds < raised + 5, `${evidence.seconds} s`);
    assert.match(text, /^Headset muted in hardware: the track was enabled and silent for \d+ s\.$/);
  });
});

/** Waits until all of them are raised, or cleared; how long each took, in words. */
async function warned(names, isRaised, { quality, call }, since) {
  const took = await Promise.all(names.map((name) => quality.warns(name, isRaised, call, since, SOON)));
  return took.map((seconds) => `${seconds.toFixed(1)} s`).join(" and ");
}

/** A microphone with a switch: runs in the page. */
function switchedMicrophone() {
  watched.microphone = async () => {
    const context = new AudioContext();
    context.resume();
    window.microphoneSwitch = new GainNode(context, { gain: 0.5 });
    const sink = new MediaStreamAudioDestinationNode(context);
    const tone = new OscillatorNode(context, { frequency: 1000 });
    tone.connect(window.microphoneSwitch).connect(sink);
    tone.start();
    return sink.stream;
  };
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call is timed from the wish to the first packets, summed up, and found to be good`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { user: "1004", dialect });
    const quality = await withQuality(phone);
    const call = await phone.dial("9196");

    const { timings } = await quality.tells("timings", call, { within: 30_000 });
    const told = await quality.all("milestone", call);
    await quality.tells("sample", call, { count: 12, ...SOON });
    const rows = (await quality.csv(call)).trimEnd().split("\r\n");
    const { summary, verdict } = await ended({ phone, quality, call });

    console.log(`${dialect}: ${told.map(({ name, at }) => `${name} ${at.toFixed(0)}`).join(", ")}`);
    console.log(JSON.stringify({ ...timings, milestones: undefined }));
    const { milestones } = timings;
    for (const [first, later] of ORDER) {
      // Firefox does not say that it wants to negotiate.
      const from = milestones[first] ?? (BROWSER === "firefox" && first === "sdpNegotiationStarted" ? 0 : undefined);
      assert.ok(from <= milestones[later], `${first} ${from}, ${later} ${milestones[later]}`);
    }
    assert.equal(milestones.callInitiated, 0);
    assert.ok(timings.callSetup > 0 && timings.callSetup < 20_000, `${timings.callSetup} ms`);
    assert.ok(timings.timeToFirstRtp > 0 && timings.signalling > 0 && timings.mediaEstablishment > 0);
    assert.ok(rows.length >= 13 && rows[0].startsWith("time,at,"), rows[0]);
    assert.ok(summary.seconds >= 11 && summary.packetsReceived > 400, JSON.stringify(summary));
    assert.ok(summary.mos.mean > 3.5, JSON.stringify(summary));
    assert.ok(verdict.findings.length > 0 && verdict.text.length > 0);
    assert.ok(!verdict.findings.some(({ severity }) => severity === "failed"), verdict.text);
  });
}

/** What comes before what. */
const ORDER = [
  ["callInitiated", "peerConnectionCreated"], ["peerConnectionCreated", "localSdpSet"],
  ["sdpNegotiationStarted", "localSdpSet"], ["iceGatheringStarted", "firstIceCandidate"],
  ["inviteSent", "remoteSdpReceived"], ["inviteSent", "callAnsweredByRemote"],
  ["remoteSdpReceived", "remoteSdpSet"], ["iceChecking", "iceConnected"], ["iceConnected", "peerConnected"],
  ["dtlsConnected", "firstRtpReceived"], ["firstRtpSent", "mediaActive"], ["firstRtpReceived", "mediaActive"],
  ["callAnsweredByRemote", "callActive"],
];

test("nothing is measured while the call is held, and levels come 20 times a second until it ends", async () => {
  const judged = await inACall("1005", "9196");
  const { phone, quality, call } = judged;
  await phone.page.evaluate((id) => {
    window.heardLevels = [];
    window.quality.levels(phone.calls.get(id), (levels) => window.heardLevels.push(levels));
  }, call.id);
  await until("both sides are loud", () => phone.page.evaluate(() => {
    const { inbound, outbound } = window.heardLevels.at(-1) ?? {};
    return inbound?.rms > 0.01 && outbound?.rms > 0.01;
  }), { within: 20_000 });
  await call.does("hold");
  await call.reaches("held");
  const before = (await quality.all("sample", call)).length;
  const from = await quality.now();
  await until("six seconds of hold", async () => (await quality.now()) > from + 6_000);

  assert.equal((await quality.all("sample", call)).length, before);
  await call.does("unhold");
  await quality.tells("sample", call, { count: before + 3, ...SOON });
  const resumed = (await quality.all("sample", call))[before].sample;
  assert.ok(resumed.seconds < 3, `${resumed.seconds} s`);
  const { summary } = await ended(judged);
  const names = summary.warnings.map(({ name }) => name);
  assert.ok(!names.includes("LOW_BYTES_RECEIVED") && !names.includes("ONE_WAY_AUDIO"), names.join());
});

test("what is shipped finds its module beside it, takes no other, and times a sign-in as a plugin", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const { code, samples, signIn } = await phone.page.evaluate(async (url) => {
    const { OffhookError, connect } = await import("/pkg/index.js");
    const { watchQuality } = await import("/pkg/quality.js");
    let watching;
    const plugin = (client) => void (watching = watchQuality(client));
    const client = await connect({ login: "1003", password: "1234", url, plugins: [plugin] });
    const refused = await watchQuality(client, { wasmUrl: "/pkg/offhook_bg.wasm" }).catch((error) => error);
    const watch = await watching;
    const call = client.newCall({ destinationNumber: "9198" });
    await new Promise((resolve) => watch.on("sample", resolve, { once: true }));
    const kept = watch.of(call).samples.length;
    await client.close();
    return { code: refused instanceof OffhookError && refused.code, samples: kept, signIn: watch.signIn };
  }, here.gateway.freeswitch);

  assert.deepEqual([code, samples], [60403, 1]);
  const { socketConnected, loginSent, clientReady } = signIn;
  assert.ok(socketConnected > 0 && socketConnected <= loginSent && loginSent < clientReady, JSON.stringify(signIn));
  await nothingIsLeft(phone.page);
  await phone.page.close();
});

function mean(samples, key) {
  const known = samples.map((sample) => sample[key]).filter((value) => value !== undefined);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
