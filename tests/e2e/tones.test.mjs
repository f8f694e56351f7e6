// What is heard of a call before and after anybody speaks: local tones, as they reach the loudspeaker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { withTones } from "../harness/tones.mjs";

const here = stage();

const US = { region: "us" };
const RINGBACK = [440, 480];
const RINGTONE = [660, 880];
const BUSY = [480, 620];

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
    const { phone, tones } = await phoneWithTones({}, { dialect });

    const call = await phone.dial("9181");
    await tones.sound(RINGBACK);
    assert.equal((await call.look()).state, dialect === "telnyx" ? "ringing" : "connecting");
    await call.reaches("active");
    await tones.areOver();

    assert.deepEqual(await tones.told(), ["ringback", ""]);
    await leavesNothing({ phone, tones });
  });

  test(`${dialect}: ringback that begins with the INVITE gives way to early media`, async () => {
    const { phone, tones } = await phoneWithTones({ ringbackFrom: "connecting" }, { dialect });

    const call = await phone.dial("9180");
    await until("early media", async () => (await call.look()).earlyMedia);
    assert.deepEqual(await phone.page.evaluate(() => tones.sounding.length), 0);
    await call.hears(440);
    await tones.areOver();
    await call.reaches("active");

    const told = await tones.log("sounding");
    assert.deepEqual(told.map((entry) => entry.tones.join()), ["ringback", ""]);
    assert.ok(told[1].states.every((state) => state !== "active"), "it gave way only to the answer");
    await leavesNothing({ phone, tones });
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

  await here.gateway.ring("1000");
  const second = await phone.incoming();
  await tones.sound(440);
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

    const call = await phone.dial(number);
    await call.ends();
    const since = performance.now();
    await tones.sound(hz);
    await tones.areOver();

    assert.ok(performance.now() - since < 6_000, "it sounded too long");
    assert.deepEqual((await tones.told()).at(-2), tone);
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
  await theirs.ends({ within: 15_000 });
  await tones.sound(BUSY);
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
    // Longer than the ears look back, so that they cannot miss it.
    await until(`key ${key} is heard`, async () => {
      await tones.order("key", key);
      const heard = await tones.heard();
      return hz.every((one) => heard.some((found) => Math.abs(found - one) <= 12));
    });
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

    const sent = call.does("dtmf", "5555555555");
    await tones.sound([770, 1336]);
    await sent;
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
  await tones.order("preview", "busy");
  await tones.sound(BUSY);
  await tones.order("setRegion", "de");
  await tones.sound(425);
  await tones.order("setVolume", "call", 0);
  await until("it is silent", async () => (await tones.heard()).length === 0);
  assert.equal(await phone.page.evaluate(() => tones.sounding[0].tone), "busy");
  await tones.areOver();

  await leavesNothing({ phone, tones });
});
