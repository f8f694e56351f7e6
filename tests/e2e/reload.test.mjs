// The page is loaded again in a call.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startCable } from "../harness/cable.mjs";
import { hearing, heardSince, recording } from "../harness/gap.mjs";
import { openPhone, signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

/** From `connect()` to the sound of the call that the page before had, in ms, for a machine under load. */
const BACK = 5_000;

/** Options that sign the same user in again. */
function options(url, dialect, onReload) {
  return { login: "1000", password: "1234", url, dialect, onReload };
}

async function notes(phone) {
  return phone.page.evaluate(() => Object.entries(sessionStorage));
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call comes back after a reload, with all that was known of it, and soon`, async () => {
    const { phone, call, level } = await hearing(here, { dialect, onReload: "resume" });
    const before = await call.look();
    const [[, note]] = await notes(phone);
    assert.doesNotMatch(note, /1234|v=0|ice-pwd|fingerprint/);

    await phone.reload();
    await recording(phone.page);
    const since = Date.now();
    await phone.signIn(options(here.gateway[dialect], dialect, "resume"));

    const { id } = await until("the call is recovered", () => phone.heard("recoveredCall"));
    assert.equal(id, call.id);
    await call.reaches("active", { within: 15_000 });
    const heard = await until("it is heard", async () => (await heardSince(phone.page, since, level)).heardAfter);
    assert.ok(heard < BACK, `heard again after ${heard} ms`);
    await call.flowsBothWays();
    assert.equal((await phone.all("recoveredCall")).length, 1);
    const after = await call.look();
    for (const name of ["direction", "destinationNumber", "remoteNumber", "startedConnectingAt", "connectedAt", "muted"]) {
      assert.deepEqual(after[name], before[name], name);
    }
    await call.does("hangup");
    await call.ends();
    assert.deepEqual(await notes(phone), [], "nothing is left to come back to");
    await phone.close();
  });
}

test("a call on hold, and muted, is so after a reload, and is heard when that is over", async () => {
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  await call.does("mute");
  await call.does("hold");

  await phone.reload();
  await phone.connect(options(here.gateway.freeswitch, "freeswitch", "resume"));

  await until("the call is recovered", () => phone.heard("recoveredCall"));
  await call.reaches("held", { within: 15_000 });
  assert.equal((await call.look()).muted, true);
  await call.does("unhold");
  await call.does("unmute");
  await call.hears(MICROPHONE_TONE);
  await phone.close();
});

test("a tab that was duplicated in a call does not take the call", async () => {
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  const copied = await notes(phone);
  assert.equal(copied.length, 1);

  const copy = await openPhone(here.browser, here.gateway);
  await copy.page.evaluate((all) => all.forEach(([key, text]) => sessionStorage.setItem(key, text)), copied);
  await copy.connect(options(here.gateway.freeswitch, "freeswitch", "resume"));
  await until("ready", () => copy.heard("ready"));

  assert.equal((await copy.all("recoveredCall")).length, 0);
  assert.deepEqual(await notes(copy), []);
  assert.notEqual((await copy.heard("session")).sessid, (await phone.heard("session")).sessid);
  await phone.page.bringToFront();
  await call.hears(MICROPHONE_TONE);
  assert.equal((await call.look()).state, "active");
  assert.equal((await phone.all("error")).length, 0);
  await copy.close();
  await phone.close();
});

test("a call that only rang ends with its page", async () => {
  const callee = await signedIn(here.browser, here.gateway, { user: "1001" });
  const caller = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  await caller.dial("1001");
  const incoming = await callee.incoming();

  await caller.reload();

  assert.equal((await incoming.ends()).by, "remote");
  assert.deepEqual(await notes(caller), []);
  await callee.close();
});

test("a call comes back, too, where the first attempt after the reload finds nobody", async () => {
  const cable = await startCable(here.gateway.freeswitch);
  try {
    const phone = await signedIn(here.browser, here.gateway, { url: cable.url, onReload: "resume" });
    const call = await phone.dial("9196");
    await call.hears(MICROPHONE_TONE, { within: 15_000 });
    cable.pull();
    await call.reaches("reconnecting");

    await phone.reload();
    const { error } = await phone.connect(options(cable.url, "freeswitch", "resume"));
    assert.deepEqual([error?.kind, error?.code], ["lost", 45001]);
    cable.mend();
    await phone.connect(options(cable.url, "freeswitch", "resume"));

    await until("the call is recovered", () => phone.heard("recoveredCall"));
    await call.reaches("active", { within: 15_000 });
    await call.hears(MICROPHONE_TONE);
    await phone.close();
  } finally {
    await cable.stop();
  }
});

test("a call whose page gets no microphone after the reload goes on, and is heard", async () => {
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const call = await phone.dial("9198");
  await call.hears(440, { within: 15_000 });

  await phone.reload();
  await phone.page.evaluate(() => {
    watched.microphone = async () => {
      throw new DOMException("on order", "NotReadableError");
    };
  });
  await phone.connect(options(here.gateway.freeswitch, "freeswitch", "resume"));

  await until("the call is recovered", () => phone.heard("recoveredCall"));
  await call.reaches("active", { within: 15_000 });
  await call.hears(440);
  const { error } = await until("the failure is told", () => phone.heard("error"));
  assert.equal(error.media, "deviceBusy");
  assert.equal((await call.look()).state, "active");
  await phone.close();
});

describe("with a gateway that does not wait for long", () => {
  const here = stage({ gateway: { detachTime: 1 } });

  // Firefox closes the sockets of a page before it tells the page that it goes: there the gateway's time has to pass.
  test("a page that hangs up on a reload leaves nobody listening to nothing", async () => {
    const callee = await signedIn(here.browser, here.gateway, { user: "1001" });
    const caller = await signedIn(here.browser, here.gateway, { onReload: "hangup" });
    const call = await caller.dial("1001");
    const incoming = await callee.incoming();
    await incoming.does("answer");
    await call.reaches("active");

    await caller.reload();

    assert.equal((await incoming.ends()).by, "remote");
    assert.deepEqual(await notes(caller), []);
    await caller.connect(options(here.gateway.freeswitch, "freeswitch", "resume"));
    await until("ready", () => caller.heard("ready"));
    assert.equal((await caller.all("recoveredCall")).length, 0);
    await caller.close();
    await callee.close();
  });
});

test("a page that may store nothing has its calls all the same", async () => {
  const phone = await openPhone(here.browser, here.gateway);
  await phone.page.evaluate(() => {
    Object.defineProperty(window, "sessionStorage", { get: () => { throw new DOMException("not here", "SecurityError"); } });
  });
  await phone.signIn({ login: "1000", password: "1234", url: here.gateway.freeswitch, onReload: "resume" });
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.does("hangup");
  await phone.close();
});
