import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const NOTHING_LIVE = { tracks: 0, audioElements: 0 };

/** What is live of a phone that may be heard or seen: an open microphone, a playing loudspeaker. */
async function live(phone) {
  const { tracks, audioElements } = await phone.leftovers();
  return { tracks, audioElements };
}

/** The pairs of addresses that a browser checks, or will. */
function checks(phone) {
  return phone.page.evaluate(async () => {
    const reports = await Promise.all(watched.peers.map((peer) => peer.getStats()));
    return reports.flatMap((report) => [...report.values()]).filter(({ type }) => type === "candidate-pair");
  });
}

describe("with a microphone that is allowed", () => {
  const here = stage();

  for (const dialect of ["freeswitch", "telnyx"]) {
    test(`${dialect}: a call that was prepared is on the wire at once, and is heard`, async () => {
      const phone = await signedIn(here.browser, here.gateway, { dialect });

      assert.equal(await phone.page.evaluate(() => client.prepare()), true);
      assert.deepEqual(await live(phone), NOTHING_LIVE);
      const { sent, id } = await phone.page.evaluate(async () => {
        const before = watched.frames.length;
        const dialled = window.phone.dial("9196");
        const sent = watched.frames.slice(before).map(({ text }) => JSON.parse(text).method);
        return { sent, id: (await dialled).value };
      });
      const call = phone.call(id);

      assert.match(sent[0], /\.invite$/);
      await call.reaches("active");
      assert.equal((await call.states())[0], "connecting");
      await call.flowsBothWays();
      await call.hears(MICROPHONE_TONE);

      await phone.close();
    });
  }

  test("an incoming call makes its answer ready, silently", async () => {
    const phone = await signedIn(here.browser, here.gateway, { user: "1002" });
    await here.gateway.ring("1002");
    const call = await phone.incoming();
    await until("an answer is made", () => phone.page.evaluate(() => {
      return watched.peers.some(({ localDescription }) => localDescription?.sdp.includes("a=candidate"));
    }));
    assert.deepEqual(await live(phone), NOTHING_LIVE);
    assert.deepEqual(await checks(phone), [], "the gateway's media hears of us before the answer");

    await call.does("answer");

    await call.reaches("active");
    await call.flowsBothWays();
    assert.equal(await phone.page.evaluate(() => watched.peers.length), 1);

    await phone.close();
  });

  test("a call that comes while its description is being applied does not wait for that", async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect: "telnyx" });

    const { sent, id } = await phone.page.evaluate(async () => {
      const { setLocalDescription } = RTCPeerConnection.prototype;
      let goOn;
      const held = new Promise((resolve) => { goOn = resolve; });
      const applying = new Promise((resolve) => {
        RTCPeerConnection.prototype.setLocalDescription = async function (description) {
          resolve();
          await held;
          return setLocalDescription.call(this, description);
        };
      });
      void client.prepare();
      await applying;
      const before = watched.frames.length;
      const { value } = await window.phone.dial("9196");
      const sent = watched.frames.slice(before).map(({ text }) => JSON.parse(text).method);
      goOn();
      return { sent, id: value };
    });

    assert.deepEqual(sent, ["telnyx_rtc.invite"]);
    const call = phone.call(id);
    await call.reaches("active");
    await call.flowsBothWays();
    await phone.close();
  });

  test("on a lost session nothing is prepared, and on a closed client it is Misuse", async () => {
    const phone = await signedIn(here.browser, here.gateway);

    const prepared = await phone.page.evaluate(() => new Promise((resolve) => {
      client.on("reconnecting", () => resolve(client.prepare()));
      watched.sockets.at(-1).close();
    }));

    assert.equal(prepared, false);

    await phone.close();
    const other = await signedIn(here.browser, here.gateway);
    await other.order("close");
    const { error } = await other.order("prepare");
    assert.deepEqual([error?.kind, error?.code], ["misuse", 60003]);
  });

  test("what was prepared and not used goes with the client", async () => {
    const phone = await signedIn(here.browser, here.gateway);

    const ready = await phone.page.evaluate(() => Promise.all([client.prepare(), client.prepare()]));

    assert.deepEqual(ready, [true, true]);
    assert.equal(await phone.page.evaluate(() => watched.peers.length), 1);
    await phone.close();
  });
});

describe("with a microphone that is refused", () => {
  const here = stage({ browser: { microphone: "refused" } });

  test("nothing is prepared, and nothing fails", async () => {
    const phone = await signedIn(here.browser, here.gateway);

    assert.equal(await phone.page.evaluate(() => client.prepare()), false);

    assert.equal((await phone.leftovers()).peers, 0);
    assert.equal(await phone.heard("error"), undefined);
    await phone.close();
  });
});
