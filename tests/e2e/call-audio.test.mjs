// What stands between one call and its other party, and where one call is heard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSER } from "../harness/browser.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 60 } });

/** What the microphone says, and what is said instead, in Hz. */
const MICROPHONE = 620;
const INSTEAD = 1500;

async function phoneWithTone() {
  const phone = await signedIn(here.browser, here.gateway);
  await phone.page.evaluate((microphone, instead) => {
    window.phone.speakTone(microphone);
    [window.instead] = window.phone.tone(instead).getTracks();
    window.given = [];
    window.process = (call, returned) => call.processAudio((track) => {
      given.push(track?.readyState ?? "none");
      return returned ?? track;
    });
  }, MICROPHONE, INSTEAD);
  return phone;
}

test("a call that is up speaks through something else, also while it is muted and after it has come back", async () => {
  const phone = await phoneWithTone();
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.hears(MICROPHONE);

  await phone.page.evaluate((id) => window.process(phone.calls.get(id), window.instead), call.id);
  await call.hears(INSTEAD);
  await call.does("mute");
  await call.hears(INSTEAD);
  assert.equal(await phone.page.evaluate(() => window.instead.enabled), true);

  await here.gateway.fault("drop&user=1000");
  await call.passes("reconnecting");
  await call.reaches("active", { within: 30_000 });
  await call.hears(INSTEAD, { within: 30_000 });

  await phone.page.evaluate((id) => phone.calls.get(id).processAudio(), call.id);
  await call.hearsNothing();
  await call.does("unmute");
  await call.hears(MICROPHONE);
  assert.ok((await phone.page.evaluate(() => window.given)).every((state) => state === "live"));
  assert.equal(await phone.page.evaluate(() => window.instead.readyState), "live");
  await phone.close();
});

test("only the call that is meant speaks through it, and another microphone goes through it, too", async () => {
  const phone = await phoneWithTone();
  const [call, other] = [await phone.dial("9196"), await phone.dial("9196")];
  await call.reaches("active");
  await other.reaches("active");

  await phone.page.evaluate((id) => window.process(phone.calls.get(id), window.instead), call.id);
  await call.hears(INSTEAD);
  await other.hears(MICROPHONE);
  await phone.page.evaluate(() => {
    phone.speakTone(900);
    return client.devices.setConstraints({ echoCancellation: false });
  });
  await other.hears(900);
  await call.hears(INSTEAD);
  assert.deepEqual(await phone.page.evaluate(() => window.given), ["live", "live"]);

  const { error } = await call.order("processAudio", 5);
  assert.deepEqual([error.code, error.option], [44002, "process"]);
  await phone.close();
});

test("a call that was made without a voice speaks through what it is given", async () => {
  const phone = await phoneWithTone();
  const call = await phone.dial("9196", { audio: false });
  await call.reaches("active");
  await phone.page.evaluate((id) => window.process(phone.calls.get(id), window.instead), call.id);
  await call.hears(INSTEAD);

  assert.deepEqual(await phone.page.evaluate(() => [watched.requests, given]), [0, ["none"]]);
  await phone.close();
});

test("each call has a loudspeaker of its own, and the others the client's", async () => {
  const phone = await phoneWithTone();
  await phone.page.evaluate(() => {
    window.sinks = [];
    const real = HTMLMediaElement.prototype.setSinkId;
    // Two that are there, on a machine that has one.
    HTMLMediaElement.prototype.setSinkId = async function (id) {
      if (id === "missing") return real.call(this, id);
      if (this.srcObject) window.sinks.push([this, id]);
    };
    window.heardOn = () => [...new Map(window.sinks).values()];
  });
  const [call, other] = [await phone.dial("9196"), await phone.dial("9196")];
  await call.reaches("active");
  await other.reaches("active");

  await call.does("setSpeaker", "headset");
  assert.deepEqual(await phone.page.evaluate(() => heardOn()), ["headset"]);
  await phone.page.evaluate(() => client.devices.setSpeaker("room"));
  assert.deepEqual(await phone.page.evaluate(() => heardOn()), ["headset", "room"]);
  assert.equal(await phone.page.evaluate(() => client.devices.speakerId), "room");

  const { error } = await call.order("setSpeaker", "missing");
  assert.deepEqual([error.kind, error.code, error.option], ["misuse", 44002, "deviceId"]);
  assert.deepEqual(await phone.page.evaluate(() => heardOn()), ["headset", "room"]);
  await call.does("setSpeaker", undefined);
  assert.deepEqual(await phone.page.evaluate(() => heardOn()), ["room", "room"]);
  await phone.page.evaluate(() => client.devices.setSpeaker(undefined));
  assert.deepEqual(await phone.page.evaluate(() => heardOn()), ["", ""]);
  await phone.close();
});

test("a call that the system pauses plays on", async () => {
  const phone = await phoneWithTone();
  await phone.page.evaluate(() => {
    const real = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      if (this.srcObject) window.element = this;
      return real.call(this);
    };
  });
  const call = await phone.dial("9196");
  await call.reaches("active");
  await until("it plays", () => phone.page.evaluate(() => window.element?.currentTime > 0));

  // As a telephone call does on iOS, which leaves it so, and as the key of a headset does.
  await phone.page.evaluate(() => element.pause());
  await until("it plays again", () => phone.page.evaluate(() => !element.paused));

  await call.does("hangup");
  await call.ends();
  assert.equal(await phone.page.evaluate(() => element.srcObject), null);
  await phone.close();
});

test("what throws between a call and its other party is reported, and nothing is said or left open for it", async () => {
  const phone = await phoneWithTone();
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.hears(MICROPHONE);

  await phone.page.evaluate((id) => phone.calls.get(id).processAudio(() => {
    throw new Error("no mixing today");
  }), call.id);
  assert.equal(await phone.page.evaluate(() => watched.peers[0].getSenders()[0].track), null);
  assert.match((await phone.page.evaluate(() => watched.reported)).join(), /no mixing today/);
  await phone.page.evaluate(() => {
    window.said = phone.calls.values().next().value.localStream.getTracks()[0];
    return client.devices.setConstraints({ echoCancellation: false });
  });
  assert.equal(await phone.page.evaluate(() => window.said.readyState), "ended");
  await phone.page.evaluate((id) => phone.calls.get(id).processAudio(), call.id);
  await call.hears(MICROPHONE);
  await phone.close();
});

test("calls are heard as loud as was chosen, those that are up and those to come", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  await phone.page.evaluate(() => {
    window.players = [];
    window.Audio = class extends Audio {
      constructor(...args) {
        super(...args);
        window.players.push(this);
      }
    };
    window.volumes = () => window.players.filter(({ srcObject }) => srcObject).map(({ volume, muted }) => [volume, muted]);
  });
  const first = await phone.dial("9198");
  await first.hears(440);
  assert.deepEqual(await phone.page.evaluate(() => window.volumes()), [[1, false]]);

  const chosen = await phone.page.evaluate(() => {
    const { devices } = window.client;
    devices.setVolume(0.25);
    return devices.volume;
  });
  const second = await phone.dial("9198");
  await second.reaches("active");
  assert.equal(chosen, 0.25);
  await until("both are as loud", async () => {
    return JSON.stringify(await phone.page.evaluate(() => window.volumes())) === "[[0.25,false],[0.25,false]]";
  });

  await phone.page.evaluate(() => window.client.devices.setVolume(0));
  assert.deepEqual(await phone.page.evaluate(() => window.volumes()), [[0, true], [0, true]]);
  const wrong = await phone.page.evaluate(() => {
    try {
      window.client.devices.setVolume(2);
    } catch (error) {
      return error.option;
    }
  });
  assert.equal(wrong, "volume");
  await phone.close();
});
