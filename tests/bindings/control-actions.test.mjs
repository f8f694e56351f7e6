// Transactions of actions: in order, each settled once, as a whole or not at all.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createCallControl } from "../../js/control.js";
import { ScriptedClient } from "./scripted-calls.mjs";

/** How many random sequences are tried. */
const SEQUENCES = 400;

/** How many turns of the loop a few transactions may take, and how long a turn is on their clock, in ms. */
const MOST_TURNS = 500;
const TURN = 2_000;

/** A deadline that is waited for, in seconds. */
const SOON = 0.005;

function setUp(options) {
  const client = new ScriptedClient();
  const control = createCallControl(client, options);
  const [told, warnings] = [[], []];
  control.on("action", (outcome) => told.push(outcome));
  control.on("warning", (warning) => warnings.push(warning));
  return { client, control, told, warnings };
}

async function quiet() {
  await new Promise((resolve) => setImmediate(resolve));
}

test("actions are carried out in order, and each has its outcome", async () => {
  const { client, control, told } = setUp();
  const a = client.has("a", "active");

  const { fulfilled, outcomes } = await control.request([
    { type: "setMuted", call: a, muted: true },
    { type: "setHeld", call: a, held: true },
    { type: "start", options: { destinationNumber: "b" } },
    { type: "playDtmf", call: a, digits: "42" },
    { type: "end", call: a },
  ]);

  assert.equal(fulfilled, true);
  assert.deepEqual(client.wishes, ["mute a", "hold a", "newCall b", "dtmf 42 a", "hangup a"]);
  assert.deepEqual(outcomes.map(({ status, implied }) => [status, implied]), outcomes.map(() => ["fulfilled", false]));
  assert.equal(outcomes[2].call.name, "b");
  assert.deepEqual(told, outcomes);
});

test("the first failure ends it: what was done is undone, the last one first", async () => {
  const { client, control, told } = setUp({ maximumCalls: 3 });
  const [a, b] = [client.has("a", "active"), client.has("b", "held")];
  client.judge = async (what) => (what === "dtmf" ? "refuse" : "agree");

  const { fulfilled, error, outcomes } = await control.request([
    { type: "setMuted", call: a, muted: true },
    { type: "setHeld", call: b, held: false },
    { type: "start", options: { destinationNumber: "c" } },
    { type: "playDtmf", call: a, digits: "1" },
    { type: "end", call: a },
  ]);

  assert.equal(fulfilled, false);
  assert.equal(error.code, 44001);
  assert.deepEqual(client.wishes, [
    "mute a", "hold a", "unhold b", "hold b", "newCall c", "dtmf 1 a",
    "hangup c", "unhold b", "hold b", "unhold a", "unmute a",
  ]);
  assert.deepEqual([a.state, a.muted, b.state], ["active", false, "held"]);
  assert.deepEqual(outcomes.map(({ action, status, implied, undone }) => [action.type, status, implied, undone]), [
    ["setMuted", "fulfilled", false, true], ["setHeld", "fulfilled", true, true], ["setHeld", "fulfilled", false, true],
    ["setHeld", "fulfilled", true, true], ["start", "fulfilled", false, true], ["playDtmf", "failed", false, undefined],
    ["end", "skipped", false, undefined],
  ]);
  assert.equal(told.length, outcomes.length - 1);
});

test("what is so already is fulfilled at once, and nothing of it is undone", async () => {
  const { client, control } = setUp();
  const a = client.has("a", "held");
  a.muted = true;
  client.judge = async () => "refuse";

  await control.request([
    { type: "setMuted", call: a, muted: true },
    { type: "setHeld", call: a, held: true },
    { type: "playDtmf", call: a, digits: "1" },
  ]);

  assert.deepEqual([a.state, a.muted], ["held", true]);
  assert.deepEqual(client.wishes, ["dtmf 1 a"]);
});

test("transactions wait for each other", async () => {
  const { client, control } = setUp({ exclusive: false });
  const [a, b] = [client.has("a", "active"), client.has("b", "active")];
  const gates = [];
  client.judge = () => new Promise((resolve) => gates.push(resolve));

  const first = control.request([{ type: "setHeld", call: a, held: true }, { type: "setHeld", call: a, held: false }]);
  const second = control.request([{ type: "setHeld", call: b, held: true }]);
  for (const wishes of [["hold a"], ["hold a", "unhold a"], ["hold a", "unhold a", "hold b"]]) {
    await quiet();
    assert.deepEqual(client.wishes, wishes);
    gates.shift()("agree");
  }

  assert.deepEqual([(await first).fulfilled, (await second).fulfilled], [true, true]);
});

test("an action that is not fulfilled in time has failed; what comes of it later is taken back", async () => {
  const { client, control, told, warnings } = setUp();
  const a = client.has("a", "active");
  let agree;
  client.judge = (what) => (what === "hold" ? new Promise((resolve) => (agree = resolve)) : "agree");

  const { error } = await control.request([{ type: "setHeld", call: a, held: true, withinSeconds: SOON }]);
  assert.deepEqual([error.kind, error.code, error.fatal], ["lost", 60461, false]);
  assert.match(error.message, /"setHeld" was not fulfilled within 0\.005 s/);
  agree("agree");
  await quiet();

  assert.equal(a.state, "active");
  assert.deepEqual(client.wishes, ["hold a", "unhold a"]);
  assert.equal(told.length, 1, "it settles once");
  assert.deepEqual(warnings, []);
});

test("what comes late stays if the person has wanted it again since", async () => {
  const { client, control } = setUp();
  const a = client.has("a", "active");
  let agree;
  client.judge = (what) => (what === "hold" ? new Promise((resolve) => (agree = resolve)) : "agree");

  await control.request([{ type: "setHeld", call: a, held: true, withinSeconds: SOON }]);
  agree("agree");
  const again = control.request([{ type: "setMuted", call: a, muted: true }]);
  await again;
  await quiet();

  assert.equal(a.state, "held");
});

test("a call that does not leave in time is ended", async () => {
  const { client, control } = setUp();
  client.judge = () => new Promise(() => {});

  const start = { type: "start", options: { destinationNumber: "b" }, withinSeconds: SOON };
  const { outcomes } = await control.request([start]);

  assert.deepEqual([outcomes[0].status, outcomes[0].undone, outcomes[0].call.state], ["failed", true, "done"]);
});

test("a call that fails as it is started fails with its own error", async () => {
  const { client, control } = setUp();
  client.judge = async () => "refuse";
  await assert.rejects(control.start({ destinationNumber: "b" }), { code: 42001 });
  await assert.rejects(control.start({ destinationNumber: "wrong" }), { code: 44002 });
});

test("a listener that resets keeps what comes next from being done", async () => {
  const { client, control } = setUp();
  const a = client.has("a", "active");
  control.on("action", () => control.reset(), { once: true });

  const { error, outcomes } = await control.request([
    { type: "setMuted", call: a, muted: true }, { type: "start", options: { destinationNumber: "b" } },
  ]);

  assert.equal(error.code, 60065);
  assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "failed"]);
  assert.deepEqual(client.wishes, ["mute a", "hangup a"]);
});

test("a held call that is being brought back is held already", async () => {
  const { client, control } = setUp();
  const a = client.has("a", "active");
  a.becomes("held");
  a.becomes("reconnecting");

  const { fulfilled } = await control.request([{ type: "setHeld", call: a, held: true }]);

  assert.deepEqual([fulfilled, client.wishes, control.held], [true, [], [a]]);
});

test("what cannot be undone is told", async () => {
  const { client, control, warnings } = setUp();
  const a = client.has("a", "active");
  client.judge = async (what) => (what === "hold" ? "agree" : "refuse");

  const { error, outcomes } = await control.request([
    { type: "setHeld", call: a, held: true },
    { type: "playDtmf", call: a, digits: "1" },
  ]);

  assert.equal(error.code, 44001);
  assert.equal(outcomes[0].undone, false);
  assert.deepEqual(warnings.map(({ reason, call }) => [reason, call]), [["notUndone", a]]);
});

/** Lets time pass, whenever nothing happens without it, until all have settled. */
async function settled(promises) {
  const all = Promise.all(promises);
  let isOver = false;
  all.finally(() => (isOver = true)).catch(() => {});
  for (let turn = 0; turn < MOST_TURNS && !isOver; turn += 1) {
    await quiet();
    mock.timers.tick(TURN);
  }
  assert.ok(isOver, "they do not settle");
  return all;
}

/** A generator of its own, so that a sequence can be tried again. */
function seeded(seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = (list) => list[Math.floor(next() * list.length)];
  return { next, pick };
}

/** Any action, sensible or not. */
function anyAction({ pick, next }, calls) {
  const call = pick(calls);
  const action = pick([
    { type: "start", options: { destinationNumber: pick(["x", "y", "wrong"]) } },
    { type: "answer", call }, { type: "end", call },
    { type: "setHeld", call, held: next() < 0.5 }, { type: "setHeld", call, held: next() < 0.5 },
    { type: "setMuted", call, muted: next() < 0.5 }, { type: "playDtmf", call, digits: "1" },
  ]);
  return { ...action, withinSeconds: SOON };
}

/** What a transaction may change and undo, of the calls that it neither answered nor ended. */
function standing(calls) {
  return new Map(calls.map((call) => [call, `${call.state} ${call.muted}`]));
}

test("random sequences: each action settles once, none mingle, and what failed is as it was", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let [undone, failed] = [0, 0];
  for (let seed = 1; seed <= SEQUENCES; seed += 1) {
    const random = seeded(seed);
    const { client, control, told } = setUp({
      exclusive: random.next() < 0.5, resumeHeld: false, maximumCalls: random.pick([2, 4]),
    });
    const calls = ["a", "b", "c"].map((name) => client.has(name, random.pick(["active", "held", "ringing"])));
    client.judge = async (what, call) => {
      const chance = random.next();
      if (chance < 0.04) call.ends();
      if (chance < 0.1) return new Promise(() => {});
      return chance < 0.25 ? "refuse" : "agree";
    };

    for (let round = 0; round < 3; round += 1) {
      const requested = Array.from({ length: random.pick([1, 1, 2]) }, () => {
        return Array.from({ length: random.pick([1, 2, 3, 4]) }, () => anyAction(random, calls));
      });
      const before = standing(client.calls);
      told.length = 0;
      const results = await settled(requested.map((actions) => control.request(actions)));

      for (const [n, { outcomes, fulfilled, error }] of results.entries()) {
        const own = outcomes.filter(({ implied }) => !implied);
        assert.deepEqual(own.map(({ action }) => action.type), requested[n].map(({ type }) => type), `seed ${seed}`);
        assert.equal(fulfilled, outcomes.every(({ status }) => status === "fulfilled"), `seed ${seed}`);
        assert.equal(outcomes.filter(({ status }) => status === "failed").length, error ? 1 : 0, `seed ${seed}`);
        failed += error ? 1 : 0;
      }
      const expected = results.flatMap(({ outcomes }) => outcomes.filter(({ status }) => status !== "skipped"));
      assert.deepEqual(told, expected, `seed ${seed}: told once each, and in the order of the transactions`);
      undone += checkUndone(results, before, seed);
    }
    assert.ok(client.calls.length <= 4, `seed ${seed}: too many calls`);
    control[Symbol.dispose]();
    assert.equal(client.listeners, 0);
  }
  mock.timers.reset();
  assert.ok(failed > SEQUENCES / 4 && undone > SEQUENCES / 8, `${failed} have failed, ${undone} were undone`);
});

/** Holds a transaction that failed, alone and undone without trouble, to what was before. */
function checkUndone(results, before, seed) {
  const [{ fulfilled, outcomes }] = results;
  if (results.length > 1 || fulfilled || outcomes.some(({ undone }) => undone === false)) return 0;
  const isLasting = ({ action }) => ["answer", "end"].includes(action.type);
  const lasting = outcomes.filter(isLasting).map(({ action }) => action.call);
  // A wish that nobody has answered may still come true.
  const open = outcomes.filter(({ error }) => error?.code === 60461).map(({ action }) => action.call);
  for (const [call, stood] of before) {
    if (call.state === "done" || lasting.includes(call) || open.includes(call)) continue;
    assert.equal(`${call.state} ${call.muted}`, stood, `seed ${seed}: ${call.name}`);
  }
  for (const { action, call } of outcomes) {
    if (action.type === "start" && call) assert.equal(call.state, "done", `seed ${seed}`);
  }
  return outcomes.some(({ undone }) => undone) ? 1 : 0;
}
