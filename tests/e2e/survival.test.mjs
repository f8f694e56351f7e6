// An answered call outlives its socket.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { startCable } from "../harness/cable.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

const cables = [];
afterEach(() => Promise.all(cables.splice(0).map((cable) => cable.stop())));

/** A phone whose socket can be cut, in a call with the echo. */
async function inACall(dialect, options) {
  const cable = await startCable(here.gateway[dialect]);
  cables.push(cable);
  const phone = await signedIn(here.browser, here.gateway, { dialect, url: cable.url, ...options });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  return { cable, phone, call };
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call whose socket breaks is reconnecting, and then the same call, heard again`, async () => {
    const { cable, phone, call } = await inACall(dialect);
    await phone.page.evaluate((id) => { window.before = window.phone.calls.get(id); }, call.id);

    cable.cut();

    await call.passes("reconnecting");
    await call.reaches("active", { within: 15_000 });
    await call.hears(MICROPHONE_TONE);
    assert.deepEqual(await call.states(), [...(await call.states()).slice(0, -2), "reconnecting", "active"]);
    assert.ok(await phone.page.evaluate(() => window.client.calls.length === 1 && window.client.calls[0] === window.before));
    assert.equal((await phone.heard("reconnecting")).attempt, 1);
    assert.equal((await phone.all("ready")).length, 2);
    const { interruption, connectedAt } = await call.look();
    assert.equal(interruption, undefined);
    assert.ok(connectedAt > 0);
    await call.does("hangup");
    await call.ends();
    await phone.close();
  });
}

test("mute and hold outlive the outage, and what was wished for in it is done", async () => {
  const { cable, phone, call } = await inACall("freeswitch");
  await call.does("mute");
  await call.hearsNothing();

  cable.pull();
  await call.reaches("reconnecting");
  const { error } = await call.order("dtmf", "1");
  assert.deepEqual([error?.kind, error?.code], ["lost", 60405]);
  // The wish is remembered: it settles when the call is back.
  await phone.page.evaluate((id) => { window.held = window.phone.order(id, "hold"); }, call.id);
  cable.mend();
  await phone.order("reconnectNow");
  await call.reaches("held", { within: 15_000 });
  assert.equal((await phone.page.evaluate(() => window.held)).error, undefined);
  assert.equal((await call.look()).muted, true);

  cable.cut();
  await call.reaches("reconnecting");
  await call.reaches("held", { within: 15_000 });
  await call.does("unhold");
  await call.hearsNothing();
  await call.does("unmute");
  await call.hears(MICROPHONE_TONE);
  await phone.close();
});

test("a call that is hung up while the gateway cannot be reached never comes back", async () => {
  const { cable, phone, call } = await inACall("freeswitch");

  cable.pull();
  await call.reaches("reconnecting");
  await call.does("hangup");
  assert.equal((await call.look()).state, "done");
  cable.mend();
  await phone.order("reconnectNow");
  await until("ready again", async () => (await phone.all("ready")).length === 2);
  await until("the gateway is told", async () => {
    const byes = (await phone.frames("out")).filter(({ method }) => method === "verto.bye");
    return byes.some(({ params }) => params.dialogParams.callID === call.id);
  });
  // What the gateway says after this answer came after anything that it had to say about the call.
  const next = await phone.dial("9196");
  await next.reaches("active");
  assert.deepEqual((await call.states()).slice(-2), ["reconnecting", "done"]);
  assert.equal((await phone.all("incomingCall")).length, 0);
  assert.deepEqual(await phone.page.evaluate(() => window.client.calls.map(({ id }) => id)), [next.id]);
  await phone.close();
});

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call whose packets find no way any more restarts ICE, on the same connection and socket`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { user: "1002", dialect });
    const call = await phone.dial("9196");
    await call.hears(MICROPHONE_TONE, { within: 15_000 });

    assert.equal(await here.gateway.fault("media=restart&user=1002"), 1);

    await call.passes("reconnecting", { within: 20_000 });
    await call.reaches("active", { within: 20_000 });
    await call.hears(MICROPHONE_TONE);
    const change = (await phone.all("state")).find(({ state }) => state === "reconnecting");
    assert.equal(change.interruption, "mediaLost");
    assert.deepEqual(await phone.page.evaluate(() => [watched.sockets.length, watched.peers.length]), [1, 1]);
    assert.equal(await phone.heard("reconnecting"), undefined);
    await phone.close();
  });
}

test("a call for which restarting ICE does not help gets a new connection", async () => {
  const phone = await signedIn(here.browser, here.gateway, { user: "1002" });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  await call.does("mute");

  await here.gateway.fault("media=attach&user=1002");

  await call.passes("reconnecting", { within: 20_000 });
  await call.reaches("active", { within: 40_000 });
  assert.equal((await call.look()).muted, true);
  await call.hearsNothing();
  await call.does("unmute");
  await call.hears(MICROPHONE_TONE);
  assert.equal((await phone.all("ready")).length, 2);
  assert.deepEqual(await phone.page.evaluate(() => {
    const open = watched.peers.filter(({ connectionState }) => connectionState !== "closed");
    return [open.length, watched.tracks.filter(({ readyState }) => readyState === "live").length];
  }), [1, 1], "one connection and one microphone are left");
  await phone.close();
});

test("media that the gateway offers anew in the middle of a call is taken, and nobody notices", async () => {
  const phone = await signedIn(here.browser, here.gateway, { user: "1002" });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  const before = await call.states();

  await here.gateway.fault("reoffer&user=1002");

  await until("the new connection stands alone", () => phone.page.evaluate(() => {
    const states = watched.peers.map(({ connectionState }) => connectionState);
    return states.length === 2 && states[0] === "closed" && states[1] === "connected";
  }));
  await call.hears(MICROPHONE_TONE);
  assert.deepEqual(await call.states(), before);
  await phone.close();
});
