// What the gateway does with a browser's own descriptions when media is renewed: ICE restarts, re-attachment, and a
// new offer in the middle of a call. Everything is judged by packets.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { describeOnce } from "../../harness/once.mjs";
import { openPage } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";
import { verto } from "../../harness/verto.mjs";

let here;
const DIALECTS = ["freeswitch", "telnyx"];

/** Packets of a sound come every 20 ms: that many are no leftovers. */
const MANY = 25;

/** How long nothing must come for media to count as gone: a fifth of what would come is more than ten packets. */
const A_WHILE = 600;

/** A page in a call that hears a tone; and a way to let something go wrong with the call or its session. */
async function inACall(t, dialect) {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  t.after(() => page.close());
  const id = randomUUID();
  await page.evaluate(verto, id);
  await connect(page, dialect);
  await page.evaluate(() => window.verto.dial("9198"));
  await flows(page, -1);
  const fault = async (name) => {
    const which = name === "drop" ? "sessid" : "call";
    assert.equal(await here.gateway.fault(`${name}&user=1000&${which}=${id}`), 1);
  };
  return { page, fault };
}

function connect(page, dialect) {
  return page.evaluate((url, name) => window.verto.connect(url, name), here.gateway[dialect], dialect);
}

/** Has the gateway offer new media, and takes it. */
async function isOfferedAnew({ page, fault }) {
  await page.evaluate(() => window.verto.expectAttach());
  await fault("reoffer");
  await page.evaluate(() => window.verto.answerAttach());
}

const received = (page, index) => page.evaluate((at) => window.verto.received(at), index);

/** Waits until packets come in at a peer. */
async function flows(page, index) {
  const before = await received(page, index);
  await until("packets come", async () => await received(page, index) > before + MANY, { within: 40_000 });
}

/** Waits until no packets come in at a peer any more. */
async function stops(page, index) {
  let last = await received(page, index);
  let since = performance.now();
  await until("packets stop", async () => {
    const count = await received(page, index);
    if (count !== last) [last, since] = [count, performance.now()];
    return performance.now() - since > A_WHILE;
  });
}

const inOneBrowser = describeOnce("the recovery tests renew each browser's media in the same ways, by the package");

// They mostly wait, and hear nothing.
inOneBrowser("a call by hand", { concurrency: 4 }, () => {
  here = stage({ together: true });

  for (const dialect of DIALECTS) {
    test(`${dialect}: a browser restarts ICE in the middle of a call, twice`, async (t) => {
      const { page } = await inACall(t, dialect);

      for (let times = 0; times < 2; times += 1) {
        const { before, after } = await page.evaluate(() => window.verto.restart(true));

        assert.notEqual(before, after);
        await flows(page, -1);
      }
    });

    test(`${dialect}: media that is lost until an ICE restart comes back by one`, async (t) => {
      const { page, fault } = await inACall(t, dialect);
      await fault("media=restart");
      await stops(page, -1);
      const isDisconnected = () => page.evaluate(() => /^(?:disconnected|failed)$/.test(window.verto.state(-1)));
      await until("the browser notices", isDisconnected, { within: 40_000 });

      await page.evaluate(() => window.verto.restart(true));

      await flows(page, -1);
    });

    test(`${dialect}: media that is lost until an attach comes back by a new offer`, async (t) => {
      const { page, fault } = await inACall(t, dialect);
      await fault("media=attach");
      await stops(page, -1);
      await page.evaluate(() => window.verto.restart(true));
      await stops(page, -1);

      await isOfferedAnew({ page, fault });

      await flows(page, -1);
    });

    test(`${dialect}: a new offer in the middle of a call takes the place of the old media`, async (t) => {
      const { page, fault } = await inACall(t, dialect);

      for (let times = 0; times < 2; times += 1) {
        await isOfferedAnew({ page, fault });

        await flows(page, -1);
        await stops(page, -2);
      }
    });

    test(`${dialect}: a call comes back after its socket was dropped`, async (t) => {
      const { page, fault } = await inACall(t, dialect);
      await fault("drop");
      // Telnyx's media does not need the socket.
      await (dialect === "telnyx" ? flows : stops)(page, -1);

      await page.evaluate(() => window.verto.expectAttach());
      await connect(page, dialect);
      await page.evaluate(() => window.verto.answerAttach());

      await flows(page, -1);
      await stops(page, -2);
      assert.ok(await page.evaluate(() => window.verto.isSaid("clientReady")));
    });
  }

  test("telnyx: a browser restarts ICE without a candidate", async (t) => {
    const { page } = await inACall(t, "telnyx");

    const { before, after } = await page.evaluate(() => window.verto.restart(false));

    assert.notEqual(before, after);
    await flows(page, -1);
  });

  test("freeswitch: an ICE restart without a candidate costs the audio until a better one", async (t) => {
    const { page } = await inACall(t, "freeswitch");

    const { refused } = await page.evaluate(() => window.verto.restart(false));

    assert.equal(refused, "CODEC NEGOTIATION ERROR");
    await stops(page, -1);
    await page.evaluate(() => window.verto.restart(true));
    await flows(page, -1);
  });
});
