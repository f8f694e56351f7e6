// Silence in a call: the media is gone, or the relay that alone carries it; the gateway no longer hears or says
// anything, or it has forgotten the call.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkChanges } from "../../harness/around.mjs";
import { startCoturn } from "../../harness/coturn.mjs";
import { hearing, heardSince, outage } from "../../harness/gap.mjs";
import { startGateway } from "../../harness/gateway.mjs";
import { testOnce } from "../../harness/once.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

// What befalls all users of a gateway befalls one of its own.
const other = () => startGateway({ detachTime: 60 });
const relayed = () => startGateway({ detachTime: 60 });
const here = stage({
  gateway: { detachTime: 60 },
  also: { moved: other, restarted: other, relayed, passing: startCoturn, lasting: startCoturn },
  together: true,
});

/** Until packets that stay away are a loss, in ms: five seconds, two looks at the counters, and a while under load. */
const NOTICED = 12_000;

/** Until an ICE restart that brings no packets has failed, in ms. */
const FAILED = 6_000;

/** From then on, and under load. */
const BACK = 4_000;

/** How long a call that has lost its relay may take to come back, in seconds. */
const BUDGET = 8;

/** Until it is seen that the media is gone, in ms: packets that stay away, and a connection that does. */
const RELAY_NOTICED = 15_000;

const onceTest = testOnce("it is the gateway's and the core's affair");

// They mostly wait, and so may do it together: each as a user whom no other test that still goes on has.
describe("silence", { concurrency: 4 }, () => {
  test("a call whose relay dies comes back relayed, if the relay does, and otherwise ends in time", async () => {
    const { passing, lasting } = here;
    const options = { dialect: "telnyx", forceRelay: true, recoverySeconds: BUDGET };
    const begin = (user, { iceServers }) => hearing({ ...here, gateway: here.relayed }, { user, iceServers, ...options });
    const [returning, ending] = await Promise.all([begin("1000", passing), begin("1001", lasting)]);

    const [heard] = await Promise.all([
      outage(returning, async () => {
        await passing.die();
        await passing.live();
      }, async () => {
        await returning.call.passes("reconnecting", { within: RELAY_NOTICED });
        await returning.call.reaches("active", { within: BUDGET * 1000 });
      }),
      lasting.die(),
    ]);

    assert.ok(heard.heardAfter < RELAY_NOTICED + BUDGET * 1000, `heard again after ${heard.heardAfter} ms`);
    assert.deepEqual(await ways(returning), ["relay"]);
    assert.equal((await ending.call.ends({ within: RELAY_NOTICED + BUDGET * 1000 })).by, "timeout");
    const { error } = await ending.phone.heard("error");
    assert.deepEqual([error.kind, error.fatal], ["lost", true], JSON.stringify(error));
    assert.ok(lastedFor(await ending.phone.log()) < BUDGET * 1000 + 1_000);
    for (const { phone } of [returning, ending]) await phone.close();
  });

  for (const [user, dialect] of [["1000", "freeswitch"], ["1005", "telnyx"]]) {
    test(`${dialect}: media that is lost comes back by an ICE restart, on the same connection and socket`, async () => {
      const { gateway } = here;
      const talk = await hearing(here, { user, dialect });

      const heard = await outage(talk, async () => {
        assert.equal(await gateway.fault(`media=restart&user=${user}`), 1);
      }, comesBack(talk.call));

      assert.ok(heard.heardAfter < NOTICED + BACK, `heard again after ${heard.heardAfter} ms`);
      const change = (await talk.phone.all("state")).find(({ state }) => state === "reconnecting");
      assert.equal(change.interruption, "mediaLost");
      assert.equal(await talk.phone.heard("socketDisconnected"), undefined);
      assert.equal(await talk.phone.heard("reconnecting"), undefined);
      assert.deepEqual(await talk.phone.page.evaluate(() => [watched.sockets.length, watched.peers.length]), [1, 1]);
      await talk.phone.close();
    });
  }

  for (const [user, dialect] of [["1001", "freeswitch"], ["1002", "telnyx"]]) {
    const either = dialect === "telnyx" ? test : onceTest;
    either(`${dialect}: media that no ICE restart brings back comes back by another session, and muted`, async () => {
      const { gateway } = here;
      const talk = await hearing(here, { user, dialect });
      const { phone, call } = talk;
      await call.does("mute");

      const heard = await outage(talk, () => gateway.fault(`media=attach&user=${user}`), comesBack(call));

      assert.ok(heard.heardAfter < NOTICED + FAILED + BACK, `heard again after ${heard.heardAfter} ms`);
      assert.equal((await phone.all("reconnecting")).length, 1);
      assert.equal((await phone.all("ready")).length, 2);
      assert.deepEqual(await kept(talk), { made: 2, open: 1, microphones: 1, isSaying: [false] });
      assert.equal((await call.look()).muted, true);
      await call.does("unmute");
      assert.deepEqual(await kept(talk), { made: 2, open: 1, microphones: 1, isSaying: [true] });
      await call.flowsBothWays();
      await phone.close();
    });
  }

  test("a gateway that reads nothing is found out when the network changes, and the call comes back", async () => {
    const { gateway } = here;
    const talk = await hearing(here, { user: "1003", dialect: "freeswitch" });
    await gateway.fault("deaf&user=1003");

    const heard = await outage(talk, () => networkChanges(talk.phone), comesBack(talk.call));

    // What is asked for a sign of life has five seconds.
    assert.ok(heard.heardAfter < 5_000 + BACK, `heard again after ${heard.heardAfter} ms`);
    await talk.phone.close();
  });

  onceTest("a gateway that says nothing is found out when the network changes, and nothing is missed", async () => {
    const { gateway } = here;
    const talk = await hearing(here, { user: "1004", dialect: "telnyx" });
    await gateway.fault("mute&user=1004");

    const { gap } = await outage(talk, () => networkChanges(talk.phone), comesBack(talk.call));

    assert.ok(gap < 200, `nothing was heard for ${gap} ms`);
    await talk.phone.close();
  });

  onceTest("a gateway that is slow is no lost one", async () => {
    const { gateway } = here;
    const talk = await hearing(here, { user: "1000", dialect: "freeswitch" });
    await gateway.fault("delay=1500&user=1000");
    const since = Date.now();

    await networkChanges(talk.phone);
    await talk.call.does("hold");
    await talk.call.does("unhold");

    assert.ok(Date.now() - since > 2 * 1_500);
    await until("it is heard again", async () => {
      const { soundSince } = await heardSince(talk.phone.page, since, talk.level);
      return soundSince !== undefined;
    });
    assert.equal((await talk.phone.all("reconnecting")).length, 0);
    assert.deepEqual((await talk.call.states()).slice(-3), ["active", "held", "active"]);
    await talk.phone.close();
  });

  onceTest("a call that the gateway has forgotten ends, and says why", async () => {
    const { gateway } = here;
    const { phone, call } = await hearing(here, { user: "1005", dialect: "telnyx" });
    await gateway.fault("forget&user=1005");
    await gateway.fault("drop&user=1005");

    await endsAsLost(call);
    assert.ok(await phone.page.evaluate(() => window.client.ready));
    await phone.close();
  });

  onceTest("calls of a node that is gone end, and say why", async () => {
    const gateway = here.moved;
    const { phone, call } = await hearing({ ...here, gateway }, { dialect: "telnyx" });
    await gateway.fault("node");
    await gateway.fault("drop&user=1000");

    await endsAsLost(call);
    assert.ok(await phone.page.evaluate(() => window.client.ready));
    await phone.close();
  });

  onceTest("a gateway that starts again is found at once, and has no calls", async () => {
    const gateway = here.restarted;
    const { phone, call } = await hearing({ ...here, gateway }, { dialect: "freeswitch" });
    await gateway.fault("restart=1");

    await until("ready again", async () => (await phone.all("ready"))[1]);
    // The first try is made at once, the second after a second, when it is back or just before that.
    const tries = (await phone.all("reconnecting")).map(({ attempt }) => attempt);
    assert.ok(tries.length <= 3, `ready after ${tries.length} tries`);
    await endsAsLost(call);
    await phone.close();
  });

  onceTest("a call ends when its session is taken, and nobody fights for it", async () => {
    const { gateway } = here;
    const { phone, call } = await hearing(here, { user: "1001", dialect: "telnyx" });
    await gateway.fault("punt&user=1001");

    assert.deepEqual(await call.ends(), { by: "server" });
    const { error } = await phone.heard("error");
    assert.deepEqual([error.kind, error.fatal], ["refused", true]);
    assert.match(error.message, /taken over/);
    await until("silence", () => phone.page.evaluate(() => {
      return window.recorder.windows.slice(-10).every(({ level }) => level === 0);
    }));
    assert.equal((await phone.all("reconnecting")).length, 0);
    await phone.close();
  });
});

/** Until the call was away and is back. */
function comesBack(call) {
  return async () => {
    await call.passes("reconnecting", { within: NOTICED + FAILED });
    await call.reaches("active", { within: FAILED + 2 * BACK });
  };
}

async function endsAsLost(call) {
  assert.equal((await call.ends()).by, "server");
  const { error } = (await call.phone.all("error")).find(({ id }) => id === call.id);
  assert.deepEqual([error.kind, error.code], ["lost", 48501]);
}

/** How many peer connections and microphones the page has, and whether those that are open let anything be heard. */
function kept({ phone }) {
  return phone.page.evaluate(() => {
    const open = watched.peers.filter(({ connectionState }) => connectionState !== "closed");
    return {
      made: watched.peers.length,
      open: open.length,
      microphones: watched.tracks.filter(({ readyState }) => readyState === "live").length,
      isSaying: open.flatMap((peer) => peer.getSenders().map(({ track }) => track?.enabled)),
    };
  });
}

/** Of what kind the local candidates are that a page gathered, in all its connections that are up. */
function ways({ phone }) {
  return phone.page.evaluate(async () => {
    const kinds = new Set();
    for (const peer of watched.peers.filter(({ connectionState }) => connectionState === "connected")) {
      for (const { type, candidateType } of (await peer.getStats()).values()) {
        if (type === "local-candidate") kinds.add(candidateType);
      }
    }
    return [...kinds];
  });
}

/** From the loss of the call to its end, in ms. */
function lastedFor(log) {
  const at = (wanted) => log.find(({ event, state }) => event === "state" && state === wanted).at;
  return at("done") - at("reconnecting");
}
