import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

/** What each of two people says, in Hz. */
const ALICE = 620;
const BOB = 1500;

/** The ringback tone that the gateway plays to who waits. */
const RINGBACK = [400, 450];

const NO_CODES_OF_SIP = { sipCode: undefined, sipReason: undefined };

/** Alice (1000) and Bob (1001), each with a voice of their own. */
async function aliceAndBob(dialects = {}) {
  const alice = await signedIn(here.browser, here.gateway, { user: "1000", dialect: dialects.alice });
  const bob = await signedIn(here.browser, here.gateway, { user: "1001", dialect: dialects.bob });
  await alice.page.evaluate((hz) => window.phone.speakTone(hz), ALICE);
  await bob.page.evaluate((hz) => window.phone.speakTone(hz), BOB);
  return { alice, bob };
}

/** Both in one call, answered. */
async function talking(dialects) {
  const { alice, bob } = await aliceAndBob(dialects);
  const out = await alice.dial("1001");
  const incoming = await bob.incoming();
  await incoming.does("answer");
  await out.reaches("active");
  await incoming.reaches("active");
  return { alice, bob, out, incoming };
}

for (const [from, to] of [["freeswitch", "freeswitch"], ["telnyx", "telnyx"], ["telnyx", "freeswitch"]]) {
  test(`1000 on ${from} calls 1001 on ${to}: it rings, is answered, and both hear each other`, async () => {
    const { alice, bob } = await aliceAndBob({ alice: from, bob: to });

    const out = await alice.dial("1001");
    const incoming = await bob.incoming();
    const seen = await incoming.look();
    assert.deepEqual([seen.state, seen.direction], ["ringing", "inbound"]);
    assert.match(`${seen.remoteName} ${seen.remoteNumber}`, /1000/);
    await out.hears(RINGBACK);
    assert.notEqual((await out.look()).state, "active");
    await incoming.does("answer");
    await out.reaches("active");
    await out.hears(BOB);
    await incoming.hears(ALICE);
    await out.flowsBothWays();
    await incoming.flowsBothWays();

    await out.does("hangup");
    assert.equal((await out.ends()).by, "local");
    const { cause, causeCode, by } = await incoming.ends();
    assert.deepEqual({ cause, causeCode, by }, { cause: "NORMAL_CLEARING", causeCode: 16, by: "remote" });
    await alice.close();
    await bob.close();
  });
}

test("who was called hangs up, and the caller's call ends", async () => {
  const { alice, bob, out, incoming } = await talking();

  await incoming.does("hangup");
  assert.equal((await incoming.ends()).by, "local");
  const { cause, causeCode, by } = await out.ends();
  assert.deepEqual({ cause, causeCode, by }, { cause: "NORMAL_CLEARING", causeCode: 16, by: "remote" });

  await alice.close();
  await bob.close();
});

test("who is on hold hears nobody, and hears them again afterwards", async () => {
  const { alice, bob, out, incoming } = await talking();
  await incoming.hears(ALICE);

  await out.does("hold");
  await until("the caller is not heard", async () => !(await incoming.tones()).some((hz) => Math.abs(hz - ALICE) < 12));
  await out.does("unhold");
  await incoming.hears(ALICE);
  await out.hears(BOB);

  await alice.close();
  await bob.close();
});

test("a page that closes in a call ends it for the other side", async () => {
  const { alice, bob, out } = await talking();
  await out.hears(BOB);

  await bob.page.close();
  // Firefox stops a closing page's scripts after a millisecond, often before the bye: then the gateway waits in vain.
  const { by } = await out.ends();
  assert.equal(by, "remote");

  await alice.close();
});

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: the gateway rings a user who answers and hears it speak`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { user: "1002", dialect });

    await here.gateway.ring("1002");
    const call = await phone.incoming();
    await call.does("answer");
    await call.reaches("active");
    await until("speech is heard", async () => (await call.look()).stats?.energyReceived > 0.001);
    const { answeredAt } = await call.look();
    assert.ok(answeredAt > 0);

    await phone.close();
  });

  test(`${dialect}: a call that is rejected ends as busy`, async () => {
    const { alice, bob } = await aliceAndBob({ alice: dialect, bob: dialect });
    const out = await alice.dial("1001");
    const incoming = await bob.incoming();

    await incoming.does("hangup");
    assert.deepEqual({ ...NO_CODES_OF_SIP, ...(await incoming.ends()) }, { ...NO_CODES_OF_SIP, cause: "USER_BUSY", causeCode: 17, by: "local" });
    const { cause, by } = await out.ends();
    assert.deepEqual({ cause, by }, { cause: "USER_BUSY", by: "remote" });

    await alice.close();
    await bob.close();
  });

  test(`${dialect}: a caller who gives up stops the ringing`, async () => {
    const { alice, bob } = await aliceAndBob({ alice: dialect, bob: dialect });
    const out = await alice.dial("1001");
    const incoming = await bob.incoming();

    await out.does("hangup");
    assert.equal((await out.ends()).by, "local");
    const { cause, causeCode, by } = await incoming.ends();
    assert.deepEqual({ cause, causeCode, by }, { cause: "ORIGINATOR_CANCEL", causeCode: 487, by: "remote" });

    await alice.close();
    await bob.close();
  });
}

test("a call that a listener keeps away is told to nobody else, and whoever wants to do so later is too late", async () => {
  const { alice, bob } = await aliceAndBob();
  await bob.page.evaluate(() => {
    window.screened = [];
    client.on("screening", (screening) => {
      screening.silent = screened.length === 0;
      screened.push({ screening, listed: client.calls.length });
      screening.call.on("ended", ({ cause }) => screened.push({ cause }));
      throw new Error("thrown by a listener");
    });
    client.on("incomingCall", () => (screened.at(-1).screening.silent = true));
  });

  const unheard = await alice.dial("1001");
  await unheard.hears(RINGBACK);
  await unheard.does("hangup");
  await until("its own listener hears its end", () => bob.page.evaluate(() => screened[1]?.cause === "ORIGINATOR_CANCEL"));
  assert.deepEqual(await bob.all("incomingCall"), []);
  assert.deepEqual(await bob.all("callEnded"), []);

  const heard = await alice.dial("1001");
  const incoming = await bob.incoming(1);
  assert.deepEqual(await bob.page.evaluate(() => screened.map(({ listed }) => listed ?? "ended")), [0, "ended", 0]);
  assert.deepEqual(await bob.page.evaluate(() => client.calls.map(({ id }) => id)), [incoming.id]);
  await heard.does("hangup");
  await incoming.ends();
  assert.equal((await bob.all("callEnded")).length, 1);

  await alice.close();
  await bob.close();
});

test("a call that is answered on one device stops ringing on the other", async () => {
  const { alice, bob } = await aliceAndBob();
  const other = await signedIn(here.browser, here.gateway, { user: "1001" });

  const out = await alice.dial("1001");
  const answered = await bob.incoming();
  const missed = await other.incoming();
  await answered.does("answer");
  const { cause, by } = await missed.ends();
  assert.deepEqual({ cause, by }, { cause: "LOSE_RACE", by: "remote" });
  await out.hears(BOB);
  assert.equal((await answered.look()).state, "active");

  await alice.close();
  await bob.close();
  await other.close();
});

test("a second call comes in while the first goes on", async () => {
  const { alice, bob, out, incoming } = await talking();

  await here.gateway.ring("1001");
  const second = await bob.incoming(2);
  assert.equal((await second.look()).state, "ringing");
  await second.does("answer");
  await second.reaches("active");
  await second.does("hangup");
  await second.ends();
  assert.equal((await incoming.look()).state, "active");
  await out.hears(BOB);

  await alice.close();
  await bob.close();
});
