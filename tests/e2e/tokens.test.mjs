import assert from "node:assert/strict";
import { test } from "node:test";
import { testOnce } from "../harness/once.mjs";
import { openPhone } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

/** A phone that fetches its tokens from the gateway. */
async function fetching(lifetimes, tokenStrategy) {
  const phone = await openPhone(here.browser, here.gateway);
  const strategy = tokenStrategy && { tokenStrategy };
  await phone.signIn({ fetching: lifetimes, url: here.gateway.telnyx, dialect: "telnyx", ...strategy });
  return phone;
}

function tokens(phone) {
  return phone.page.evaluate(() => window.phone.tokens());
}

const onceTest = testOnce("when it asks anew is the core's affair, and what comes of it other tests' too");

onceTest("a token that is about to expire is replaced without a break in the call", async () => {
  // One that is good for less than ten seconds when it comes is not replaced.
  const phone = await fetching([14, 3600]);
  const first = await tokens(phone);
  assert.deepEqual([first.fetched, first.identity], [1, "1000"]);
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });

  await untilEqual("another token is fetched", 2, async () => (await tokens(phone)).fetched, { within: 20_000 });
  await until("it is used", async () => (await tokens(phone)).expiresAt > first.expiresAt + 1_000_000);
  await call.hears(MICROPHONE_TONE);
  assert.deepEqual((await call.states()).slice(-1), ["active"]);
  assert.equal((await phone.all("socketConnected")).length + (await phone.all("socketDisconnected")).length <= 1, true);
  await phone.close();
});

test("a session that the gateway no longer knows is mended by another token, and the call goes on", async () => {
  const phone = await fetching([3600], "onExpiry");
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });

  await here.gateway.fault("lapse&user=1000");
  assert.equal((await call.order("hold")).error?.kind, "refused");
  await untilEqual("another token is fetched", 2, async () => (await tokens(phone)).fetched);
  await until("the hold is taken", async () => (await call.order("hold")).error === undefined);
  await phone.close();
});

test("after an outage in which all tokens expired, another one signs in and the call is back", async () => {
  const phone = await fetching([3600]);
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });

  await here.gateway.fault("expire");
  await here.gateway.fault("drop&user=1000");
  await call.passes("reconnecting");
  await call.reaches("active", { within: 15_000 });
  await call.hears(MICROPHONE_TONE);
  assert.equal((await tokens(phone)).fetched, 2);
  await phone.close();
});

test("a token that the gateway refuses leaves the session as it was", async () => {
  const phone = await fetching([3600]);
  const { error } = await phone.order("updateToken", "nobody.signed.this");
  assert.deepEqual([error?.kind, error?.fatal], ["refused", false]);
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  await phone.close();
});

test("what a token says is read in base64url's own letters, and opaque ones say nothing", async () => {
  const { page } = await openPhone(here.browser, here.gateway);
  const read = await page.evaluate(async () => {
    const { readToken } = await import("/js/token.js");
    const claims = { sub: "ü?>~ÿ", exp: 4_102_444_800 };
    const payload = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))));
    const token = `e30.${payload.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.c2ln`;
    return { isTelling: /[-_]/.test(token), said: readToken(token), opaque: ["opaque", "a.b.c", "..", "e30.W10.e30"].map(readToken) };
  });
  assert.ok(read.isTelling);
  assert.deepEqual([read.said.identity, read.said.expires], ["ü?>~ÿ", 4_102_444_800]);
  for (const facts of read.opaque) assert.deepEqual(Object.keys(facts), ["text"]);
});

test("who cannot get a token is told so, and nothing is left", async () => {
  const phone = await openPhone(here.browser, here.gateway);
  const { error } = await phone.connect({ fetching: ["none"], url: here.gateway.telnyx, dialect: "telnyx" });
  assert.deepEqual([error?.kind, error?.code], ["lost", 60406]);
  const { sockets, timers } = await until("nothing is left", async () => {
    const left = await phone.leftovers();
    return left.sockets === 0 && left.timers.length === 0 && left;
  });
  assert.deepEqual([sockets, timers], [0, []]);
});
