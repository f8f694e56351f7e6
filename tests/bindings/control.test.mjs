// Which of several calls is talked in, with a client that is scripted.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createCallControl } from "../../js/control.js";
import { OffhookError } from "../../js/offhook-error.js";
import { ScriptedClient, failure } from "./scripted-calls.mjs";

/** The one of the test that runs. */
let control;

afterEach(() => control?.[Symbol.dispose]());

function setUp(options, client = new ScriptedClient()) {
  control = createCallControl(client, options);
  const told = [];
  for (const event of ["incomingCall", "rejected", "action", "conferenceEnded", "warning"]) {
    control.on(event, (detail) => told.push({ event, ...detail }));
  }
  const warnings = () => told.filter(({ event }) => event === "warning").map(({ reason }) => reason);
  const events = () => told.map(({ event }) => event).filter((event) => event !== "action");
  return { client, control, told, warnings, events };
}

/** Until all has happened that needs no time. */
async function quiet() {
  await new Promise((resolve) => setImmediate(resolve));
}

/** One who is talked to, one who calls. */
async function talking(options) {
  const set = setUp(options);
  const a = set.client.ring("a");
  await set.control.answer(a);
  set.client.wishes.length = 0;
  return { ...set, a };
}

test("nothing is answered by itself: by default a second call rings, and a third is rejected as busy", async () => {
  const { client, told, a } = await talking();

  const b = client.ring("b");
  const c = client.ring("c");
  await quiet();

  assert.deepEqual([a.state, b.state, c.state], ["active", "ringing", "done"]);
  assert.deepEqual(client.wishes, ["hangup c"]);
  const [first, second, third] = told.filter(({ event }) => event !== "action");
  assert.deepEqual([first.event, first.call, first.others], ["incomingCall", a, []]);
  assert.deepEqual([second.event, second.call, second.others], ["incomingCall", b, [a]]);
  assert.deepEqual([third.event, third.call, third.reason], ["rejected", c, "maximumCalls"]);
});

test("hold and answer: the hold is agreed before the answer is sent, and who was held comes back", async () => {
  const { client, control, a, events } = await talking({ onSecondCall: "holdAndAnswer" });

  const b = client.ring("b");
  await quiet();
  assert.deepEqual(client.wishes, ["hold a", "answer b"]);
  assert.deepEqual([control.active, control.held], [b, [a]]);

  b.ends();
  await quiet();
  assert.deepEqual(client.wishes, ["hold a", "answer b", "unhold a"]);
  assert.equal(control.active, a);
  assert.deepEqual(events(), ["incomingCall"]);
});

test("a hold that is refused: the second call is not answered, rings on, and a warning says why", async () => {
  const { client, a, told, warnings } = await talking({ onSecondCall: "holdAndAnswer" });
  client.judge = async (what) => (what === "hold" ? "refuse" : "agree");

  const b = client.ring("b");
  await quiet();

  assert.deepEqual(client.wishes, ["hold a"]);
  assert.deepEqual([a.state, b.state], ["active", "ringing"]);
  assert.deepEqual(warnings(), ["secondCallFailed"]);
  assert.equal(told.find(({ event }) => event === "warning").error.code, 44001);
  assert.deepEqual(told.filter(({ event }) => event === "incomingCall").at(-1).call, b);
});

test("a caller who gives up while the other is being held: the other one comes back", async () => {
  const { client, a, warnings } = await talking({ onSecondCall: "holdAndAnswer" });
  client.judge = async (what, call) => {
    if (what === "answer") call.ends();
    return "agree";
  };

  client.ring("b");
  await quiet();

  assert.deepEqual(client.wishes, ["hold a", "answer b", "unhold a"]);
  assert.equal(a.state, "active");
  assert.deepEqual(warnings(), ["secondCallFailed"]);
});

test("end and answer", async () => {
  const { client, control, a } = await talking({ onSecondCall: "endAndAnswer" });

  const b = client.ring("b");
  await quiet();

  assert.deepEqual(client.wishes, ["hangup a", "answer b"]);
  assert.deepEqual([a.state, b.state], ["done", "active"]);
  assert.equal(control.active, b);
});

test("end and answer takes the one who is talked to, and who is on hold stays there", async () => {
  const { client, control, a } = await talking({ maximumCalls: 3 });
  const b = client.ring("b");
  await control.holdAndAnswer(b);
  client.wishes.length = 0;

  const c = client.ring("c");
  await control.endAndAnswer(c);
  await quiet();

  assert.deepEqual(client.wishes, ["hangup b", "answer c"]);
  assert.deepEqual([control.active, control.held], [c, [a]]);
});

test("end and answer ends a call that is being set up, too", async () => {
  const { client, control } = setUp();
  client.judge = (what) => (what === "newCall" ? new Promise(() => {}) : "agree");
  client.newCall({ destinationNumber: "dialled" });

  const b = client.ring("b");
  await control.endAndAnswer(b);

  assert.deepEqual(client.wishes.slice(-2), ["hangup dialled", "answer b"]);
});

test("reject is busy to the second only", async () => {
  const { client, a, told } = await talking({ onSecondCall: "reject" });

  const b = client.ring("b");

  assert.deepEqual([a.state, b.state], ["active", "done"]);
  assert.equal(told.at(-1).reason, "policy");
});

test("a function decides for each call, and one that does not makes it ring", async () => {
  const answers = ["reject", "nonsense", new Error("thrown")];
  const given = [];
  const { client, warnings, told } = await talking({
    maximumCalls: 9,
    onSecondCall: (incoming, others) => {
      given.push([incoming.name, others.map(({ name }) => name)]);
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    },
  });

  const [b, c, d] = ["b", "c", "d"].map((name) => client.ring(name));
  await quiet();

  assert.deepEqual([b.state, c.state, d.state], ["done", "ringing", "ringing"]);
  assert.deepEqual(given, [["b", ["a"]], ["c", ["a"]], ["d", ["a", "c"]]]);
  assert.deepEqual(warnings(), ["policyFailed", "policyFailed"]);
  assert.equal(told.filter(({ event }) => event === "warning")[0].error.option, "what onSecondCall() returns");
});

test("while the others only ring, there is nobody to hold or end: it rings", async () => {
  for (const onSecondCall of ["holdAndAnswer", "endAndAnswer"]) {
    const { client, events } = setUp({ onSecondCall });
    const [a, b] = [client.ring("a"), client.ring("b")];
    await quiet();

    assert.deepEqual([a.state, b.state], ["ringing", "ringing"]);
    assert.deepEqual(events(), ["incomingCall", "incomingCall"]);
    control[Symbol.dispose]();
  }
});

test("whom the person has put on hold does not come back by itself", async () => {
  const { client, control, a } = await talking();
  await control.request([{ type: "setHeld", call: a, held: true }]);
  const b = client.ring("b");
  await control.answer(b);

  b.ends();
  await quiet();

  assert.equal(a.state, "held");
});

test("of several the last one comes back, then the one before", async () => {
  const { client, control, a } = await talking({ maximumCalls: 3 });
  const b = client.ring("b");
  await control.answer(b);
  const c = client.ring("c");
  await control.answer(c);
  assert.deepEqual(control.held, [b, a]);

  c.hangup();
  await quiet();
  assert.deepEqual([b.state, a.state], ["active", "held"]);
  b.ends();
  await quiet();
  assert.equal(a.state, "active");
});

test("a call that ends while it rings or is held brings nobody back", async () => {
  const { client, control, a } = await talking({ maximumCalls: 3 });
  const b = client.ring("b");
  await control.answer(b);
  await control.request([{ type: "setHeld", call: b, held: true }]);
  const c = client.ring("c");
  c.ends();
  b.ends();
  await quiet();

  assert.equal(a.state, "held");
});

test("nobody comes back where that is not wanted", async () => {
  const { client, control, a } = await talking({ resumeHeld: false });
  const b = client.ring("b");
  await control.answer(b);
  b.ends();
  await quiet();

  assert.equal(a.state, "held");
});

test("a call that was started and not taken brings back who was held for it", async () => {
  const { client, control, a } = await talking();
  const b = await control.start({ destinationNumber: "b" });
  assert.deepEqual([a.state, b.state], ["held", "connecting"]);

  b.ends({ by: "remote", cause: "USER_BUSY" });
  await quiet();

  assert.equal(a.state, "active");
});

test("who does not come back is told", async () => {
  const { client, control, warnings, told, a } = await talking();
  const b = client.ring("b");
  await control.answer(b);
  client.judge = async () => "refuse";
  b.ends();
  await quiet();

  assert.deepEqual(warnings(), ["notResumed"]);
  assert.equal(told.at(-1).call, a);
});

test("swap, there and back, also twice at once", async () => {
  const { client, control, a } = await talking();
  await assert.rejects(control.swap(), { kind: "misuse", code: 60063 });
  const b = client.ring("b");
  await control.answer(b);
  client.wishes.length = 0;

  await control.swap();
  assert.deepEqual(client.wishes, ["hold b", "unhold a"]);
  assert.deepEqual([control.active, control.held], [a, [b]]);
  await Promise.all([control.swap(), control.swap()]);
  assert.deepEqual([control.active, control.held], [a, [b]]);

  a.ends();
  await quiet();
  assert.equal(control.active, b);
});

test("a swap whose second half is refused is taken back", async () => {
  const { client, control, a } = await talking();
  const b = client.ring("b");
  await control.answer(b);
  client.judge = async (what, call) => (what === "unhold" && call === a ? "refuse" : "agree");

  await assert.rejects(control.swap(), { code: 44001 });

  assert.deepEqual([control.active, control.held], [b, [a]]);
  client.judge = async () => "agree";
  b.ends();
  await quiet();
  assert.equal(a.state, "active", "it is still the control that has held it");
});

test("who was taken back for a transaction that failed is still the control's to bring back", async () => {
  const { client, control, a } = await talking();
  const b = client.ring("b");
  await control.answer(b);
  client.judge = async (what) => (what === "dtmf" ? "refuse" : "agree");

  const { fulfilled } = await control.request([
    { type: "setHeld", call: a, held: false }, { type: "playDtmf", call: a, digits: "1" },
  ]);
  assert.deepEqual([fulfilled, control.active, control.held], [false, b, [a]]);
  b.ends();
  await quiet();

  assert.equal(a.state, "active");
});

test("who is put on hold by the person as well does not come back by itself", async () => {
  const { client, control, a } = await talking();
  const b = client.ring("b");
  await control.answer(b);
  await control.request([{ type: "setHeld", call: a, held: true }]);
  b.ends();
  await quiet();

  assert.equal(a.state, "held");
});

test("a call that is started is told of before it has a microphone", async () => {
  const { client, control } = setUp();
  const seen = [];
  control.on("changed", () => seen.push(control.calls.map(({ name, state }) => `${name} ${state}`).join()));

  await control.start({ destinationNumber: "b" });

  assert.equal(seen[0], "b new");
  assert.deepEqual(client.calls.map(({ state }) => state), ["connecting"]);
});

test("one call too many is not started, and nobody is held for it", async () => {
  const { client, control } = await talking({ maximumCalls: 1 });

  await assert.rejects(control.start({ destinationNumber: "b" }), (error) => {
    return error instanceof OffhookError && error.kind === "misuse" && error.code === 60062;
  });

  assert.deepEqual(client.wishes, []);
});

test("several that are active by other ways are told, and left as they are", async () => {
  const { client, a, warnings } = await talking();
  const b = client.ring("b");
  await b.answer();
  assert.deepEqual(warnings(), ["severalActive"]);
  assert.deepEqual([a.state, b.state], ["active", "active"]);
});

test("without `exclusive` nobody is held, unless that is asked for", async () => {
  const { client, control, a, warnings } = await talking({ exclusive: false, maximumCalls: 3 });
  const b = client.ring("b");
  await control.answer(b);
  assert.deepEqual([a.state, b.state], ["active", "active"]);
  const c = client.ring("c");
  await control.holdAndAnswer(c);

  assert.deepEqual([a.state, b.state, c.state], ["held", "held", "active"]);
  assert.deepEqual(warnings(), []);
});

test("calls from before count, and so do those that come back after a reload", async () => {
  const client = new ScriptedClient();
  const a = client.has("a", "active");
  const { control, told } = setUp({ onSecondCall: "holdAndAnswer" }, client);
  assert.equal(control.active, a);
  const b = client.recover("b");
  assert.deepEqual(control.calls, [a, b]);
  const c = client.ring("c");
  assert.equal(c.state, "done");
  assert.equal(told.at(-1).reason, "maximumCalls");
});

test("a call that is being brought back is held when it is there, and the answer waits for that", async () => {
  const { client, control, a } = await talking();
  a.becomes("reconnecting");
  assert.equal(control.active, a);
  let back;
  client.judge = (what) => (what === "hold" ? new Promise((resolve) => (back = resolve)) : "agree");

  const b = client.ring("b");
  const answered = control.answer(b);
  await quiet();
  assert.deepEqual(client.wishes, ["hold a"]);
  back("agree");
  await answered;

  assert.deepEqual([a.state, b.state], ["held", "active"]);
});

test("a recovered call that turns out to be held needs no hold", async () => {
  const { client, control } = setUp();
  const a = client.recover("a");
  a.hold = async () => {
    throw failure(60006);
  };

  const b = client.ring("b");
  await control.answer(b);
  assert.equal(b.state, "active");
});

test("reset ends every call and settles what waits", async () => {
  const { client, control, a } = await talking();
  client.judge = () => new Promise(() => {});
  const b = client.ring("b");
  const waiting = [control.answer(b), control.request([{ type: "setMuted", call: a, muted: true }])];

  control.reset();

  for (const promise of waiting) await assert.rejects(promise, { code: 60065 });
  assert.deepEqual([a.state, b.state, a.muted], ["done", "done", false]);
  client.judge = async () => "agree";
  const c = client.ring("c");
  await control.answer(c);
  assert.equal(c.state, "active");
});

test("a session that is over settles what waits", async () => {
  const { client, control, a } = await talking();
  client.judge = () => new Promise(() => {});
  const asked = control.request([{ type: "setHeld", call: a, held: true }]);
  await quiet();
  client.tell("error", { error: failure(45003), call: a });
  const error = Object.assign(failure(45003), { fatal: true });
  client.tell("error", { error });

  const result = await asked;
  assert.equal(result.error, error);
  assert.deepEqual(result.outcomes.map(({ status }) => status), ["failed"]);
});

test("a client has one control at a time; disposing leaves calls alone and nobody listening", async () => {
  const { client, control, a } = await talking();
  assert.throws(() => createCallControl(client), { kind: "misuse", code: 60060 });

  const waiting = control.request([{ type: "setHeld", call: a, held: true }]);
  control[Symbol.dispose]();
  control[Symbol.dispose]();

  await assert.rejects(waiting, { code: 60061 });
  assert.throws(() => control.on("changed", () => {}), { code: 60061 });
  await assert.rejects(control.swap(), { code: 60061 });
  assert.deepEqual([a.state, client.listeners, a.listeners], ["active", 0, 0]);
  createCallControl(client)[Symbol.dispose]();
});

test("what is wrong is said before anything is done", async () => {
  const client = new ScriptedClient();
  for (const [options, option] of [
    [5, "options"], [{ onSecondCall: "answer" }, "onSecondCall"], [{ maximumCalls: 0 }, "maximumCalls"],
    [{ exclusive: 1 }, "exclusive"],
  ]) assert.throws(() => createCallControl(client, options), { code: 44002, option });
  const { control, a } = await talking();
  for (const [actions, option] of [
    [[], "actions"], [[5], "actions[0]"], [[{}], "actions[0].type"], [[{ type: "hold" }], "actions[0].type" ],
    [[{ type: "end" }], "actions[0].call"], [[{ type: "end", call: {} }], "actions[0].call"],
    [[{ type: "setHeld", call: a }], "actions[0].held"],
    [[{ type: "setMuted", call: a, muted: 1 }], "actions[0].muted"],
    [[{ type: "end", call: a }, { type: "playDtmf", call: a }], "actions[1].digits"],
    [[{ type: "end", call: a, withinSeconds: 0 }], "actions[0].withinSeconds"],
  ]) await assert.rejects(control.request(actions), { code: 44002, option }, option);
  assert.equal(a.state, "active");
});
