// The TURN server that alone carries a call dies.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startCoturn } from "../harness/coturn.mjs";
import { hearing, outage } from "../harness/gap.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 60 }, also: { passing: startCoturn, lasting: startCoturn } });

/** How long a call that has lost its relay may take to come back, in seconds. */
const BUDGET = 8;

/** Until it is seen that the media is gone, in ms: packets that stay away, and a connection that does. */
const NOTICED = 15_000;

test("a call whose relay dies comes back relayed, if the relay does, and otherwise ends in time", async () => {
  const { passing, lasting } = here;
  const [returning, ending] = await Promise.all([["1000", passing], ["1001", lasting]].map(([user, { iceServers }]) => {
    return hearing(here, { user, dialect: "telnyx", iceServers, forceRelay: true, recoverySeconds: BUDGET });
  }));

  const [heard] = await Promise.all([
    outage(returning, async () => {
      await passing.die();
      await passing.live();
    }, async () => {
      await returning.call.passes("reconnecting", { within: NOTICED });
      await returning.call.reaches("active", { within: BUDGET * 1000 });
    }),
    lasting.die(),
  ]);

  assert.ok(heard.heardAfter < NOTICED + BUDGET * 1000, `heard again after ${heard.heardAfter} ms`);
  assert.deepEqual(await ways(returning), ["relay"]);
  assert.equal((await ending.call.ends({ within: NOTICED + BUDGET * 1000 })).by, "timeout");
  const { error } = await ending.phone.heard("error");
  assert.deepEqual([error.kind, error.fatal], ["lost", true], JSON.stringify(error));
  assert.ok(lastedFor(await ending.phone.log()) < BUDGET * 1000 + 1_000);
  for (const { phone } of [returning, ending]) await phone.close();
});

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
