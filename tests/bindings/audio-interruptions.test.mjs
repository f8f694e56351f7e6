// What an audio session does when the system takes the sound and gives it back, with tracks that a test mutes and ends.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { clearDesk, sessionAt, setDesk, Track, turn } from "./desk.mjs";

/** Longer than what is no interruption yet. */
const LASTING_MS = 600;

const HELD = ["interrupted muted 1", "deactivated interrupted"];
const RESUMED = ["resumed muted 1", "activated interrupted"];

let desk;
beforeEach(() => {
  desk = setDesk([{ kind: "audioinput", deviceId: "built-in", label: "Built-in" }]);
});
afterEach(clearDesk);

/** A call that is up, and what the session tells. */
function calling(options) {
  const { session, told } = sessionAt(desk, options);
  const system = (event, how) => desk.client.devices.microphoneTrack.become(event, how);
  return { session, told, call: desk.client.call(), system };
}

/** Signs out, and holds the session to having nothing left. */
async function leavesNothing({ session, told }) {
  desk.client.close();
  await turn();
  const before = told.length;
  await desk.pass(2_000);
  assert.equal(told.length, before, "it told something after the end");
  assert.deepEqual(desk.open(), []);
  assert.throws(() => session.setAudioEnabled(false), ({ kind, code }) => kind === "misuse" && code === 60003);
}

describe("a cellular call", () => {
  for (const [scenario, name] of [
    ["A", "is accepted, and its other side hangs up"], ["B", "is accepted, and hung up here"],
    ["D", "rings for long and is ignored"], ["E", "rings for long, and is given up there"],
  ]) {
    test(`${scenario}: ${name}: the call is on hold meanwhile, and resumes`, async () => {
      const phone = calling();
      await desk.pass(1_000);

      phone.system("mute");
      await desk.pass(LASTING_MS);
      assert.deepEqual([phone.call.state, phone.told], ["held", HELD]);
      assert.deepEqual(phone.session.interruption, { calls: [phone.call], why: "muted" });
      assert.equal(phone.session.active, false);
      await desk.pass(20_000);
      phone.system("unmute");
      await turn();
      await turn();

      assert.deepEqual([phone.call.state, phone.told], ["active", [...HELD, ...RESUMED]]);
      assert.deepEqual(phone.call.orders, ["hold", "unhold"]);
      assert.deepEqual([phone.session.interruption, phone.session.active], [undefined, true]);
      await leavesNothing(phone);
    });
  }

  test("A, where the microphone ended: it is opened anew when the page is seen again, and resumes", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("ended");
    await desk.pass(LASTING_MS);
    assert.deepEqual([phone.call.state, phone.told], ["held", ["interrupted ended 1", "deactivated interrupted"]]);
    await desk.happens("visibilitychange");
    await desk.pass(100);

    assert.equal(phone.call.state, "active");
    assert.equal(desk.client.devices.microphoneTrack.readyState, "live");
    await leavesNothing(phone);
  });

  test("C: is rejected at once: nothing is held", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(450);
    phone.system("unmute");
    await desk.pass(2_000);
    phone.system("mute");
    await desk.pass(450);
    phone.system("unmute");
    await desk.pass(2_000);

    assert.deepEqual([phone.call.orders, phone.told], [[], []]);
    await leavesNothing(phone);
  });
});

describe("another application", () => {
  test("F: played a video and stopped, and nothing tells of its end: the page that is seen again resumes", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(LASTING_MS);
    phone.system("unmute", { silently: true });
    await desk.pass(3_000);
    assert.equal(phone.call.state, "held");
    await desk.happens("pageshow");
    await turn();

    assert.deepEqual([phone.call.state, phone.told], ["active", [...HELD, ...RESUMED]]);
    await leavesNothing(phone);
  });

  test("G: goes on playing and keeps the microphone: the call stays held until it can be had", async () => {
    const phone = calling();
    await desk.pass(1_000);
    desk.client.devices.busy.add(undefined);

    phone.system("ended");
    await desk.pass(LASTING_MS);
    await desk.happens("focus");
    await desk.pass(1_000);
    assert.equal(phone.call.state, "held");
    await assert.rejects(phone.session.resume(), desk.client.refusal);
    assert.equal(phone.call.state, "held");
    desk.client.devices.busy.clear();
    await phone.session.resume();

    assert.equal(phone.call.state, "active");
    assert.deepEqual(phone.call.orders, ["hold", "unhold"]);
    await leavesNothing(phone);
  });

  test("H: is killed, and the end is told only when the page is active again", async () => {
    const phone = calling();
    await desk.pass(1_000);

    desk.document.visibilityState = "hidden";
    phone.system("mute");
    await desk.pass(LASTING_MS);
    phone.system("unmute", { silently: true });
    await desk.happens("visibilitychange");
    assert.equal(phone.call.state, "held", "a page that is hidden looked");
    desk.document.visibilityState = "visible";
    await desk.happens("visibilitychange");
    await turn();

    assert.equal(phone.call.state, "active");
    await leavesNothing(phone);
  });
});

describe("beside a telephone call of the system's own screen", () => {
  test("the order is hold, off, unhold, on", async () => {
    const phone = calling();
    phone.session.on("deactivated", () => phone.call.orders.push(`off ${phone.call.state}`));
    phone.session.on("activated", () => phone.call.orders.push(`on ${phone.call.state}`));
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(LASTING_MS);
    phone.system("unmute");
    await desk.pass(100);

    assert.deepEqual(phone.call.orders, ["hold", "off held", "unhold", "on active"]);
    await leavesNothing(phone);
  });

  test("A: hold and accept, ended here: it resumes", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(60_000);
    phone.system("unmute");
    await desk.pass(100);

    assert.equal(phone.call.state, "active");
    await leavesNothing(phone);
  });

  test("B: ended there, with autoResume off: it stays on hold until the page resumes it", async () => {
    const phone = calling({ autoResume: false });
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(LASTING_MS);
    phone.system("unmute");
    await desk.pass(5_000);
    assert.deepEqual([phone.call.state, phone.told], ["held", [...HELD, "resumable muted 1"]]);
    await phone.session.resume();

    assert.deepEqual(phone.told, [...HELD, "resumable muted 1", ...RESUMED]);
    assert.equal(phone.call.state, "active");
    await leavesNothing(phone);
  });

  test("C: the person switches back and takes it off hold: nobody holds it again, nor resumes it twice", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(LASTING_MS);
    await phone.call.unhold();
    await desk.pass(3_000);
    assert.deepEqual([phone.call.state, phone.told], ["active", [...HELD, "resumed muted 0", "activated interrupted"]]);
    phone.system("unmute");
    await desk.pass(3_000);

    assert.deepEqual(phone.call.orders, ["hold", "unhold"]);
    phone.system("mute");
    await desk.pass(LASTING_MS);
    assert.equal(phone.call.state, "held", "the next one is another");
    await leavesNothing(phone);
  });

  for (const [scenario, event] of [["D: rejected", "focus"], ["E: ignored", "visibilitychange"]]) {
    test(`${scenario}: nothing is held`, async () => {
      const phone = calling();
      await desk.pass(1_000);

      phone.system("mute");
      await desk.pass(200);
      phone.system("unmute");
      await desk.happens(event);
      await desk.pass(5_000);

      assert.deepEqual([phone.call.state, phone.call.orders, phone.told], ["active", [], []]);
      await leavesNothing(phone);
    });
  }
});

describe("only what was held for it", () => {
  test("is taken off hold: what the person holds stays, before and meanwhile", async () => {
    const phone = calling();
    const other = desk.client.call();
    await other.hold();
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(LASTING_MS);
    await phone.call.unhold();
    await phone.call.hold();
    phone.system("unmute");
    await desk.pass(1_000);

    assert.deepEqual([phone.call.state, other.state], ["held", "held"]);
    await leavesNothing(phone);
  });

  test("a call that the page resumes while it lasts is not held again for it", async () => {
    const phone = calling();
    await desk.pass(1_000);
    desk.client.devices.setMicrophone = async () => {};

    phone.system("mute");
    await desk.pass(LASTING_MS);
    await phone.session.resume();
    await desk.pass(3_000);
    assert.deepEqual([phone.call.state, phone.call.orders], ["active", ["hold", "unhold"]]);
    phone.system("unmute");
    await desk.pass(1_000);
    phone.system("mute");
    await desk.pass(LASTING_MS);

    assert.equal(phone.call.state, "held", "the next one is another");
    await leavesNothing(phone);
  });

  test("a call that ends meanwhile ends the interruption", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(LASTING_MS);
    phone.call.becomes("done");
    await turn();

    assert.deepEqual(phone.told, [...HELD, "resumed muted 0", "activated interrupted"]);
    assert.equal(phone.session.interruption, undefined);
    await leavesNothing(phone);
  });

  test("a call that comes back while it lasts is held, too", async () => {
    const phone = calling();
    const other = desk.client.call();
    await desk.pass(1_000);

    other.becomes("reconnecting");
    phone.system("mute");
    await desk.pass(LASTING_MS);
    assert.deepEqual([phone.call.state, other.state], ["held", "reconnecting"]);
    other.becomes("active");
    await desk.pass(100);
    assert.equal(other.state, "held");
    phone.system("unmute");
    await desk.pass(100);

    assert.deepEqual([phone.call.state, other.state], ["active", "active"]);
    await leavesNothing(phone);
  });

  test("a hold that is refused is told once, and not asked for again", async () => {
    const phone = calling();
    await desk.pass(1_000);
    phone.call.refuses.add("hold");

    phone.system("mute");
    await desk.pass(10_000);

    assert.deepEqual(phone.call.orders, ["hold"]);
    assert.equal(phone.told.filter((event) => event.startsWith("error")).length, 1);
    assert.equal(phone.session.active, true);
    await leavesNothing(phone);
  });

  test("an interruption that is over before the hold is agreed on is undone after it", async () => {
    const phone = calling();
    await desk.pass(1_000);
    let agree;
    phone.call.hold = () => new Promise((resolve) => {
      agree = () => {
        phone.call.becomes("held");
        resolve();
      };
    });

    phone.system("mute");
    await desk.pass(LASTING_MS);
    phone.system("unmute");
    await desk.pass(1_000);
    agree();
    await desk.pass(100);

    assert.deepEqual([phone.call.state, phone.told], ["active", ["interrupted muted 1", "resumed muted 1"]]);
    await leavesNothing(phone);
  });
});

describe("no interruption", () => {
  test("hiding the page never holds", async () => {
    const phone = calling();
    await desk.pass(1_000);

    desk.document.visibilityState = "hidden";
    await desk.happens("visibilitychange");
    await desk.pass(60_000);

    assert.deepEqual([phone.call.orders, phone.told], [[], []]);
    await leavesNothing(phone);
  });

  test("a microphone that is muted from the start was not taken away", async () => {
    const { session, told } = sessionAt(desk);
    const track = desk.client.devices.microphoneTrack = new Track();
    track.become("mute", { silently: true });
    desk.client.call();
    await desk.pass(5_000);

    assert.deepEqual(told, []);
    await leavesNothing({ session, told });
  });

  test("a microphone that the entry has replaced at once", async () => {
    const phone = calling();
    await desk.pass(1_000);

    phone.system("ended");
    await desk.client.devices.setMicrophone(undefined);
    desk.client.tell("warning", { code: 61102 });
    await desk.pass(2_000);

    assert.deepEqual([phone.call.orders, phone.told], [[], []]);
    await leavesNothing(phone);
  });

  test("with interruptions off nothing is held", async () => {
    const phone = calling({ interruptions: false });
    await desk.pass(1_000);

    phone.system("mute");
    await desk.pass(5_000);
    await phone.session.resume();

    assert.deepEqual([phone.call.orders, phone.told], [[], []]);
    await leavesNothing(phone);
  });
});

test("an AudioContext that the system stops is an interruption, one that waits for a touch is none", async () => {
  const phone = calling();
  phone.session.levels(phone.call, () => {});
  await desk.pass(1_000);
  const [context] = desk.open();

  context.become("interrupted");
  await desk.pass(LASTING_MS);
  assert.deepEqual([phone.call.state, phone.told[0]], ["held", "interrupted context 1"]);
  context.become("running");
  await desk.pass(100);

  assert.equal(phone.call.state, "active");
  await leavesNothing(phone);
});

test("reset forgets an interruption and leaves the call on hold; the microphone is opened anew", async () => {
  const phone = calling();
  await desk.pass(1_000);

  phone.system("mute");
  await desk.pass(LASTING_MS);
  phone.session.setAudioEnabled(false);
  await phone.session.reset();
  await desk.pass(1_000);

  assert.deepEqual([phone.call.state, phone.session.active, phone.session.audioEnabled], ["held", true, true]);
  assert.deepEqual(desk.client.devices.orders, [["microphone", undefined]]);
  await leavesNothing(phone);
});
