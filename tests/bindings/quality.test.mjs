// What is said of the quality of calls, and when: the module, and what stands between it and an application.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import binaryen from "binaryen";
import { OffhookError } from "offhook";
import { createScorer, toCsv, watchQuality } from "offhook/quality";
import { clearDesk, setDesk } from "./desk.mjs";
import { Connection, Counters, judgedDesk, WASM_URL } from "./judged.mjs";

afterEach(clearDesk);

const GOOD = {};

describe("samples", () => {
  test("come once a second, with both scores and the word", async () => {
    const { inACall, passes, all, watch } = await judgedDesk();
    const call = inACall();

    await passes(call, 4);

    const samples = all("sample").map(({ sample }) => sample);
    assert.equal(samples.length, 3, "the first reading says where counting begins");
    const [{ at, seconds, mos, mosCqe, quality, costliest, rtt, jitter, loss, packetsReceived, inboundLevel }] = samples;
    assert.deepEqual([at, seconds, quality, costliest, packetsReceived], [2000, 1, "excellent", "rtt", 50]);
    assert.equal(watch.of(call).summary.quality, "excellent");
    assert.deepEqual([rtt, jitter, loss], [0.04, 0.003, 0]);
    assert.ok(mos > 4.3 && mosCqe > 4.3, `${mos} ${mosCqe}`);
    assert.ok(Math.abs(inboundLevel - 0.1) < 1e-9);
    assert.ok(Object.isFrozen(samples[0]));
    assert.deepEqual(watch.of(call).samples, samples);
  });

  test("are kept up to a number, the newest", async () => {
    const { inACall, passes, watch } = await judgedDesk({ samples: 5 });
    const call = inACall();

    await passes(call, 20);

    assert.deepEqual(watch.of(call).samples.map(({ at }) => at), [16_000, 17_000, 18_000, 19_000, 20_000]);
  });

  test("stop while the call is held or brought back, and what was counted meanwhile belongs to none", async () => {
    const { inACall, passes, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 3);

    for (const state of ["held", "reconnecting", "dropped"]) {
      const before = all("sample").length;
      call.becomes(state);
      await passes(call, 5, { received: 0 });
      call.becomes("active");
      await passes(call, 2);
      assert.equal(all("sample").length, before + 1, state);
      assert.equal(all("sample").at(-1).sample.packetsReceived, 50, state);
    }
    assert.deepEqual(all("warning"), []);
  });

  test("go on over another connection, whose counters begin anew", async () => {
    const { inACall, passes, all, watch } = await judgedDesk();
    const call = inACall();
    await passes(call, 10);
    call.becomes("reconnecting");
    call.peerConnection = new Connection();
    call.tell("peerConnection", { connection: call.peerConnection });
    call.becomes("active");

    call.counters = new call.counters.constructor();
    await passes(call, 10);

    assert.equal(all("sample").length, 9 + 9);
    assert.ok(all("sample").every(({ sample }) => sample.packetsReceived === 50));
    assert.equal(watch.of(call).summary.packetsReceived, 18 * 50);
  });
});

describe("warnings", () => {
  for (const [name, code, bad] of [
    ["HIGH_PACKET_LOSS", 31003, { loss: 0.06 }], ["HIGH_RTT", 31001, { rtt: 0.5 }],
    ["HIGH_JITTER", 31002, { jitter: 0.05 }],
  ]) {
    test(`${name} is raised once, told in words, and cleared when it is over`, async () => {
      const { inACall, passes, all, watch } = await judgedDesk();
      const call = inACall();
      const of = () => all("warning").filter((warning) => warning.name === name);
      await passes(call, 5, GOOD);
      assert.deepEqual(of(), []);

      await passes(call, 10, bad);
      assert.equal(of().length, 1);
      const [{ raised, at, message, advice }] = of();
      assert.deepEqual([of()[0].code, raised], [code, true]);
      assert.ok(at >= 7_000 && at <= 9_000, `${at}`);
      assert.match(`${message}|${advice}`, /^.{10,}\|.{10,}$/);
      assert.ok(watch.of(call).warnings.some((warning) => warning.code === code && warning.at === at));

      await passes(call, 15, GOOD);
      assert.deepEqual(of().map((warning) => warning.raised), [true, false]);
      assert.deepEqual(watch.of(call).warnings, []);
      const noted = watch.of(call).summary.warnings.find((warning) => warning.code === code);
      assert.deepEqual([noted.name, noted.at, noted.times], [name, at, 1]);
    });
  }

  test("that stand when the call is held, or ends, are cleared", async () => {
    const { inACall, passes, all } = await judgedDesk();
    const call = inACall();
    const rtt = () => all("warning").filter(({ name }) => name === "HIGH_RTT").map(({ raised }) => raised);
    await passes(call, 8, { rtt: 0.6 });
    assert.deepEqual(rtt(), [true]);

    call.becomes("held");
    assert.deepEqual(rtt(), [true, false]);
    call.becomes("active");
    await passes(call, 8, { rtt: 0.6 });
    call.becomes("done");

    assert.deepEqual(rtt(), [true, false, true, false]);
  });

  test("are said in the application's words, and in English where it has none or throws", async () => {
    const words = ({ kind, name, text }) => {
      if (kind === "warning" && name === "HIGH_RTT") return { text: `Umlaufzeit (${text.length})` };
      if (name === "LOW_MOS") throw new Error("no such key");
      if (name === "HIGH_PACKET_LOSS") return { text: undefined, advice: null };
      return undefined;
    };
    const { inACall, passes, all } = await judgedDesk({ words });
    const call = inACall();

    await passes(call, 8, { rtt: 0.6, loss: 0.2 });

    const said = Object.fromEntries(all("warning").map(({ name, message, advice }) => [name, [message, advice]]));
    assert.match(said.HIGH_RTT[0], /^Umlaufzeit \(\d+\)$/);
    assert.match(said.HIGH_RTT[1], /VPN/);
    assert.match(said.LOW_MOS[0], /score/);
    assert.match(said.HIGH_PACKET_LOSS[0], /packet/);
  });
});

describe("the set-up", () => {
  test("is timed from the wish to call until audio flows both ways, in the order in which it happened", async () => {
    const { desk, all, watch } = await judgedDesk();
    const connection = new Connection();
    const frame = (direction, method, params) => desk.client.tell("message", { direction, frame: { method, params } });
    const call = desk.client.has();
    desk.client.tell("outgoingCall", { call });
    await desk.pass(100);
    call.peerConnection = connection;
    call.tell("peerConnection", { connection });
    connection.dispatchEvent(new Event("negotiationneeded"));
    connection.becomes("signalingState", "have-local-offer");
    connection.becomes("iceGatheringState", "gathering");
    connection.finds({ type: "host" });
    await desk.pass(100);
    frame("out", "verto.invite", { dialogParams: { callID: call.id } });
    connection.finds({ type: "relay", relayProtocol: "tls" });
    connection.becomes("iceGatheringState", "complete");
    call.becomes("connecting");
    await desk.pass(500);
    frame("in", "verto.answer", { callID: call.id, sdp: "v=0" });
    connection.becomes("signalingState", "stable");
    connection.becomes("iceConnectionState", "checking");
    connection.becomes("iceConnectionState", "connected");
    connection.secures("connecting");
    connection.secures("connected");
    connection.becomes("connectionState", "connected");
    call.becomes("active");
    connection.sources = [{}];
    connection.sent = 1;
    await desk.pass(300);

    const [{ timings }] = all("timings");
    const names = all("milestone").map(({ name }) => name);
    assert.deepEqual(names.slice(0, 5), [
      "callInitiated", "mediaDevicesAcquired", "peerConnectionCreated", "sdpNegotiationStarted", "localSdpSet",
    ]);
    const times = all("milestone").map(({ at }) => at);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    const { inviteSent, callAnsweredByRemote, firstRelayCandidate, mediaActive } = timings.milestones;
    assert.deepEqual([inviteSent, callAnsweredByRemote, firstRelayCandidate], [200, 700, 200]);
    assert.ok(mediaActive >= 700 && mediaActive <= 900, `${mediaActive}`);
    assert.deepEqual([timings.callSetup, timings.signalling, timings.iceGathering], [700, 500, 100]);
    assert.deepEqual([watch.of(call).timings, watch.of(call).summary.timings], [timings, timings]);
    assert.equal(all("timings").length, 1);
  });

  test("of an incoming call begins with the INVITE, and its frames are only listened to until then", async () => {
    const { desk, all } = await judgedDesk();
    let listening = 0;
    const on = desk.client.on.bind(desk.client);
    desk.client.on = (event, ...rest) => {
      const undo = on(event, ...rest);
      if (event !== "message") return undo;
      listening += 1;
      return () => void (listening -= 1, undo());
    };
    const call = desk.client.has({ direction: "inbound", peerConnection: new Connection() });

    desk.client.tell("incomingCall", { call });
    call.becomes("ringing");
    assert.equal(listening, 1);
    await desk.pass(2_000);
    const params = { dialogParams: { callID: call.id } };
    desk.client.tell("message", { direction: "out", frame: { method: "telnyx_rtc.answer", params } });
    call.becomes("connecting");
    await desk.pass(100);
    call.becomes("active");
    assert.equal(listening, 1);
    await desk.pass(20_000);

    const [{ timings }] = all("timings");
    assert.equal(timings.milestones.inviteReceived, 0);
    assert.ok(timings.answerDelay >= 0 && timings.answerDelay <= 2_050, `${timings.answerDelay}`);
    assert.equal(timings.milestones.mediaActive, undefined, "no packet ever came");
    assert.equal(listening, 0);
  });
});

describe("levels", () => {
  test("of both sides come 20 times a second, until the call ends", async () => {
    const { desk, inACall, watch } = await judgedDesk();
    const call = inACall();
    call.remoteStream.getAudioTracks()[0].loudness = 0.5;
    const heard = [];
    watch.levels(call, (levels) => heard.push(levels));

    await desk.pass(1_000);

    assert.equal(heard.length, 20);
    assert.ok(Math.abs(heard[0].inbound.rms - 0.5) < 1e-6 && Math.abs(heard[0].outbound.rms - 0.25) < 1e-6);
    call.becomes("done");
    await desk.pass(1_000);
    assert.equal(heard.length, 20);
    assert.deepEqual(desk.open(), [], "no AudioContext is left");
  });
});

describe("a record", () => {
  test("stays for some calls that have ended", async () => {
    const { inACall, passes, watch } = await judgedDesk({ endedCalls: 2 });
    const calls = [];
    for (let n = 0; n < 4; n += 1) {
      const call = inACall();
      await passes(call, 2);
      call.becomes("done");
      calls.push(call);
    }

    assert.deepEqual(calls.map((call) => watch.of(call) !== undefined), [false, false, true, true]);
    assert.deepEqual(watch.records.map(({ call }) => call), calls.slice(2));
    assert.ok(watch.of(calls[3]).verdict);
  });

  test("is a table after RFC 4180", async () => {
    const { inACall, passes, watch } = await judgedDesk();
    const call = inACall();
    await passes(call, 3);

    const rows = toCsv(watch.of(call)).split("\r\n");

    assert.equal(rows.length, 4, "a header, two samples, and the end of the last line");
    assert.match(rows[0], /^time,at,seconds,mos,/);
    assert.ok(rows.slice(0, 3).every((row) => row.split(",").length === rows[0].split(",").length));
    assert.match(rows[1], /^\d{4}-\d\d-\d\dT[\d:.]+Z,2,1,4\.\d+,4\.\d+,excellent,0\.003,/);
    const odd = { startedAt: new Date(0), samples: [{ at: 1, seconds: 1, quality: 'a "b", c' }] };
    assert.match(toCsv(odd), /,"a ""b"", c",/);
    assert.equal(rows[3], "");
  });

  test("of a watch that is disposed of stays as it was, and nothing is left running", async () => {
    const { desk, inACall, passes, watch, all } = await judgedDesk();
    const call = inACall();
    await passes(call, 5);

    watch[Symbol.dispose]();
    await passes(call, 5);

    assert.equal(all("sample").length, 4);
    assert.equal(watch.of(call).summary.seconds, 4);
    assert.throws(() => watch.on("sample", () => {}), { code: 60003 });
    assert.throws(() => watch.levels(call, () => {}), { code: 60003 });
    assert.deepEqual(desk.open(), []);
  });
});

describe("a connection of one's own", () => {
  test("is judged as a call is, and each for itself", async () => {
    const desk = setDesk();
    const [good, bad] = await Promise.all([1, 2].map(() => createScorer({ wasmUrl: WASM_URL })));
    const counters = [new Counters(), new Counters()];
    const seconds = [];
    for (let n = 0; n < 6; n += 1) {
      await desk.pass(1_000);
      seconds.push([good.take(counters[0].next()), bad.take(counters[1].next({ loss: 0.2, rtt: 0.3 }))]);
    }

    assert.deepEqual(seconds[0], [undefined, undefined], "the first reading says where counting begins");
    const [well, ill] = seconds.at(-1);
    assert.deepEqual([well.quality, well.rtt, well.loss], ["excellent", 0.04, 0]);
    assert.ok(ill.mos < 3 && ill.loss > 0.15, JSON.stringify(ill));
    good.close();
    good.close();
    await desk.pass(1_000);
    assert.equal(good.take(counters[0].next()), undefined);
    assert.ok(bad.take(counters[1].next({ loss: 0.2, rtt: 0.3 })).mos < 3);
    bad.close();
  });
});

describe("options and failures", () => {
  for (const options of [
    5, { samples: 0 }, { samples: 1.5 }, { endedCalls: -1 }, { words: "German" }, { audio: true }, { wasmUrl: 5 },
  ]) {
    test(`${JSON.stringify(options)} is misuse`, async () => {
      const { client } = setDesk();
      await assert.rejects(watchQuality(client, options), { kind: "misuse", code: 44002 });
    });
  }

  test("a module that traps is told as a defect, once, and calls go on", async () => {
    // As a checkout runs it: what is shipped takes no other module than its own.
    const entry = await import("../../js/quality.js");
    const { desk, inACall, passes, all, watch } = await judgedDesk({ wasmUrl: trapping() }, { entry });
    const call = inACall();

    await passes(call, 3);

    const [{ error }, ...more] = all("error");
    assert.deepEqual([error.kind, error.code, error.fatal, more.length], ["defect", 60009, true, 0]);
    assert.deepEqual([call.state, watch.of(call)?.samples ?? []], ["active", []]);
    const again = await entry.watchQuality(desk.client, { wasmUrl: trapping() });
    again[Symbol.dispose]();
  });

  test("one that is not this version's own, or cannot be loaded, is told", async () => {
    const { client } = setDesk();

    for (const wasmUrl of [trapping(), "data:application/wasm;base64,AGFzbQ==", "nowhere:/"]) {
      const error = await watchQuality(client, { wasmUrl }).catch((failure) => failure);
      assert.ok(error instanceof OffhookError, wasmUrl);
      assert.deepEqual([error.kind, error.code, error.url], ["lost", 60403, wasmUrl]);
    }
  });
});

/** A module that answers nothing, and has a defect in what takes readings. */
function trapping() {
  const names = ["open", "close", "pause", "fact", "milestone", "timings", "summary", "verdict", "text", "row"];
  const module = binaryen.parseText(`(module
    (memory (export "memory") 1)
    ${names.map((name) => `(func (export "${name}") (result i32) (i32.const 0))`).join("\n")}
    (func (export "take") (result i32) unreachable))`);
  return `data:application/wasm;base64,${Buffer.from(module.emitBinary()).toString("base64")}`;
}
