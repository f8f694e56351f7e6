// The page is loaded again in a call.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startCable } from "../../harness/cable.mjs";
import { hearing, heardSince, recording } from "../../harness/gap.mjs";
import { openPhone, signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { MICROPHONE_TONE } from "../../harness/sound.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 60 } });

/** From `connect()` to the sound of the call that the page before had, in ms, for a machine under load. */
const BACK = 5_000;

/** Options that sign the same user in again. */
function options(url, dialect, onReload) {
  return { login: "1000", password: "1234", url, dialect, onReload };
}

async function notes(phone) {
  return phone.page.evaluate(() => Object.entries(sessionStorage));
}

/** Lets the page wait for its locks, as on a machine that is busy. */
function lockLate() {
  const request = navigator.locks.request.bind(navigator.locks);
  navigator.locks.request = async (...args) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return request(...args);
  };
}

/** Has the page go away; the calls that it ends. */
async function goesAway(phone) {
  const before = (await phone.frames("out")).length;
  await phone.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false })));
  const said = (await phone.frames("out")).slice(before).filter(({ method }) => method?.endsWith(".bye"));
  return said.map(({ params }) => params.dialogParams.callID);
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call comes back after a reload, with all that was known of it, and soon`, async () => {
    const { phone, call, level } = await hearing(here, { dialect, onReload: "resume" });
    const before = await call.look();
    const [[, note]] = await notes(phone);
    assert.doesNotMatch(note, /"1234"|v=0|ice-pwd|fingerprint/);

    await phone.reload();
    await recording(phone.page);
    const since = Date.now();
    await phone.signIn(options(here.gateway[dialect], dialect, "resume"));

    const { id } = await until("the call is recovered", () => phone.heard("recoveredCall"));
    assert.equal(id, call.id);
    await call.reaches("active");
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
  await call.hears(MICROPHONE_TONE);
  await call.does("mute");
  await call.does("hold");

  await phone.reload();
  await phone.page.evaluate(lockLate);
  await phone.connect(options(here.gateway.freeswitch, "freeswitch", "resume"));

  await until("the call is recovered", () => phone.heard("recoveredCall"));
  await call.reaches("held");
  assert.equal((await call.look()).muted, true);
  await call.does("unhold");
  await call.does("unmute");
  await call.hears(MICROPHONE_TONE);
  await phone.close();
});

test("a tab that was duplicated in a call does not take the call", async () => {
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE);
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

test("who signs in on the same page after somebody else does not find their call, and they do", async () => {
  const whose = (user) => {
    return { url: here.gateway.telnyx, dialect: "telnyx", onReload: "resume", fetching: [3600], fetchingFor: user };
  };
  const phone = await openPhone(here.browser, here.gateway);
  await until("the ears are awake", () => phone.page.evaluate(() => window.ears.isAwake()));
  await phone.signIn(whose("1000"));
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE);

  await phone.reload();
  await phone.signIn(whose("1001"));
  assert.equal(await phone.heard("recoveredCall"), undefined);
  assert.equal((await phone.page.evaluate(() => window.phone.tokens())).fetched, 1, "one token, asked for once");

  await phone.reload();
  await phone.signIn(whose("1000"));
  assert.equal((await until("the call is recovered", () => phone.heard("recoveredCall"))).id, call.id);
  await call.reaches("active");
  await phone.close();
});

test("nobody has the call of a token that does not say whose it is, and it ends with its page", async () => {
  const phone = await openPhone(here.browser, here.gateway);
  const token = await here.gateway.token("1000");
  await phone.page.evaluate(() => {
    // As the browser reads it, it says nothing of itself; the gateway gets it as it is.
    window.atob = () => "";
  });
  await phone.signIn({ url: here.gateway.telnyx, dialect: "telnyx", onReload: "resume", token });
  const call = await phone.dial("9198");
  await call.reaches("active");
  assert.deepEqual(await notes(phone), []);

  assert.deepEqual(await goesAway(phone), [call.id]);
  await phone.page.close();
});

test("two clients of one user have their own calls back after a reload", async () => {
  const same = options(here.gateway.freeswitch, "freeswitch", "resume");
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const first = await phone.dial("9196");
  await first.reaches("active");
  await phone.connect(same);
  const second = await phone.dial("9198");
  await second.reaches("active");
  assert.equal((await notes(phone)).length, 2);

  await phone.reload();
  const sessions = await phone.page.evaluate((given) => {
    return Promise.all([window.phone.connect(given), window.phone.connect(given)]);
  }, same);

  const recovered = await until("both calls are recovered", async () => {
    const all = await phone.all("recoveredCall");
    return all.length === 2 && all;
  });
  assert.deepEqual(recovered.map(({ id }) => id).sort(), [first.id, second.id].sort());
  assert.notEqual(sessions[0].value.sessid, sessions[1].value.sessid);
  for (const call of [first, second]) {
    await call.reaches("active");
    await call.does("hangup");
  }
  await until("nothing is left to come back to", async () => (await notes(phone)).length === 0);
  await phone.page.close();
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

test("a person who is asked and stays on the page still has the call", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  const call = await phone.dial("9198");
  await call.reaches("active");

  await phone.page.evaluate(() => dispatchEvent(new Event("beforeunload", { cancelable: true })));

  await call.hears(440);
  assert.equal((await call.look()).state, "active");
  await phone.close();
});

test("a client that was closed listens to the page no more", async () => {
  const phone = await openPhone(here.browser, here.gateway);
  const listening = () => phone.page.evaluate(() => window.listening);
  await phone.page.evaluate(() => {
    window.listening = 0;
    const add = window.addEventListener.bind(window);
    window.addEventListener = (event, listener, given) => {
      window.listening += 1;
      given?.signal?.addEventListener("abort", () => (window.listening -= 1));
      add(event, listener, given);
    };
  });
  await phone.signIn(options(here.gateway.freeswitch, "freeswitch", "resume"));
  assert.notEqual(await listening(), 0);

  await phone.order("close");

  assert.equal(await listening(), 0);
  await phone.page.close();
});

test("a call that rings on over another socket ends with its page all the same", async () => {
  const callee = await signedIn(here.browser, here.gateway, { dialect: "telnyx" });
  await here.gateway.ring("1000");
  const call = await callee.incoming();
  assert.equal(await here.gateway.fault("drop&user=1000"), 1);
  await until("it is ready again", async () => (await callee.all("ready")).length === 2);
  assert.equal((await call.look()).state, "ringing");

  assert.deepEqual(await goesAway(callee), [call.id]);
  await callee.page.close();
});

test("a call comes back, too, where the first attempt after the reload finds nobody", async () => {
  const cable = await startCable(here.gateway.freeswitch);
  try {
    const phone = await signedIn(here.browser, here.gateway, { url: cable.url, onReload: "resume" });
    const call = await phone.dial("9196");
    await call.hears(MICROPHONE_TONE);
    cable.pull();
    await call.reaches("reconnecting");

    await phone.reload();
    const { error } = await phone.connect(options(cable.url, "freeswitch", "resume"));
    assert.deepEqual([error?.kind, error?.code], ["lost", 45001]);
    cable.mend();
    await phone.connect(options(cable.url, "freeswitch", "resume"));

    await until("the call is recovered", () => phone.heard("recoveredCall"));
    await call.reaches("active");
    await call.hears(MICROPHONE_TONE);
    await phone.close();
  } finally {
    await cable.stop();
  }
});

test("a call whose page gets no microphone after the reload goes on, and is heard", async () => {
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const call = await phone.dial("9198");
  await call.hears(440);

  await phone.reload();
  await phone.page.evaluate(() => {
    watched.microphone = async () => {
      throw new DOMException("on order", "NotReadableError");
    };
  });
  await phone.connect(options(here.gateway.freeswitch, "freeswitch", "resume"));

  await until("the call is recovered", () => phone.heard("recoveredCall"));
  await call.reaches("active");
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
