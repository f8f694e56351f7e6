// The tones' own life: the application's sounds, loudspeakers, wrong options, and every way in which they must end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { testOnce } from "../harness/once.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { toneWav } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { withTones } from "../harness/tones.mjs";

const here = stage();

/** None of any region's tones. */
const OWN = 700;
const WAV = `data:audio/wav;base64,${toneWav(OWN).toString("base64")}`;

async function phoneWithTones(options, signIn) {
  const phone = await signedIn(here.browser, here.gateway, signIn);
  return { phone, tones: await withTones(phone, { region: "us", ...options }) };
}

test("a sound of the application's own sounds in a tone's place, and is silent at once when it is over", async () => {
  const { phone, tones } = await phoneWithTones();
  // Resolves once it is there; a call that comes before it rings as in its region.
  assert.equal((await tones.order("setSound", "ringtone", WAV)).error, undefined);

  await here.gateway.ring("1000");
  const call = await phone.incoming();
  await tones.sound(OWN);
  const silentAfter = await phone.page.evaluate(async (id) => {
    const { stop } = AudioScheduledSourceNode.prototype;
    const stopped = new Promise((resolve) => {
      AudioScheduledSourceNode.prototype.stop = function (when) {
        stop.call(this, when);
        resolve(when);
      };
    });
    // By the clock of what is played: a busy machine may be late to look.
    const asked = watched.contexts.find(({ state, isOurs }) => isOurs && state === "running").currentTime;
    phone.order(id, "hangup");
    return (await stopped) - asked;
  }, call.id);

  assert.ok(silentAfter < 0.5, `after ${silentAfter} s`);
  // It has no pauses: what is not heard is over.
  await tones.silence();
  await tones.areOver();
  await phone.close();
});

test("a sound among the options is loaded by itself", async () => {
  const { phone, tones } = await phoneWithTones({ sounds: { busy: WAV } });

  await until("it sounds", async () => {
    if (await phone.page.evaluate(() => tones.sounding.length === 0)) await tones.order("preview", "busy");
    return (await tones.heard()).some((hz) => Math.abs(hz - OWN) <= 12);
  }, { within: 20_000 });

  await tones.areOver();
  await phone.close();
});

test("a tone that is silenced is told and not heard", async () => {
  const { phone, tones } = await phoneWithTones({ sounds: { ringtone: false } });

  await here.gateway.ring("1000");
  await until("it rings", async () => (await tones.told()).at(-1) === "ringtone");
  assert.equal(await phone.page.evaluate(() => loudspeakers.open()), 0);
  await (await phone.incoming()).does("hangup");

  await tones.areOver();
  await phone.close();
});

test("what cannot be loaded or decoded is an event, and the region's tone sounds in its place", async () => {
  const sounds = { ringtone: "/nowhere.wav", busy: "data:audio/wav;base64,AAAA" };
  const { phone, tones } = await phoneWithTones({ sounds });

  await until("both are told", async () => (await tones.log("error")).length === 2);
  const errors = (await tones.log("error")).map(({ code, kind, option }) => ({ code, kind, option }));
  assert.deepEqual(errors.sort((a, b) => a.code - b.code), [
    { code: 44002, kind: "misuse", option: "sounds.busy" }, { code: 60407, kind: "lost", option: undefined },
  ]);
  await here.gateway.ring("1000");
  await tones.sound([660, 880]);
  await (await phone.incoming()).does("hangup");

  await tones.areOver();
  await phone.close();
});

test("a sound is changed for the next time; what fails leaves it as it was", async () => {
  const { phone, tones } = await phoneWithTones();
  const preview = async (hz) => {
    await tones.order("preview", "busy");
    await tones.sound(hz);
    await tones.areOver();
  };

  assert.equal((await tones.order("setSound", "busy", WAV)).error, undefined);
  await preview(OWN);
  assert.equal((await tones.order("setSound", "busy", "/nowhere.wav")).error.code, 60407);
  await preview(OWN);
  await phone.page.evaluate(() => tones.setSound("busy", undefined));
  await preview([480, 620]);

  await phone.close();
});

test("the ringtone has a loudspeaker of its own", async () => {
  const { phone, tones } = await phoneWithTones();
  // Firefox lists loudspeakers to who may use the microphone, and does.
  const call = await phone.dial("9196");
  await call.reaches("active");
  const device = await phone.page.evaluate(async () => {
    const speakers = await client.devices.speakers();
    return speakers.find(({ deviceId }) => deviceId !== "" && deviceId !== "default")?.deviceId;
  });
  assert.ok(device, "this browser lists no loudspeaker");
  await call.does("hangup");
  await call.ends();

  assert.equal((await tones.order("setOutput", "ring", device)).error, undefined);
  await here.gateway.ring("1000");
  await tones.sound([660, 880]);
  const [sink] = await phone.page.evaluate(() => loudspeakers.sinks());
  // Where an AudioContext has no device of its own, an audio element plays it.
  const elements = await phone.page.evaluate(() => loudspeakers.elements());
  assert.ok(sink === device || elements === 1, `it plays through ${sink}`);
  await phone.page.evaluate(() => tones.setOutput("ring", undefined));
  await tones.sound([660, 880]);
  const { error } = await tones.order("setOutput", "ring", "nobody");
  assert.deepEqual(error, { code: 44002, kind: "misuse", option: "deviceId" });
  await (await phone.incoming()).does("hangup");

  await tones.areOver();
  await phone.close();
});

test("a loudspeaker that is gone is an event, and the system's plays", async () => {
  const { phone, tones } = await phoneWithTones({ devices: { ring: "gone" } });

  await tones.order("preview", "ringtone");
  await tones.sound([660, 880]);
  const [{ code, kind, option }] = await tones.log("error");
  assert.deepEqual({ code, kind, option }, { code: 44002, kind: "misuse", option: "devices.ring" });

  await tones.areOver();
  await phone.close();
});

const asOne = testOnce("every end comes to the first one, which is asked of all browsers");

for (const [name, end, ask] of [
  ["they are disposed of", () => tones[Symbol.dispose](), test],
  ["their client is closed", () => void client.close(), asOne],
  ["their client is disposed of", () => client[Symbol.dispose](), asOne],
  ["Offhook has a defect", async () => (await import("/js/death.js")).die(), asOne],
]) {
  ask(`nothing sounds any more once ${name}, whatever it was`, async () => {
    for (const begin of ["ring", "dial", "busy", "key"]) {
      const { phone, tones } = await phoneWithTones({ endSeconds: 30 }, { user: "1001" });
      if (begin === "ring") await here.gateway.ring("1001");
      if (begin === "dial") await phone.dial("9182");
      if (begin === "busy") await phone.dial("486");
      if (begin === "key") await tones.order("preview", "busy");
      await until(`${begin}: it sounds`, async () => (await tones.heard()).length > 0);
      if (begin === "key") await tones.order("key", "1");

      await phone.page.evaluate(end);

      await tones.areOver();
      const open = () => phone.page.evaluate(() => watched.contexts.filter(({ state }) => state !== "closed").length);
      await untilEqual("no AudioContext is left beside the ears' own", 1, open);
      const ofTones = ({ timers }) => timers.filter((timer) => timer.includes("/js/tones"));
      await until("no timer is left", async () => ofTones(await phone.leftovers()).length === 0);
      await phone.page.close();
    }
  });
}

test("tones that were disposed of take no orders, and a closed client gets none", async () => {
  const { phone, tones } = await phoneWithTones();
  await phone.page.evaluate(() => tones[Symbol.dispose]());

  const orders = [["key", "5"], ["preview", "busy"], ["setSound", "busy", false], ["on", "sounding", null]];
  for (const [method, ...args] of orders) {
    assert.equal((await tones.order(method, ...args)).error?.code, 60003, method);
  }
  await phone.page.evaluate(() => tones[Symbol.dispose]());
  await phone.order("close");
  const code = await phone.page.evaluate(async () => {
    const { createTones } = await import("/js/tones.js");
    try {
      createTones(client);
    } catch (error) {
      return error.code;
    }
  });
  assert.equal(code, 60003);
  await phone.page.close();
});

test("a wrong option is refused by its name, before anything sounds", async () => {
  const { phone } = await phoneWithTones();

  const named = await phone.page.evaluate(async () => {
    const { createTones } = await import("/js/tones.js");
    const { OffhookError } = await import("/js/index.js");
    const wrong = [
      null, 5, { region: "mars" }, { ringbackFrom: "never" }, { endSeconds: -1 }, { endSeconds: 31 }, { vibrate: 1 }, { dtmf: 1 },
      { volume: 1 }, { volume: { ring: 2 } }, { volume: { call: "loud" } }, { volume: { all: 1 } },
      { devices: { ring: 5 } }, { sounds: { ringtone: 5 } }, { sounds: { ringTone: "/a.wav" } },
    ];
    return wrong.map((options) => {
      try {
        createTones(client, options)[Symbol.dispose]();
        return "taken";
      } catch (error) {
        return error instanceof OffhookError && error.kind === "misuse" ? error.option : String(error);
      }
    });
  });

  assert.deepEqual(named, [
    "taken", "options", "region", "ringbackFrom", "endSeconds", "endSeconds", "vibrate", "dtmf", "volume",
    "volume.ring", "volume.call", "volume.all", "devices.ring", "sounds.ringtone", "sounds.ringTone",
  ]);
  const orders = [
    ["setRegion", "mars"], ["setVolume", "ear", 1], ["setVolume", "call", -1], ["volume", "ear"],
    ["setOutput", "ear", "x"], ["setSound", "beep", false], ["setSound", "busy", 5], ["preview", "beep"], ["key", 5], ["on", "song", null],
  ];
  const options = await phone.page.evaluate(async (given) => {
    const found = [];
    for (const [method, ...args] of given) {
      const outcome = (async () => tones[method](...args))();
      found.push(await outcome.catch(({ option }) => option));
    }
    return found;
  }, orders);
  assert.deepEqual(options, [
    "region", "output", "volume", "output", "output", "tone", "source", "tone", "digit", "event",
  ]);
  await phone.page.evaluate(() => tones[Symbol.dispose]());
  await phone.close();
});

test("a telephone shakes while it rings, and no longer", async () => {
  const { phone, tones } = await phoneWithTones({ vibrate: true });
  await phone.page.evaluate(() => {
    window.shaken = [];
    Object.defineProperty(navigator, "vibrate", { value: (pattern) => shaken.push(pattern), configurable: true });
  });

  await here.gateway.ring("1000");
  await tones.sound([660, 880]);
  await (await phone.incoming()).does("hangup");
  await tones.areOver();

  const shaken = await phone.page.evaluate(() => shaken);
  assert.equal(shaken.length, 2);
  assert.deepEqual([shaken[0].slice(0, 4), shaken[1]], [[2000, 4000, 2000, 4000], 0]);
  await phone.close();
});
