// The audio session over real media: what it measures, what it does when the system takes the microphone, what is left.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withAudio } from "../harness/audio.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

/** What the browsers' microphones say, in Hz. */
const MICROPHONE = 1000;

/** What two people say who talk to each other. */
const OURS = 620;
const THEIRS = 1500;

async function phoneWithAudio(options, events, signIn) {
  const phone = await signedIn(here.browser, here.gateway, signIn);
  return { phone, audio: await withAudio(phone, options, events) };
}

/** Signs out, and holds the page to having nothing left in it. */
async function leavesNothing({ phone, audio }) {
  await phone.order("close");
  await audio.isOver();
  await phone.close();
}

test("levels follow what is said and what is heard", async () => {
  const { phone, audio } = await phoneWithAudio({}, []);
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);

  await audio.listen(call, { hz: 10 });
  await until("both sides are loud", async () => {
    const { local, remote } = (await audio.level()) ?? {};
    return local?.rmsDb > -40 && remote?.rmsDb > -40 && local.peak >= local.rms;
  });
  await call.does("mute");
  await until("both sides are silent", async () => {
    const { local, remote } = await audio.level();
    return local.rmsDb === -100 && remote.rmsDb < -60;
  });
  const times = await phone.page.evaluate(() => levelLog.map(({ at }) => at));
  const rate = (1000 * (times.length - 1)) / (times.at(-1) - times[0]);
  assert.ok(rate < 15, `${rate} times a second`);
  await call.does("hangup");
  await call.ends();
  await audio.isOver();

  await leavesNothing({ phone, audio });
});

test("who talks while muted is told, once, and who is not muted is not", async () => {
  const { phone, audio } = await phoneWithAudio();
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);
  await audio.toldNo("speakingWhileMuted");

  await call.does("mute");
  const { calls } = await audio.tells("speakingWhileMuted");
  assert.deepEqual(calls, [call.id]);
  assert.deepEqual(await call.tones("localStream"), []);
  await call.hearsNothing();
  assert.equal((await audio.told("speakingWhileMuted")).length, 1);

  await leavesNothing({ phone, audio });
});

test("a microphone whose switch is off is told, and told again when it is heard", async () => {
  const { phone, audio } = await phoneWithAudio({ silenceSeconds: 1 });
  await phone.page.evaluate(() => {
    watched.microphone = async () => {
      const context = new AudioContext();
      context.resume();
      window.microphoneSwitch = new GainNode(context, { gain: 0 });
      const sink = new MediaStreamAudioDestinationNode(context);
      const tone = new OscillatorNode(context, { frequency: 1000 });
      tone.connect(microphoneSwitch).connect(sink);
      tone.start();
      contextsBefore.add(context);
      return sink.stream;
    };
  });
  const call = await phone.dial("9196");
  await call.reaches("active");

  assert.equal((await audio.tells("silentMicrophone")).silent, true);
  await phone.page.evaluate(() => (microphoneSwitch.gain.value = 0.5));
  assert.equal((await audio.tells("silentMicrophone", { count: 2 })).silent, false);
  await call.hears(MICROPHONE);

  await leavesNothing({ phone, audio });
});

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: an interruption holds the call, whose other party hears nothing of it, and resumes it`, async () => {
    const [caller, callee] = await Promise.all(["1000", "1001"].map((user) => phoneWithAudio({}, [
      "interrupted", "resumed", "activated", "deactivated", "error",
    ], { user, dialect })));
    await caller.audio.speakTone(OURS);
    await callee.audio.speakTone(THEIRS);
    const call = await caller.phone.dial("71001");
    const other = await callee.phone.incoming();
    await other.does("answer");
    await other.hears(OURS);
    await call.hears(THEIRS);

    await caller.audio.systemMutes(true);
    await call.reaches("held");
    await caller.audio.tells("deactivated");
    await until("the other party hears none of it", async () => !isHeard(OURS, await other.tones()));
    const [interrupted, ...more] = await caller.audio.told("interrupted");
    assert.deepEqual([interrupted.calls, interrupted.why, more], [[call.id], "muted", []]);
    assert.equal((await call.look()).muted, false);
    await caller.audio.systemMutes(false);
    await call.reaches("active");
    await other.hears(OURS);
    await call.hears(THEIRS);

    assert.deepEqual((await caller.audio.told("resumed")).map(({ calls }) => calls), [[call.id]]);
    assert.deepEqual((await call.states()).slice(-3), ["active", "held", "active"]);
    await callee.audio.toldNo("interrupted");
    await caller.audio.toldNo("error");
    await leavesNothing(caller);
    await callee.phone.page.evaluate(() => audio[Symbol.dispose]());
    await callee.phone.close();
  });
}

test("a microphone that the system takes is opened anew when it can be had, and the call goes on", async () => {
  const { phone, audio } = await phoneWithAudio();
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);

  await audio.systemTakes();
  assert.equal((await audio.tells("interrupted")).why, "ended");
  await call.reaches("held");
  await audio.systemGivesBack();
  await call.reaches("active");
  await call.hears(MICROPHONE);

  await leavesNothing({ phone, audio });
});

test("with autoResume off the call stays held until the page resumes it", async () => {
  const { phone, audio } = await phoneWithAudio({ autoResume: false });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);

  await audio.systemMutes(true);
  await call.reaches("held");
  await audio.systemMutes(false);
  await audio.tells("resumable");
  assert.equal((await call.look()).state, "held");
  assert.equal((await audio.order("resume")).error, undefined);
  await call.hears(MICROPHONE);
  assert.equal((await call.look()).state, "active");

  await leavesNothing({ phone, audio });
});

test("another microphone in a call keeps mute and the call; one that is not there keeps the old one", async () => {
  const { phone, audio } = await phoneWithAudio();
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);
  await call.does("mute");
  await call.hearsNothing();

  // They are known once it was opened.
  const { deviceId } = await until("the names are known", async () => {
    const last = (await audio.look()).devices.microphones.at(-1);
    return last?.label && last;
  });
  await audio.order("setMicrophone", deviceId);
  assert.equal((await audio.look()).devices.microphoneId, deviceId);
  assert.deepEqual(await call.tones("localStream"), []);
  await call.hearsNothing();
  assert.equal((await audio.order("setMicrophone", "none of these")).error.media, "deviceNotFound");
  assert.equal((await audio.look()).devices.microphoneId, deviceId);
  await call.does("unmute");
  await call.hears(MICROPHONE);
  assert.deepEqual(await call.states(), ["connecting", "active"]);

  await leavesNothing({ phone, audio });
});

test("sound that is switched off is off both ways, and comes back as it was", async () => {
  const { phone, audio } = await phoneWithAudio({}, ["activated", "deactivated"]);
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);

  await audio.order("setAudioEnabled", false);
  await untilEqual("nothing is said or heard", "", async () => {
    return [...(await call.tones("localStream")), ...(await call.tones())].join();
  });
  assert.deepEqual([(await call.look()).state, (await call.look()).muted], ["active", false]);
  await call.does("mute");
  await call.does("unmute");
  assert.deepEqual(await call.tones("localStream"), []);
  assert.equal(await phone.page.evaluate(async (id) => {
    await client.devices.setConstraints({ autoGainControl: false });
    return phone.calls.get(id).localStream.getTracks()[0].enabled;
  }, call.id), false, "another microphone is not heard for a moment");
  await audio.order("setAudioEnabled", true);
  await call.hears(MICROPHONE);
  assert.deepEqual(await phone.page.evaluate(() => audioLog.map(({ event }) => event)), ["deactivated", "activated"]);

  await leavesNothing({ phone, audio });
});

test("the screen stays awake for a call, where the browser can", async () => {
  const { phone, audio } = await phoneWithAudio();
  const canWake = await phone.page.evaluate(async () => {
    try {
      await (await navigator.wakeLock.request("screen")).release();
      return true;
    } catch {
      return false;
    }
  });
  assert.equal((await audio.look()).screenAwake, false);
  const call = await phone.dial("9196");
  await call.reaches("active");

  await untilEqual("the screen", canWake, async () => (await audio.look()).screenAwake);
  await call.does("hangup");
  await call.ends();
  assert.equal((await audio.look()).screenAwake, false);

  await leavesNothing({ phone, audio });
});

test("a test of the loudspeaker and of the microphone leaves nothing", async () => {
  const { phone, audio } = await phoneWithAudio();

  assert.equal((await audio.order("testTone")).value, true);
  assert.equal((await audio.order("testTone", "none of these")).error.option, "deviceId");
  await audio.isOver();
  await phone.page.evaluate(startLate);
  const { value } = await audio.order("testMicrophone", { seconds: 0.5 });
  assert.equal(value.isSilent, false);
  assert.ok(value.loudest.rmsDb > -40, `${value.loudest.rmsDb} dB`);
  assert.equal((await audio.order("testMicrophone", { deviceId: "none of these" })).error.media, "deviceNotFound");
  await audio.isOver();
  assert.equal((await phone.leftovers()).tracks, 0);
  // As on a page that is not secure: the number is the one that a call's error has.
  await phone.page.evaluate(() => Object.defineProperty(navigator, "mediaDevices", { value: undefined }));
  const { error } = await audio.order("testMicrophone", { seconds: 1 });
  assert.deepEqual([error.media, error.code], ["insecureContext", 60301]);

  await leavesNothing({ phone, audio });
});

test("closing in the middle of all of it leaves nothing", async () => {
  const { phone, audio } = await phoneWithAudio();
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE);
  await audio.listen(call);
  await audio.systemMutes(true);
  await call.reaches("held");
  await phone.page.evaluate(() => void audio.testMicrophone({ seconds: 30 }));

  await leavesNothing({ phone, audio });
});

/** Runs in the page: an AudioContext starts after a second, as in a browser that is busy. */
function startLate() {
  const { get } = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state");
  const asked = new WeakMap();
  Object.defineProperty(BaseAudioContext.prototype, "state", {
    get() {
      const now = performance.now();
      if (!asked.has(this)) asked.set(this, now);
      const state = get.call(this);
      return state === "running" && now - asked.get(this) < 1_000 ? "suspended" : state;
    },
  });
}

/** Whether a tone is among those. */
function isHeard(hz, tones) {
  return tones.some((tone) => Math.abs(tone - hz) <= 12);
}
