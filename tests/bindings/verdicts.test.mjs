// Why calls were bad, in words, with the figures that speak for it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { toCsv } from "offhook/quality";
import { CAUSES } from "../../js/quality/causes.js";
import { clearDesk, Track } from "./desk.mjs";
import { Connection, Counters, judgedDesk } from "./judged.mjs";

afterEach(clearDesk);

describe("a machine that slept", () => {
  test("is known by the clock on the wall, and has nothing wrong with its audio", async () => {
    const { desk, inACall, passes, all, watch } = await judgedDesk();
    const call = inACall();
    await passes(call, 20);

    desk.sleep(90_000);
    // Nothing was sent or heard; then the packets of all that time are missing.
    call.tell("report", { connection: call.peerConnection, report: call.counters.again() });
    await passes(call, 1, { received: 4_550, loss: 4_500 / 4_550 });
    await passes(call, 20);
    call.becomes("done");

    assert.deepEqual(all("warning"), []);
    const asleep = all("sample").find(({ sample }) => sample.seconds > 10).sample;
    assert.deepEqual([asleep.seconds, asleep.at, asleep.quality], [90, 110_000, "unknown"]);
    const [{ verdict, summary }] = all("verdict");
    assert.equal(verdict.text, "The browser or the machine slept for 90 s: 0 % of the audio came meanwhile.");
    assert.ok(summary.seconds < 45 && summary.loss === 0 && summary.mos.least > 4.3, JSON.stringify(summary));
    assert.match(toCsv(watch.of(call)), /,110,90,,,unknown,/);
  });

  test("has not slept where its clock is set", async () => {
    const { desk, inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 5);

    desk.sleep(-3_600_000);
    await passes(call, 5);

    assert.deepEqual(all("sample").map(({ sample }) => sample.seconds), Array(9).fill(1));
  });
});

describe("a verdict", () => {
  test("comes at the end with a summary, and says so if nothing was wrong", async () => {
    const { inACall, passes, all, watch } = await judgedDesk();
    const call = inACall();
    await passes(call, 30);

    call.becomes("done");

    const [{ verdict, summary }] = all("verdict");
    assert.equal(verdict.findings[0].cause, "nothingWrong");
    assert.match(verdict.text, /Nothing was wrong/);
    assert.equal(summary.seconds, 29);
    assert.ok(summary.mos.least <= summary.mos.mean && summary.mos.mean <= summary.mos.most);
    assert.equal(summary.bands.excellent, 29);
    assert.deepEqual([watch.of(call).verdict, watch.of(call).summary], [verdict, summary]);
  });

  test("finds a headset that was muted in hardware, and says for how long", async () => {
    const { inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 10);
    // Somebody waits for a word, and says one now and then.
    for (let n = 0; n < 41; n += 1) await passes(call, 1, { said: 0, heard: n % 4 === 0 ? 0.1 : 0 });

    call.becomes("done");

    assert.ok(all("warning").some(({ name, raised }) => name === "MUTED_IN_HARDWARE" && raised));
    const [{ verdict }] = all("verdict");
    const [finding] = verdict.findings;
    assert.equal(finding.cause, "microphoneMutedInHardware");
    assert.equal(finding.text, "Headset muted in hardware: the track was enabled and silent for 41 s.");
    assert.match(finding.advice, /mute switch/);
    assert.equal(finding.evidence.seconds, 41);
  });

  test("finds packets that were lost, and says how many", async () => {
    const { inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 10);
    await passes(call, 30, { loss: 0.1 });

    call.becomes("done");

    const finding = all("verdict")[0].verdict.findings.find(({ cause }) => cause === "lossInbound");
    assert.ok(Math.abs(finding.evidence.loss - 0.1) < 0.03, JSON.stringify(finding));
    assert.match(finding.text, /^Of what came, \d+(\.\d)? % of the packets were lost/);
  });

  test("finds that nothing came until the person hung up", async () => {
    const { inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 10);
    await passes(call, 20, { received: 0 });

    call.becomes("done");

    const [finding] = all("verdict")[0].verdict.findings;
    assert.deepEqual([finding.cause, finding.severity], ["nothingReceived", "bad"]);
    assert.equal(finding.text, "No audio packets came for 20 s, though the connection stood.");
  });

  test("finds that the browser refused to play before the person clicked", async () => {
    const { desk, inACall, passes, all } = await judgedDesk();
    const call = inACall();
    let plays = false;
    desk.client.tell("warning", { code: 61101, message: "…", call, resume: async () => plays });
    await passes(call, 12);
    await desk.happens("pointerup");
    plays = true;
    await desk.happens("pointerup");
    await passes(call, 10);

    call.becomes("done");

    const finding = all("verdict")[0].verdict.findings.find(({ cause }) => cause === "playbackBlocked");
    assert.equal(finding.evidence.seconds, 12);
  });

  for (const [cause, happens, text] of [
    ["microphoneDenied", ({ call }) => call.tell("error", { error: { media: "permissionDenied" } }),
      /^The microphone could not be used: the person or the browser's settings did not allow it\.$/],
    ["microphoneLost", ({ call }) => call.localStream.getAudioTracks()[0].become("ended"), /^The microphone went away/],
    ["socketLost", async ({ desk, call, passes }) => {
      desk.client.reconnecting = true;
      desk.client.tell("socketDisconnected", { code: 1006, reason: "" });
      await passes(call, 8);
      desk.client.tell("ready");
    }, /^The connection to the gateway was lost once, for \d+ s\.$/],
    ["networkChanged", ({ desk, call }) => {
      desk.client.tell("callState", { call, state: "reconnecting", previous: "active", interruption: "networkSwitch" });
      call.becomes("active");
    }, /^The network changed once/],
  ]) {
    test(`knows of ${cause} by what the client tells`, async () => {
      const at = await judgedDesk();
      const isDenied = cause === "microphoneDenied";
      const call = at.inACall(isDenied ? { localStream: undefined } : {});
      if (!isDenied) await at.passes(call, 12);
      await happens({ ...at, call });
      await at.passes(call, 12);

      call.becomes("done");

      const { verdict } = at.all("verdict")[0];
      const finding = verdict.findings.find((one) => one.cause === cause);
      assert.match(finding?.text ?? verdict.text, text);
    });
  }

  test("counts a change of the network once, though the session tells of it, and each call", async () => {
    const { desk, inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 12);
    const lost = { interruption: "networkSwitch" };

    Object.assign(desk.client, { ready: false, reconnecting: true });
    desk.client.tell("socketDisconnected", { code: 1006, reason: "" });
    desk.client.tell("reconnecting", { attempt: 1, delaySeconds: 0, ...lost });
    call.state = "reconnecting";
    desk.client.tell("callState", { call, state: "reconnecting", previous: "active", ...lost });
    await desk.pass(2_000);
    Object.assign(desk.client, { ready: true, reconnecting: false });
    desk.client.tell("ready");
    call.becomes("active");
    await passes(call, 12);
    call.becomes("done");

    const { text } = all("verdict")[0].verdict;
    assert.match(text, /The network changed once/);
    assert.match(text, /The connection to the gateway was lost once, for 2 s\./);
  });

  test("names a firewall that lets no UDP through by the relay that was taken", async () => {
    const { desk, all } = await judgedDesk();
    const connection = Object.assign(new Connection(), { iceServers: [{ urls: "turns:turn.example" }] });
    const call = desk.client.has({ peerConnection: connection });
    desk.client.tell("outgoingCall", { call });
    call.tell("peerConnection", { connection });
    connection.becomes("iceConnectionState", "checking");
    connection.becomes("connectionState", "connecting");
    connection.finds({ type: "relay", relayProtocol: "tls" });
    await desk.pass(6_200);
    connection.becomes("iceConnectionState", "connected");
    connection.becomes("connectionState", "connected");
    call.becomes("active");
    const counters = new Counters({ candidateType: "relay", relayProtocol: "tls" });
    for (let n = 0; n < 20; n += 1) {
      await desk.pass(1_000);
      call.tell("report", { connection, report: counters.next() });
    }

    call.becomes("done");

    const finding = all("verdict")[0].verdict.findings.find(({ cause }) => cause === "udpBlocked");
    assert.match(finding?.text ?? "nothing", /^UDP was blocked: a relay over TLS after 6\.\d s\.$/);
  });

  for (const [url, cause] of [["turns:turn.example", undefined], ["turn:turn.example", "udpBlocked"]]) {
    test(`of a call that is relayed over TLS by choice of ${url} ${cause ? "names" : "blames no"} firewall`, async () => {
      const { inACall, passes, all } = await judgedDesk();
      const connection = Object.assign(new Connection(), { iceServers: [{ urls: [url] }], iceTransportPolicy: "relay" });
      const call = inACall({ peerConnection: connection });
      call.counters = new Counters({ candidateType: "relay", relayProtocol: "tls" });
      await passes(call, 20);

      call.becomes("done");

      const [{ verdict }] = all("verdict");
      assert.equal(verdict.findings.find((finding) => finding.cause === "udpBlocked")?.cause, cause, verdict.text);
    });
  }

  test("of a call of the page before this one says nothing of an answer that was long ago", async () => {
    const { desk, all } = await judgedDesk();
    const call = desk.client.has({ state: "reconnecting", direction: "inbound", peerConnection: new Connection() });
    desk.client.tell("recoveredCall", { call });
    call.becomes("active");
    await desk.pass(1_500);

    call.reason = { by: "remote", causeCode: 16 };
    call.becomes("done");

    const [{ verdict, summary }] = all("verdict");
    assert.deepEqual(verdict.findings.map(({ cause }) => cause), ["nothingWrong"]);
    assert.deepEqual(summary.timings, { milestones: {} });
  });

  test("knows that another microphone took over, however early that was seen", async () => {
    const { desk, inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 10);
    call.localStream.getAudioTracks()[0].become("ended");
    await desk.pass(500);
    call.localStream = new MediaStream([new Track("another")]);
    // Another look comes before the client tells of it.
    await passes(call, 1);
    desk.client.tell("warning", { code: 61102, message: "…" });
    await passes(call, 30);

    call.becomes("done");

    const { evidence } = all("verdict")[0].verdict.findings.find(({ cause }) => cause === "microphoneLost");
    assert.ok(evidence.replaced === 1 && evidence.seconds < 3, JSON.stringify(evidence));
  });

  test("counts each address that was gathered once, however often it is told", async () => {
    const { desk, all } = await judgedDesk();
    const connection = new Connection();
    const call = desk.client.has({ peerConnection: connection });
    desk.client.tell("outgoingCall", { call });
    connection.becomes("iceConnectionState", "checking");
    connection.becomes("connectionState", "connecting");
    for (const port of [5_000, 5_002]) connection.finds({ type: "host", protocol: "udp", port });
    call.becomes("active");
    // No way is found: the report has no pair, and each second the same candidates, and a relay that no event told of.
    const candidates = [
      ["host", 5_000], ["host", 5_002], ["relay", 6_000],
    ].map(([candidateType, port]) => ({ type: "local-candidate", candidateType, protocol: "udp", port }));
    for (let n = 0; n < 20; n += 1) {
      await desk.pass(1_000);
      call.tell("report", { connection, report: new Map(candidates.map((entry, id) => [id, entry])) });
    }

    call.becomes("done");

    const finding = all("verdict")[0].verdict.findings.find(({ cause }) => cause === "iceNeverConnected");
    const { host, reflexive, relay } = finding.evidence;
    assert.deepEqual([host, reflexive, relay], [2, 0, 1]);
  });

  test("says in which direction, of whom and by how much", () => {
    const said = (name, evidence) => [CAUSES[name].says(evidence), CAUSES[name].advises(evidence)].join(" ");

    assert.match(said("echo", { seconds: 12, ownVoice: 1 }), /^You heard your own voice.*12 s.*Ask the other side to use/);
    assert.match(said("echo", { seconds: 12, ownVoice: 0 }), /^The other side heard its own voice.*12 s.*\. Use a headset/);
    assert.match(said("nothingReachesOtherSide", { seconds: 9, loss: 0.97 }), /^Next to nothing.*9 s: 97 % of the packets/);
    assert.match(said("jitter", { seconds: 30, jitter: 0.012, worst: 0.02, buffer: 0.21 }), /jitter 12 ms.*buffer.*210 ms/);
    // However long it was, it was not too short.
    assert.match(said("notMeasured", { activeSeconds: 200 }), /^Of the call's 3 min 20 s too little was measured/);
    assert.match(said("nothingWrong", { mos: 4.41, loss: 0 }), /\(MOS 4\.4, loss 0 %\)/);
  });

  test("knows every cause of the core in words", () => {
    const core = readFileSync(new URL("../../core/src/quality/verdict/cause.rs", import.meta.url), "utf8");
    const rows = [...core.matchAll(/^\/\/\/ \| \d+ \| `(\w+)` \| (.*) \|$/gm)];

    assert.deepEqual(rows.map(([, name]) => name).sort(), Object.keys(CAUSES).sort());
    for (const [, name, list] of rows) {
      const evidence = Object.fromEntries([...list.matchAll(/`(\w+)`/g)].map(([, field]) => [field, 1]));
      const asked = new Set();
      const watched = (values) => new Proxy(values, { get: (target, field) => (asked.add(field), target[field]) });
      for (const values of [evidence, {}]) {
        const { says, advises } = CAUSES[name];
        assert.doesNotMatch(`${says(watched(values))} ${advises(watched(values))}`, /undefined|NaN|\[object/, name);
      }
      const unknown = [...asked].filter((field) => typeof field === "string" && !(field in evidence));
      assert.deepEqual(unknown.filter((field) => !["causeCode", "sipCode"].includes(field)), [], name);
    }
  });
});

describe("the end of a session", () => {
  // As the entry tells it: states first, and what has led to them before what they led to.
  function sessionEnds(client) {
    client.ready = client.reconnecting = false;
    const calls = [...client.calls];
    const before = calls.map(({ state }) => state);
    for (const call of calls) Object.assign(call, { state: "done", reason: { by: "server" } });
    client.tell("error", { error: { fatal: true, kind: "refused", code: 60204 } });
    calls.forEach((call, n) => client.tell("callState", { call, state: "done", previous: before[n] }));
    client.calls = [];
  }

  test("is the end of its calls, and each has its verdict", async () => {
    const { desk, inACall, passes, all, watch } = await judgedDesk();
    const [one, other] = [inACall(), inACall()];
    await passes(one, 10);

    sessionEnds(desk.client);

    assert.deepEqual(all("verdict").map(({ call }) => call), [one, other]);
    assert.equal(all("verdict")[0].verdict.findings[0].cause, "sessionEnded");
    assert.equal(watch.of(one).verdict.text, "The gateway ended the session.");
    assert.throws(() => watch.on("sample", () => {}), { code: 60003 }, "then the watch is over");
  });

  test("ends a watch that keeps no calls, and each has its verdict all the same", async () => {
    const { desk, inACall, all } = await judgedDesk({ endedCalls: 0 });
    const calls = [inACall(), inACall(), inACall()];

    sessionEnds(desk.client);

    assert.deepEqual(all("verdict").map(({ call }) => call), calls);
  });

  test("is told after the socket's, where it was the last attempt", async () => {
    const { desk, inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 10);

    desk.client.ready = desk.client.reconnecting = false;
    desk.client.tell("socketDisconnected", { code: 1006, reason: "" });
    sessionEnds(desk.client);

    assert.equal(all("verdict").length, 1);
  });

  test("without calls is the end of the watch at once", async () => {
    const { desk, watch } = await judgedDesk();

    sessionEnds(desk.client);

    assert.throws(() => watch.on("sample", () => {}), { code: 60003 });
  });
});
