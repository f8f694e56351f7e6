// What is loaded when it is needed, and what becomes of a conversation that needs it and cannot have it.

import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { announceTo, late } from "../../js/late.js";
import * as options from "../../js/widget/unjudged.js";
import { OffhookError, loadWords, spell, wordsFor } from "../../js/widget/unworded.js";
import { Scene } from "./agent-scene.mjs";

/** Paths that were announced. */
let asked;
/** Those that cannot be had. */
let isAway;

beforeEach(() => {
  asked = [];
  isAway = () => false;
  announceTo((path) => {
    asked.push(path);
    if (isAway(path)) throw new TypeError("Failed to fetch");
  });
});
after(() => announceTo(() => {}));

const away = (path) => (isAway = (other) => other === path);

/** The first that is told of this event. */
const first = (agent, event) => new Promise((resolve) => agent.on(event, resolve, { once: true }));

test("a file is announced before it is imported, and one that cannot be had says so", async () => {
  assert.equal(await late("a.js", async () => `after ${asked}`), "after a.js");

  away("b.js");
  await assert.rejects(late("b.js", () => assert.fail("it was imported all the same")), { kind: "lost", code: 60403 });
});

describe("an agent", () => {
  test("loads nothing for words", async () => {
    const scene = new Scene();
    scene.start();
    await scene.agent.sendMessage("Hello");
    assert.deepEqual(asked, []);
  });

  test("is answered where what runs a tool cannot be had, and the conversation goes on", async () => {
    away("agent/run.js");
    const scene = new Scene();
    scene.agent.registerTool({ name: "look", handler: () => assert.fail("it ran") });
    scene.start();
    const told = first(scene.agent, "tool");
    scene.says("tool", { id: "f-1", name: "look", arguments: "{}" });

    const { status, error } = await told;
    assert.equal(status, "failed");
    assert.match(error, /cannot load agent\/run\.js/);
    const [{ params }] = scene.wishes("toolOutput");
    assert.match(params.item.output, /cannot load/);
    assert.equal(scene.agent.call.state, "active");
    await scene.agent.sendMessage("Hello");
  });

  test("loads what runs tools with the first one, or when one is asked for that is not there", async () => {
    const [one, other] = [new Scene(), new Scene()];
    one.agent.registerTool({ name: "look", handler() {} });
    assert.deepEqual(asked, ["agent/run.js"]);

    other.start();
    const told = first(other.agent, "tool");
    other.says("tool", { id: "f-2", name: "nothing", arguments: "{}" });
    assert.match((await told).error, /there is no tool "nothing"/);
    assert.deepEqual(asked, ["agent/run.js", "agent/run.js"]);
  });

  test("rejects a picture where what draws it cannot be had, and says the next thing", async () => {
    away("agent/images.js");
    const scene = new Scene();
    scene.start();

    await assert.rejects(scene.agent.sendMessage("Look", { images: ["https://a.example/p.png"] }), { kind: "lost", code: 60403 });
    assert.deepEqual(scene.wishes("say"), []);
    assert.equal((await scene.agent.sendMessage("Hello")).confirmed, true);
  });
});

describe("in the widget", () => {
  test("what it says itself is taken as it is, and what a page gives is judged", async () => {
    assert.equal(options.readText("text", 5), 5);
    options.checkTool({});
    assert.deepEqual(options.readListenOptions(undefined), { once: false, signal: undefined });

    await options.loadJudge();

    assert.deepEqual(asked, ["widget/judge.js"]);
    assert.throws(() => options.readText("text", 5), { code: 44002, option: "text" });
    assert.throws(() => options.checkTool({ name: "look" }), { code: 44002, option: "handler" });
    assert.throws(() => options.checkListener("nothing", () => {}, ["something"]), { option: "event" });
    assert.throws(() => options.checkVolume(2), { option: "volume" });
    assert.throws(() => options.readConnectOptions({}), { option: "login" });
    assert.throws(() => options.readCallOptions({ callId: "a b" }), { option: "callId" });
  });

  test("an error whose words cannot be had has its code, and one that comes later has them", async () => {
    away("widget/words.js");
    const first = new OffhookError({ message: "\ue009 now", kind: "misuse", code: 44001 });
    assert.equal(first.message, "… now");
    await wordsFor(first);
    assert.deepEqual([first.message, first.code, first.name], ["… now", 44001, "OffhookError"]);

    isAway = () => false;
    const second = new OffhookError({ message: "\ue000x: \uf000", serverMessage: "\uf000", kind: "refused", code: 1 });
    const own = new OffhookError({ message: "\ue000\ue001 it", serverMessage: "\ue001 it", kind: "refused", code: 2 });
    await Promise.all([second, own].map(wordsFor));
    assert.match(second.message, /^option `x: /);
    assert.deepEqual([own.message, own.serverMessage], ["option `\ue001 it", "\ue001 it"]);
    assert.equal(spell("\ue000y"), "option `y");
    const third = new OffhookError({ message: "\ue000z", kind: "misuse", code: 44002 });
    assert.deepEqual([third.message, wordsFor(third)], ["option `z", undefined]);
    const length = asked.length;
    await loadWords();
    assert.equal(asked.length, length, "they are loaded once");
  });
});
