// What is heard of a call before and after anybody speaks: local tones, as they reach the loudspeaker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { person } from "../harness/people.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { withTones } from "../harness/tones.mjs";

const here = stage();

const US = { region: "us" };
const RINGBACK = [440, 480];
const RINGTONE = [660, 880];
const BUSY = [480, 620];
/** The gateway's own ringback, as early media. */
const FROM_GATEWAY = [400, 450];

/** A phone with tones. */
async function phoneWithTones(options, signIn) {
  const phone = await signedIn(here.browser, here.gateway, signIn);
  return { phone, tones: await withTones(phone, { ...US, ...options }) };
}

/** Signs out, and holds the page to having nothing of the tones left in it, before they are disposed of. */
async function leavesNothing({ phone, tones }) {
  await phone.order("close");
  await tones.areOver();
  await phone.page.evaluate(() => tones[Symbol.dispose]());
  await phone.close();
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: ringback is heard while it rings, and is over with the answer`, async () => {
    const callee = await person(here, "1001", { dialect });
    const { phone, tones } = await phoneWithTones({}, { dialect });

    const call = await phone.dial("71001");
    await tones.sound(RINGBACK);
    assert.equal((await call.look()).state, dialect === "telnyx" ? "ringing" : "connecting");
    await (await callee.incoming()).does("answer");
    await call.reaches("active");
    await tones.areOver();

    assert.deepEqual(await tones.told(), ["ringback", ""]);
    await leavesNothing({ phone, tones });
    await callee.close();
  });

  test(`${dialect}: ringback that begins with the INVITE gives way to early media`, async () => {
    const callee = await person(here, "1001", { dialect });
    const { phone, tones } = await phoneWithTones({ ringbackFrom: "connecting" }, { dialect });

    const call = await phone.dial("1001");
    await until("early media", async () => (await call.look()).earlyMedia);
    assert.deepEqual(await phone.page.evaluate(() => tones.sounding.length), 0);
    await call.hears(FROM_GATEWAY);
    await tones.areOver();
    await (await callee.incoming()).does("answer");
    await call.reaches("active");

    const told = await tones.log("sounding");
    assert.deepEqual(told.map((entry) => entry.tones.join()), ["ringback", ""]);
    assert.ok(told[1].states.every((state) => state !== "active"), "it gave way only to the answer");
    await leavesNothing({ phone, tones });
    await callee.close();
  });
}

test("a call that somebody gives up rings no more at once, on both sides", async () => {
  const [caller, callee] = await Promise.all(["1000", "1001"].map((user) => phoneWithTones({}, { user })));

  const call = await caller.phone.dial("71001");
  await callee.tones.sound(RINGTONE);
  await caller.tones.sound(RINGBACK);
  await call.does("hangup");
  await (await callee.phone.incoming()).ends();

  for (const { tones } of [caller, callee]) await tones.areOver();
  assert.deepEqual(await caller.tones.told(), ["ringback", ""]);
  assert.deepEqual(await callee.tones.told(), ["ringtone", ""]);
  await leavesNothing(caller);
  await leavesNothing(callee);
});

for (const [name, end] of [["rejected", (call) => call.does("hangup")], ["answered", (call) => call.does("answer")]]) {
  test(`a ringtone is over when the call is ${name}`, async () => {
    const { phone, tones } = await phoneWithTones();

    await here.gateway.ring("1000");
    const call = await phone.incoming();
    await tones.sound(RINGTONE);
    await end(call);
    await tones.areOver();

    assert.deepEqual(await tones.told(), ["ringtone", ""]);
    await leavesNothing({ phone, tones });
  });
}

test("a second call is told by a beep to who speaks, and by the ringtone to who holds", async () => {
  const { phone, tones } = await phoneWithTones();
  const first = await phone.dial("9196");
  await first.reaches("active");

  // It is a beep in ten seconds.
  await Promise.all([tones.sound(440, { within: 20_000 }), here.gateway.ring("1000")]);
  const second = await phone.incoming();
  await first.does("hold");
  await tones.sound(RINGTONE);
  await second.does("hangup");
  await tones.areOver();

  assert.deepEqual(await tones.told(), ["callWaiting", "ringtone", ""]);
  await leavesNothing({ phone, tones });
});

for (const [number, tone, hz] of [
  ["486", "busy", BUSY], ["503", "congestion", BUSY], ["404", "unobtainable", [950]],
]) {
  test(`a call that ends with ${number} is told by the ${tone} tone, for its time`, async () => {
    const { phone, tones } = await phoneWithTones({ endSeconds: 2 });

    await Promise.all([tones.sound(hz), phone.dial(number)]);
    await tones.areOver();

    const [begin, end] = (await tones.log("sounding")).slice(-2);
    assert.deepEqual(begin.tones, [tone]);
    assert.ok(end.at - begin.at < 3_500, `it sounded for ${end.at - begin.at} ms`);
    await leavesNothing({ phone, tones });
  });
}

test("who hangs up hears nothing, whom the other side hangs up on hears three beeps", async () => {
  const { phone, tones } = await phoneWithTones();

  const ours = await phone.dial("9196");
  await ours.reaches("active");
  await ours.does("hangup");
  await ours.ends();
  assert.deepEqual(await tones.told(), []);
  const theirs = await phone.dial("9183");
  await Promise.all([tones.sound(BUSY, { within: 20_000 }), theirs.ends({ within: 20_000 })]);
  await tones.areOver();

  assert.deepEqual(await tones.told(), ["ended", ""]);
  await leavesNothing({ phone, tones });
});

test("the next call ends the tone of the one before", async () => {
  const { phone, tones } = await phoneWithTones({ endSeconds: 30 });

  await (await phone.dial("486")).ends();
  await tones.sound(BUSY);
  const next = await phone.dial("9196");
  await next.reaches("active");
  await tones.areOver();

  await leavesNothing({ phone, tones });
});

test("keys sound as themselves, and a key that does not exist is refused", async () => {
  const { phone, tones } = await phoneWithTones();

  for (const [key, hz] of [["5", [770, 1336]], ["#", [941, 1477]], ["d", [941, 1633]]]) {
    let isHeard = false;
    const hearing = tones.include(hz).then(() => (isHeard = true));
    // Pressed again while it sounds, it goes on.
    await Promise.race([hearing, until(`key ${key} is heard`, async () => {
      await tones.order("key", key);
      return isHeard;
    })]);
  }
  assert.deepEqual((await tones.order("key", "x")).error, { code: 44002, kind: "misuse", option: "digit" });
  await tones.areOver();

  await leavesNothing({ phone, tones });
});

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: digits are heard here as they are sent, where the application wants it`, async () => {
    const { phone, tones } = await phoneWithTones({}, { dialect });
    const call = await phone.dial("9185");
    await call.reaches("active");

    await Promise.all([tones.sound([770, 1336]), call.does("dtmf", "5555555555")]);
    await tones.areOver();
    await phone.page.evaluate(() => tones[Symbol.dispose]());
    const deaf = await withTones(phone, { dtmf: false });
    await call.does("dtmf", "5");
    assert.equal(await phone.page.evaluate(() => loudspeakers.open()), 0);

    await leavesNothing({ phone, tones: deaf });
  });
}

test("a preview sounds for its time, in the region and as loud as it is set meanwhile", async () => {
  const { phone, tones } = await phoneWithTones({ volume: { ring: 0.5 } });

  assert.deepEqual((await tones.order("volume", "ring")).value, 0.5);
  await Promise.all([tones.sound(BUSY), tones.order("preview", "busy")]);
  // Asked for again it goes on: four seconds may not be enough for all of this.
  await tones.order("preview", "busy");
  await tones.order("setRegion", "de");
  await tones.sound(425);
  await tones.order("preview", "busy");
  await tones.order("setVolume", "call", 0);
  await tones.silence();
  assert.deepEqual(await tones.told(), ["busy"], "it went on meanwhile");
  await tones.areOver();

  assert.deepEqual(await tones.told(), ["busy", ""]);
  await leavesNothing({ phone, tones });
});
