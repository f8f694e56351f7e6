// The rest of an audio session: devices that come and go, levels, speech that nobody hears, silence, the screen.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { OffhookError } from "offhook";
import { createAudioSession } from "offhook/audio";
import { clearDesk, sessionAt, setDesk, turn } from "./desk.mjs";

const [BUILT_IN, HEADSET, AIRPODS] = ["built-in", "headset", "airpods"].map((id) => microphone(id));
const [LOUDSPEAKER, EARS] = ["loudspeaker", "ears"].map((id) => {
  return { kind: "audiooutput", deviceId: id, label: `The ${id}` };
});

let desk;
beforeEach(() => {
  desk = setDesk([BUILT_IN, HEADSET, AIRPODS, LOUDSPEAKER, EARS]);
});
afterEach(clearDesk);

function microphone(deviceId, label = `The ${deviceId}`) {
  return { kind: "audioinput", deviceId, label };
}

function memory(kept = {}) {
  const entries = new Map(Object.entries(kept));
  return { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), entries };
}

async function ready(options) {
  const at = sessionAt(desk, options);
  await at.session.ready;
  return at;
}

describe("devices", () => {
  test("are one view, told when it changes, and nothing is opened", async () => {
    const { session } = sessionAt(desk);
    const views = [];
    session.on("changed", ({ devices }) => views.push(devices));
    assert.deepEqual(session.devices.microphones, []);

    await session.ready;
    const labels = session.devices.microphones.map(({ label }) => label);
    assert.deepEqual(labels, ["The built-in", "The headset", "The airpods"]);
    assert.equal(session.devices, views.at(-1));
    await desk.plug(...desk.plugged);
    assert.equal(views.length, 1, "it told what had not changed");
    await session.setMicrophone("headset");
    assert.deepEqual([views.length, session.devices.microphoneId], [2, "headset"]);
    assert.ok(Object.isFrozen(session.devices));
    assert.equal(desk.client.devices.microphoneTrack, undefined);
  });

  for (const [kind, order] of [["microphone", "setMicrophone"], ["speaker", "setSpeaker"]]) {
    const [one, other, system] = kind === "microphone" ? [HEADSET, AIRPODS, BUILT_IN] : [EARS, LOUDSPEAKER, BUILT_IN];

    test(`${kind}: one that vanishes gives way to the one before it, and is used again when it is back`, async () => {
      const { session } = await ready();
      const used = () => session.devices[`${kind}Id`];
      await session[order](one.deviceId);
      await session[order](other.deviceId);

      await desk.plug(system, one);
      await turn();
      assert.equal(used(), one.deviceId);
      await desk.plug(system);
      await desk.plug(system, other, one);
      await turn();
      assert.equal(used(), other.deviceId);
    });

    test(`${kind}: one that comes back stays unused where the person chose another meanwhile`, async () => {
      const { session } = await ready();
      await session[order](other.deviceId);
      await desk.plug(system, one);
      await session[order](one.deviceId);
      await desk.plug(system, one, other);
      await turn();
      assert.equal(session.devices[`${kind}Id`], one.deviceId);
    });

    test(`${kind}: a swap that fails keeps the old one, and the choice`, async () => {
      const { session } = await ready();
      await session[order](one.deviceId);
      desk.client.devices.busy.add(other.deviceId);
      await assert.rejects(session[order](other.deviceId), OffhookError);
      assert.equal(session.devices[`${kind}Id`], one.deviceId);
      await desk.plug(...desk.plugged);
      assert.equal(session.devices[`${kind}Id`], one.deviceId);
    });
  }

  test("what the entry took for one that ended stays until something is plugged in", async () => {
    const { session } = await ready();
    await session.setMicrophone("headset");
    desk.client.call();
    await desk.pass(200);
    const { orders } = desk.client.devices;
    const before = orders.length;

    await desk.client.devices.setMicrophone(undefined);
    desk.client.tell("warning", { code: 61102 });
    await desk.pass(2_000);
    assert.deepEqual([orders.length, session.devices.microphoneId], [before + 1, undefined]);
    await desk.plug(...desk.plugged);
    await turn();
    assert.equal(session.devices.microphoneId, "headset");
  });

  test("a device that is back and cannot be opened is told, and asked for again with the next change", async () => {
    const { session, told } = await ready();
    await session.setMicrophone("airpods");
    await desk.plug(BUILT_IN);
    await turn();
    desk.client.devices.busy.add("airpods");
    await desk.plug(BUILT_IN, AIRPODS);
    await turn();
    assert.deepEqual([session.devices.microphoneId, told.length], [undefined, 1]);
    desk.client.devices.busy.clear();
    await desk.plug(BUILT_IN, AIRPODS, LOUDSPEAKER);
    await turn();
    assert.equal(session.devices.microphoneId, "airpods");
  });

  test("only five are remembered of each kind", async () => {
    const { session } = await ready();
    const many = [1, 2, 3, 4, 5, 6].map((n) => microphone(`m${n}`));
    await desk.plug(...many);
    for (const { deviceId } of many) await session.setMicrophone(deviceId);
    await desk.plug(many[0]);
    await turn();
    assert.equal(session.devices.microphoneId, undefined);
    await desk.plug(many[0], many[1]);
    await turn();
    assert.equal(session.devices.microphoneId, "m2");
  });

  test("the person's choice of the system's stays that, whatever is plugged in", async () => {
    const { session } = await ready();
    await session.setMicrophone("headset");
    await session.setMicrophone(undefined);
    await desk.plug(BUILT_IN);
    await desk.plug(BUILT_IN, HEADSET);
    assert.equal(session.devices.microphoneId, undefined);
  });

  test("choices are remembered, and found again by label where the id is another", async () => {
    const remember = memory();
    const { session } = await ready({ remember });
    await session.setMicrophone("headset");
    await session.setSpeaker("ears");
    await session.setRing("loudspeaker");
    session[Symbol.dispose]();

    desk.client.devices.microphoneId = desk.client.devices.speakerId = undefined;
    desk.plugged = [BUILT_IN, microphone("new-id", HEADSET.label), LOUDSPEAKER, EARS];
    const next = await ready({ remember });
    const { microphoneId, speakerId, ringId } = next.session.devices;
    assert.deepEqual([microphoneId, speakerId, ringId], ["new-id", "ears", "loudspeaker"]);
    await desk.plug(BUILT_IN, EARS);
    assert.equal(next.session.devices.ringId, undefined);
  });

  for (const [name, remember] of [
    ["garbage", memory({ "offhook.devices": "{" })],
    ["something else", memory({ "offhook.devices": '{"microphone":{"chosen":5,"past":[null,{"deviceId":1}]}}' })],
    ["a storage that the browser forbids", { getItem: () => assert.fail("no"), setItem: () => assert.fail("no") }],
  ]) {
    test(`what was remembered may be ${name}`, async () => {
      const { session, told } = await ready({ remember });
      assert.equal(session.devices.microphoneId, undefined);
      await session.setMicrophone("headset");
      assert.deepEqual([session.devices.microphoneId, told], ["headset", []]);
    });
  }

  test("nothing is stored unless it is asked for", async () => {
    const stored = memory();
    Object.defineProperty(globalThis, "localStorage", { value: stored, configurable: true });
    const { session } = await ready();
    await session.setMicrophone("headset");
    assert.equal(stored.entries.size, 0);
  });

  test("before the permission nothing is known; with it the remembered one is used", async () => {
    const remember = memory({
      "offhook.devices": JSON.stringify({ microphone: { chosen: { deviceId: "headset", label: "" }, past: [] } }),
    });
    desk.permission = "prompt";
    const { session } = await ready({ remember });
    assert.deepEqual([session.devices.permission, session.devices.microphoneId], ["prompt", undefined]);
    assert.deepEqual(desk.client.devices.orders, []);
    await desk.grant();
    await turn();
    assert.deepEqual([session.devices.permission, session.devices.microphoneId], ["granted", "headset"]);
  });
});

describe("setAudioEnabled", () => {
  test("silences both directions of every call, and lets them be heard exactly as before", async () => {
    const { session, told } = await ready();
    const [plain, muted, own] = [1, 2, 3].map(() => desk.client.call());
    const enabled = (call) => ["localStream", "remoteStream"].map((side) => call[side].getAudioTracks()[0].enabled);
    muted.mute();
    own.remoteStream.getAudioTracks()[0].enabled = false;

    session.setAudioEnabled(false);
    session.setAudioEnabled(false);
    assert.deepEqual([plain, muted, own].map(enabled), [[false, false], [false, false], [false, false]]);
    assert.deepEqual([plain.state, plain.muted, muted.muted, plain.orders], ["active", false, true, []]);
    muted.mute(false);
    assert.deepEqual(enabled(muted), [false, false], "unmuting let it be heard");
    const late = desk.client.call();
    await desk.pass(100);
    assert.deepEqual(enabled(late), [false, false]);
    plain.mute();
    session.setAudioEnabled(true);

    const before = [[false, true], [true, true], [true, false], [true, true]];
    assert.deepEqual([plain, muted, own, late].map(enabled), before);
    assert.deepEqual(told, ["deactivated disabled", "activated disabled"]);
  });

  test("is undone when the session is disposed of", async () => {
    const { session } = await ready();
    const call = desk.client.call();
    session.setAudioEnabled(false);
    session[Symbol.dispose]();
    assert.equal(call.localStream.getAudioTracks()[0].enabled, true);
    assert.equal(call.remoteStream.getAudioTracks()[0].enabled, true);
  });
});

describe("levels", () => {
  test("are of both sides, twenty times a second, through one AudioContext that goes with the call", async () => {
    const { session } = await ready();
    const [one, other] = [desk.client.call(), desk.client.call()];
    one.remoteStream.getAudioTracks()[0].loudness = -0.5;
    const told = [];
    session.levels(one, (levels) => told.push(levels));
    const stop = session.levels(other, () => {}, { hz: 5 });
    await desk.pass(1_000);

    assert.equal(told.length, 20);
    const { local, remote } = told.at(-1);
    assert.deepEqual([local.rms, local.peak, remote.rms, remote.peak], [0.25, 0.25, 0.5, 0.5]);
    assert.equal(local.rmsDb.toFixed(2), "-12.04");
    assert.equal(desk.contexts().length, 1);
    one.mute();
    await desk.pass(100);
    assert.deepEqual(told.at(-1).local, { rms: 0, peak: 0, rmsDb: -100, peakDb: -100 });
    one.becomes("done");
    const before = told.length;
    await desk.pass(500);
    assert.equal(told.length, before);
    assert.equal(desk.open().length, 1, "the other is still listened to");
    stop();
    stop();
    assert.deepEqual(desk.open(), []);
  });

  test("a listener that throws is reported, and told again", async (t) => {
    const reported = [];
    globalThis.reportError = (error) => reported.push(error);
    t.after(() => delete globalThis.reportError);
    const { session } = await ready();
    session.levels(desk.client.call(), () => assert.fail("mine"), { hz: 10 });
    await desk.pass(300);
    assert.equal(reported.length, 3);
  });
});

describe("speaking while muted", () => {
  /** A muted call, and how often its speech was told. */
  async function muted() {
    const { session } = await ready();
    const call = desk.client.call();
    const told = [];
    session.on("speakingWhileMuted", ({ calls }) => told.push(calls));
    desk.client.devices.microphoneTrack.loudness = 0.001;
    call.mute();
    await desk.pass(500);
    return { session, call, told, say: (loudness) => (desk.client.devices.microphoneTrack.loudness = loudness) };
  }

  test("is told once for each beginning, and seldom", async () => {
    const { call, told, say } = await muted();
    say(0.1);
    await desk.pass(250);
    assert.equal(told.length, 0, "a cough");
    await desk.pass(30_000);
    assert.deepEqual(told, [[call]]);
    say(0.001);
    await desk.pass(2_000);
    say(0.1);
    await desk.pass(1_000);
    assert.equal(told.length, 2);
    say(0.001);
    await desk.pass(2_000);
    say(0.1);
    await desk.pass(2_000);
    assert.equal(told.length, 2, "too soon after the last");
  });

  test("is not told of who is heard in another call, nor of nobody's listener", async () => {
    const { told, say } = await muted();
    desk.client.call();
    say(0.1);
    await desk.pass(2_000);
    assert.equal(told.length, 0);
    assert.deepEqual(desk.open(), [], "it measures for nobody");
  });

  test("pauses between words do not end it, a level between the two limits does not begin it", async () => {
    const { told, say } = await muted();
    say(0.004);
    await desk.pass(3_000);
    assert.equal(told.length, 0);
    for (let word = 0; word < 3; word += 1) {
      say(0.1);
      await desk.pass(150);
      say(0.001);
      await desk.pass(100);
    }
    assert.equal(told.length, 1);
  });
});

describe("a microphone that says exactly nothing", () => {
  test("is told once, and once more when it is heard again", async () => {
    const { session } = await ready({ silenceSeconds: 3 });
    const told = [];
    session.on("silentMicrophone", ({ silent }) => told.push(silent));
    const call = desk.client.call();
    const track = desk.client.devices.microphoneTrack;
    await desk.pass(5_000);
    assert.deepEqual(told, []);
    track.loudness = 0;
    await desk.pass(2_500);
    assert.deepEqual(told, []);
    await desk.pass(20_000);
    assert.deepEqual([told, session.microphoneSilent], [[true], true]);
    track.loudness = 1e-4;
    await desk.pass(200);
    assert.deepEqual([told, session.microphoneSilent], [[true, false], false]);
    track.loudness = 0;
    call.mute();
    await desk.pass(10_000);
    assert.equal(told.length, 2, "who is muted is silent");
    call.mute(false);
    session.setAudioEnabled(false);
    await desk.pass(10_000);
    assert.equal(told.length, 2, "it was silenced here");
  });

  test("is over with the call", async () => {
    const { session } = await ready({ silenceSeconds: 1 });
    const told = [];
    session.on("silentMicrophone", ({ silent }) => told.push(silent));
    const call = desk.client.call();
    desk.client.devices.microphoneTrack.loudness = 0;
    await desk.pass(2_000);
    call.becomes("done");
    assert.deepEqual([told, desk.open()], [[true, false], []]);
  });
});

describe("the screen", () => {
  test("stays awake while a call is up, also after the page was hidden", async () => {
    const { session } = await ready();
    assert.equal(desk.locks.length, 0);
    const call = desk.client.call();
    await turn();
    assert.deepEqual([session.screenAwake, desk.navigator.audioSession.type], [true, "play-and-record"]);
    desk.locks[0].released = true;
    desk.document.visibilityState = "hidden";
    await desk.happens("visibilitychange");
    assert.equal(desk.locks.length, 1);
    desk.document.visibilityState = "visible";
    await desk.happens("visibilitychange");
    assert.deepEqual([desk.locks.length, session.screenAwake], [2, true]);
    call.becomes("done");
    assert.deepEqual([session.screenAwake, desk.locks[1].released], [false, true]);
    assert.equal(desk.navigator.audioSession.type, "auto");
  });

  test("may sleep where the browser refuses, where nobody wants it, and while it rings here", async () => {
    desk.wakeLock.refuses = true;
    const { session, told } = await ready();
    desk.client.call();
    await turn();
    assert.deepEqual([session.screenAwake, told], [false, []]);
    session[Symbol.dispose]();
    desk.wakeLock.refuses = false;
    const without = await ready({ wakeLock: false });
    desk.client.call();
    await turn();
    assert.equal(without.session.screenAwake, false);
  });
});

describe("the end", () => {
  for (const [name, end] of [
    ["client.close()", () => desk.client.close()],
    ["a fatal error", () => desk.client.tell("error", { error: { fatal: true } })],
    ["dispose", (session) => session[Symbol.dispose]()],
  ]) {
    test(`after ${name} nothing is left`, async () => {
      const { session, told } = await ready();
      const call = desk.client.call();
      const levels = [];
      session.levels(call, (level) => levels.push(level));
      session.on("speakingWhileMuted", () => {});
      session.on("silentMicrophone", () => {});
      await desk.pass(500);
      assert.equal(desk.open().length, 1);

      end(session);
      await turn();
      const before = [levels.length, told.length, desk.client.devices.orders.length];
      desk.client.devices.microphoneTrack.become("ended");
      await desk.plug(BUILT_IN);
      await desk.happens("visibilitychange");
      await desk.pass(2_000);
      assert.deepEqual([levels.length, told.length, desk.client.devices.orders.length], before);
      assert.deepEqual(desk.open(), []);
      assert.ok(desk.locks.every(({ released }) => released));
      assert.throws(() => session.levels(call, () => {}), (error) => error instanceof OffhookError);
      await assert.rejects(session.setMicrophone("headset"), OffhookError);
      session[Symbol.dispose]();
    });
  }

  for (const [option, value] of [
    ["options", 5], ["remember", "localStorage"], ["interruptions", 1], ["autoResume", "no"], ["wakeLock", {}],
    ["silenceSeconds", 0],
  ]) {
    test(`an option that is wrong is refused: ${option}`, () => {
      const options = option === "options" ? value : { [option]: value };
      assert.throws(() => createAudioSession(desk.client, options), (error) => {
        return error instanceof OffhookError && error.kind === "misuse" && error.option === option;
      });
    });
  }

  test("arguments that are wrong are refused", async () => {
    const { session } = await ready();
    const call = desk.client.call();
    for (const [wrong, option] of [
      [() => session.levels(call, 5), "listener"], [() => session.levels(call, () => {}, { hz: 21 }), "hz"],
      [() => session.setAudioEnabled("yes"), "enabled"], [() => session.on("nothing", () => {}), "event"],
    ]) assert.throws(wrong, (error) => error.option === option);
    await assert.rejects(session.testMicrophone({ seconds: 31 }), (error) => error.option === "seconds");
    await assert.rejects(session.setMicrophone(5), (error) => error.option === "deviceId");
  });
});
