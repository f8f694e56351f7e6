// The socket, or who is behind it, fails in a call with sound. RTP of Telnyx's goes on meanwhile; mod_verto's stops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hearing, outage } from "../../harness/gap.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 60 } });

/** From the loss of a socket to sound, in ms, for a machine under load. */
const BACK = 2_500;

/** What hardly anybody hears, in ms: a few windows of the recorder, on a machine under load. */
const NO_GAP = 150;

/** Until the call was away and is back. */
function comesBack(call) {
  return async () => {
    await call.passes("reconnecting");
    await call.reaches("active");
  };
}

/** Holds what was heard to the dialect's promise. */
function isHeardAgain({ gap, heardAfter }, dialect, within) {
  if (dialect === "telnyx") assert.ok(gap <= NO_GAP, `nothing was heard for ${gap} ms`);
  else assert.ok(heardAfter < within, `heard again after ${heardAfter} ms`);
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call whose socket is cut off comes back as the same, and hardly anything is missed`, async () => {
    const { gateway } = here;
    const talk = await hearing(here, { dialect });
    const { phone, call } = talk;
    await phone.page.evaluate((id) => { window.before = window.phone.calls.get(id); }, call.id);
    const states = await call.states();

    const heard = await outage(talk, () => gateway.fault("drop&user=1000"), comesBack(call));

    isHeardAgain(heard, dialect, BACK);
    assert.deepEqual(await call.states(), [...states, "reconnecting", "active"]);
    const isTheSame = () => window.client.calls.length === 1 && window.client.calls[0] === window.before;
    assert.ok(await phone.page.evaluate(isTheSame));
    assert.equal((await phone.heard("reconnecting")).attempt, 1);
    assert.equal((await phone.all("ready")).length, 2);
    const { interruption, connectedAt } = await call.look();
    assert.equal(interruption, undefined);
    assert.ok(connectedAt > 0);
    await call.flowsBothWays();
    await call.does("hangup");
    await call.ends();
    await phone.close();
  });

  test(`${dialect}: garbage and new media in the middle of a call are not heard`, async () => {
    const { gateway } = here;
    const talk = await hearing(here, { dialect });
    const states = await talk.call.states();

    const heard = await outage(talk, async () => {
      await gateway.fault("garbage&user=1000");
      await gateway.fault("reoffer&user=1000");
    }, () => until("the old media is gone", async () => talk.phone.page.evaluate(() => {
      const states = watched.peers.map(({ connectionState }) => connectionState);
      return states.length === 2 && states[0] === "closed" && states[1] === "connected";
    })));

    assert.ok(heard.gap <= NO_GAP, `nothing was heard for ${heard.gap} ms`);
    assert.equal((await talk.phone.heard("warning")).code, 61001);
    assert.deepEqual(await talk.call.states(), states);
    assert.equal((await talk.phone.all("reconnecting")).length, 0);
    await talk.call.flowsBothWays();
    await talk.phone.close();
  });
}

test("a socket that the gateway closes in a call is not heard on Telnyx", async () => {
  const { gateway } = here;
  const talk = await hearing(here, { dialect: "telnyx" });

  const heard = await outage(talk, () => gateway.fault("close=4000&user=1000"), comesBack(talk.call));

  isHeardAgain(heard, "telnyx");
  const { code } = await talk.phone.heard("socketDisconnected");
  assert.equal(code, 4000);
  await talk.phone.close();
});

test("a gateway that refuses the next login has the call back by the second", async () => {
  const { gateway } = here;
  const talk = await hearing(here, { dialect: "freeswitch" });
  await gateway.fault("refuse=1&user=1000");

  const heard = await outage(talk, () => gateway.fault("drop&user=1000"), comesBack(talk.call));

  // The second try comes after a second, plus or minus a quarter.
  isHeardAgain(heard, "freeswitch", BACK + 1_250);
  assert.deepEqual((await talk.phone.all("reconnecting")).map(({ attempt }) => attempt), [1, 2]);
  assert.equal(await talk.phone.heard("error"), undefined);
  await talk.phone.close();
});
