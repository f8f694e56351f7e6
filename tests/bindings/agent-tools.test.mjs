// Tools that an agent calls in the page: checked, allowed, run, bounded, and always answered.

import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { describe, mock, test } from "node:test";
import { MOST_CHARACTERS } from "../../js/agent/said.js";
import { Tools } from "../../js/agent/tools.js";

/** Tools, what was told of their runs, and what went to the agent. */
function toolbox(...tools) {
  const told = [];
  const sent = [];
  const box = new Tools(({ status, error }) => told.push(error ? `${status}: ${error}` : status), (id, output) => sent.push({ id, output }));
  for (const tool of tools) box.register(tool);
  const call = (name, args = "{}") => box.run({ id: "f-1", name, arguments: args, callId: "c-1" });
  return { box, told, sent, call };
}

/** What the agent gets for these arguments. */
async function answer(tool, args) {
  const { call, sent } = toolbox({ name: "tool", ...tool });
  await call("tool", args);
  assert.equal(sent.length, 1, "it is answered, once");
  return sent[0].output;
}

const echo = { handler: (args) => args };

describe("what goes to the agent", () => {
  test("is the result, as JSON", async () => {
    assert.equal(await answer({ handler: async ({ a }) => ({ sum: a + 1 }) }, '{"a":1}'), '{"sum":2}');
  });

  for (const [what, value] of [["nothing", undefined], ["a function", () => 1], ["a symbol", Symbol("x")]]) {
    test(`is null, where the result is ${what}`, async () => {
      assert.equal(await answer({ handler: () => value }), "null");
    });
  }

  const circle = {};
  circle.self = circle;
  for (const [what, value] of [["a BigInt", 5n], ["a circle", circle], ["too long", "x".repeat(MOST_CHARACTERS)]]) {
    test(`is an error, where the result is ${what}`, async () => {
      const { error } = JSON.parse(await answer({ handler: () => value }));
      assert.equal(typeof error, "string");
      assert.ok(error.length < 500);
    });
  }

  test("is an error, where the handler throws, whatever it throws", async () => {
    assert.deepEqual(JSON.parse(await answer({ handler: () => { throw new Error("no paper"); } })), { error: "no paper" });
    assert.deepEqual(JSON.parse(await answer({ handler: () => Promise.reject("no ink") })), { error: "no ink" });
    assert.deepEqual(JSON.parse(await answer({ handler: () => Promise.reject(undefined) })), { error: "undefined" });
    assert.deepEqual(JSON.parse(await answer({ handler: () => Promise.reject(Object.create(null)) })), { error: "the tool has failed" });
    const long = await answer({ handler: () => Promise.reject(new Error("no ".repeat(MOST_CHARACTERS))) });
    assert.ok(long.length < MOST_CHARACTERS, "a server would drop the page");
  });

  test("is an error, where there is no such tool or its arguments are not JSON", async () => {
    const { call, sent, told } = toolbox({ name: "one", ...echo });
    await call("two");
    await call("one", "{a:1}");
    assert.deepEqual(sent.map(({ output }) => JSON.parse(output).error), [
      'there is no tool "two" in this page', "the arguments are not JSON",
    ]);
    assert.ok(told.every((status) => status.startsWith("failed: ")), `${told}`);
  });
});

describe("arguments", () => {
  const parameters = Object.freeze({
    type: "object",
    properties: Object.freeze({
      day: { type: "string", format: "date" },
      to: { $ref: "#/$defs/address" },
    }),
    required: ["to"],
    additionalProperties: false,
    $defs: { address: Object.freeze({ type: "object", properties: { street: { type: "string", pattern: "^\\p{Lu}" } }, required: ["street"] }) },
  });

  test("that fit the schema run the tool, and the schema may be frozen", async () => {
    assert.equal(await answer({ ...echo, parameters }, '{"to":{"street":"Ring"}}'), '{"to":{"street":"Ring"}}');
  });

  for (const [why, args] of [
    ["a member is missing", "{}"], ["one too many is there", '{"to":{"street":"Ring"},"x":1}'],
    ["a reference does not fit", '{"to":{"street":5}}'], ["a pattern does not fit", '{"to":{"street":"ring"}}'],
    ["a format does not fit", '{"to":{"street":"Ring"},"day":"tomorrow"}'], ["it is no object", "null"],
  ]) {
    test(`do not run the tool where ${why}`, async () => {
      const handler = mock.fn();
      const { error } = JSON.parse(await answer({ handler, parameters }, args));
      assert.match(error, /^the arguments do not fit the tool's schema: #/);
      assert.equal(handler.mock.callCount(), 0);
    });
  }

  test("are checked as often as the tool is called, by a schema that never changes", async () => {
    const before = JSON.stringify(parameters);
    const { call, told } = toolbox({ name: "tool", ...echo, parameters });
    await call("tool", '{"to":{"street":"Ring"}}');
    await call("tool", "{}");
    await call("tool", '{"to":{"street":"Ring"}}');
    assert.deepEqual(told.map((status) => status.split(":")[0]), ["running", "done", "failed", "running", "done"]);
    assert.equal(JSON.stringify(parameters), before);
  });

  test("tell the agent of a schema that cannot be read", async () => {
    assert.match(JSON.parse(await answer({ ...echo, parameters: { $ref: "#/$defs/nothing" } })).error, /nothing/);
  });

  for (const given of ["", undefined, null, "{}", {}]) {
    test(`are none, where the agent says ${JSON.stringify(given)}`, async () => {
      const { box, sent } = toolbox({ name: "tool", ...echo });
      await box.run({ id: "f-1", name: "tool", arguments: given, callId: "c-1" });
      assert.equal(sent[0].output, "{}");
    });
  }

  test("may be an object already", async () => {
    const { box, sent } = toolbox({ name: "tool", ...echo });
    await box.run({ id: "f-1", name: "tool", arguments: { a: 1 }, callId: "c-1" });
    assert.equal(sent[0].output, '{"a":1}');
  });

  test("never bring a prototype along", async () => {
    const handler = (args) => ({ copied: Object.assign({}, args).isAdmin ?? "nobody", inner: Object.keys(args.a) });
    const said = await answer({ handler }, '{"__proto__":{"isAdmin":true},"a":{"__proto__":{"x":1},"b":2}}');
    assert.deepEqual(JSON.parse(said), { copied: "nobody", inner: ["b"] });
  });

  test("are checked by something that compiles no code", async () => {
    const { readFileSync } = await import("node:fs");
    assert.doesNotMatch(readFileSync(new URL("../../pkg/json-schema.js", import.meta.url), "utf8"), /\beval\(|\bFunction\(/);
  });
});

describe("approval", () => {
  for (const given of [false, undefined, "yes", 1, {}]) {
    test(`of ${JSON.stringify(given)} is a refusal`, async () => {
      const handler = mock.fn();
      const { call, sent, told } = toolbox({ name: "tool", handler, approval: () => given });
      await call("tool");
      assert.deepEqual(JSON.parse(sent[0].output), { error: "the person has not allowed it" });
      assert.deepEqual(told, ["approval", "refused: the person has not allowed it"]);
      assert.equal(handler.mock.callCount(), 0);
    });
  }

  test("that throws is no approval", async () => {
    assert.deepEqual(JSON.parse(await answer({ ...echo, approval: () => Promise.reject(new Error("no dialog")) })), { error: "no dialog" });
  });

  test("takes its time: only the call's end bounds it, and then nothing runs", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const handler = mock.fn();
    let seen;
    const { box, call, sent, told } = toolbox({ name: "tool", handler, approval: (_, { signal }) => new Promise(() => (seen = signal)) });
    const run = call("tool");
    await turn();
    t.mock.timers.tick(3_600_000);
    assert.deepEqual(told, ["approval"]);
    box.abort(true);
    await run;
    assert.deepEqual([told.at(-1), sent, seen.aborted, handler.mock.callCount()], ["aborted: the call has ended", [], true, 0]);
  });
});

describe("a tool that does not end", () => {
  test("is given up after its time; what it says later is nothing", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let finish, seen;
    const handler = (_, { signal }) => new Promise((resolve) => ([finish, seen] = [resolve, signal]));
    const { call, sent, told } = toolbox({ name: "tool", handler, timeout: 2 });
    const run = call("tool");
    await turn();
    t.mock.timers.tick(1_999);
    assert.equal(seen.aborted, false);
    t.mock.timers.tick(1);
    await run;
    finish("late");
    await turn();
    assert.equal(seen.aborted, true);
    assert.deepEqual(JSON.parse(sent[0].output), { error: "the tool has not finished within 2 seconds" });
    assert.deepEqual([told, sent.length], [["running", "aborted: the tool has not finished within 2 seconds"], 1]);
  });

  test("is aborted when the call ends, all of them are, and nobody is answered", async () => {
    const signals = [];
    const { box, call, sent, told } = toolbox({ name: "tool", handler: (_, { signal }) => new Promise(() => signals.push(signal)) });
    const runs = [call("tool"), call("tool")];
    await turn();
    box.abort(true);
    await Promise.all(runs);
    assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true]);
    assert.deepEqual([sent, told.filter((status) => status.startsWith("aborted")).length], [[], 2]);
  });

  test("is aborted when the page stops listening, and the agent is told", async () => {
    const { box, call, sent } = toolbox({ name: "tool", handler: () => new Promise(() => {}) });
    const run = call("tool");
    await turn();
    box.abort(false);
    await run;
    assert.deepEqual(sent.map(({ output }) => JSON.parse(output)), [{ error: "the page has stopped listening" }]);
  });

  test("neither asks nor runs where the call ended while its arguments were checked", async () => {
    const [handler, approval] = [mock.fn(), mock.fn()];
    const { box, call, told } = toolbox({ name: "tool", handler, approval, parameters: { type: "object" } });
    const run = call("tool");
    box.abort(true);
    await run;
    assert.deepEqual([told, handler.mock.callCount(), approval.mock.callCount()], [["aborted: the call has ended"], 0, 0]);
  });
});

describe("registering", () => {
  test("takes what a class makes", async () => {
    class Counter {
      name = "count";
      #count = 0;
      handler() {
        return ++this.#count;
      }
      approval() {
        return this.#count < 2;
      }
    }
    const { call, sent } = toolbox(new Counter());
    for (const name of ["count", "count", "count"]) await call(name);
    assert.deepEqual(sent.map(({ output }) => output), ["1", "2", '{"error":"the person has not allowed it"}']);
  });

  test("takes a name once, and gives it back", async () => {
    const { box, call, sent } = toolbox();
    const undo = box.register({ name: "tool", handler: () => "first" });
    assert.throws(() => box.register({ name: "tool", ...echo }), { code: 60071 });
    undo();
    box.register({ name: "tool", handler: () => "second" });
    undo();
    await call("tool");
    assert.deepEqual(sent, [{ id: "f-1", output: '"second"' }]);
  });

  for (const [what, tool] of [
    ["nothing", undefined], ["no name", echo], ["a name with a space", { ...echo, name: "a b" }], ["no handler", { name: "a" }],
    ["a name that is too long", { ...echo, name: "a".repeat(65) }], ["an approval that is none", { ...echo, name: "a", approval: true }],
    ["no time at all", { ...echo, name: "a", timeout: 0 }], ["too much time", { ...echo, name: "a", timeout: 601 }],
    ["a schema that is none", { ...echo, name: "a", parameters: "object" }],
  ]) {
    test(`refuses ${what}`, () => {
      assert.throws(() => toolbox().box.register(tool), { kind: "misuse", code: 44002 });
    });
  }
});
