// What is wished for while the gateway cannot be reached.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { startCable } from "../../harness/cable.mjs";
import { signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { MICROPHONE_TONE } from "../../harness/sound.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 60 } });

const cables = [];
afterEach(() => Promise.all(cables.splice(0).map((cable) => cable.stop())));

/** A phone whose socket can be cut, in a call with the echo. */
async function inACall() {
  const cable = await startCable(here.gateway.freeswitch);
  cables.push(cable);
  const phone = await signedIn(here.browser, here.gateway, { url: cable.url });
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE);
  return { cable, phone, call };
}

test("mute and hold outlive the outage, and what was wished for in it is done", async () => {
  const { cable, phone, call } = await inACall();
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
  await call.reaches("held");
  assert.equal((await phone.page.evaluate(() => window.held)).error, undefined);
  assert.equal((await call.look()).muted, true);

  cable.cut();
  await call.passes("reconnecting", { count: 2 });
  await call.reaches("held");
  await call.does("unhold");
  await call.hearsNothing();
  await call.does("unmute");
  await call.hears(MICROPHONE_TONE);
  await phone.close();
});

test("a call that is hung up while the gateway cannot be reached never comes back", async () => {
  const { cable, phone, call } = await inACall();

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
