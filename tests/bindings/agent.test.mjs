// An agent between its client and its application: what it orders, what it tells, and what it leaves behind.

import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { describe, test } from "node:test";
import { Scene, failure } from "./agent-scene.mjs";

const item = (id, more) => ({ id, index: 0, role: "user", status: "final", text: "x", images: [], at: 0, ...more });

describe("a tool", () => {
  const called = { id: "f-1", name: "slow", arguments: "{}" };

  async function running() {
    const scene = new Scene();
    const finish = await new Promise((begun) => {
      scene.agent.registerTool({ name: "slow", handler: () => new Promise(begun) });
      scene.start();
      scene.says("tool", called);
    });
    return { scene, finish };
  }

  test("whose result comes while the call is being brought back is answered after that", async () => {
    const { scene, finish } = await running();
    scene.becomes("reconnecting");
    finish(5);
    await turn();
    assert.deepEqual(scene.wishes("toolOutput"), []);
    scene.becomes("dropped");
    assert.deepEqual(scene.wishes("toolOutput"), []);
    scene.becomes("active");
    assert.deepEqual(scene.wishes("toolOutput").map(({ call, id }) => [call, id]), [["c-0", "f-1"]]);
    scene.becomes("held");
    assert.equal(scene.wishes("toolOutput").length, 1, "once");
  });

  test("that runs while the call is on hold is answered at once", async () => {
    const { scene, finish } = await running();
    scene.becomes("held");
    finish(5);
    await turn();
    assert.equal(scene.wishes("toolOutput").length, 1);
  });

  test("that runs while the agent is disposed of is answered, and nothing is told any more", async () => {
    const { scene } = await running();
    const before = scene.told.length;
    scene.agent[Symbol.dispose]();
    scene.agent[Symbol.dispose]();
    await turn();
    assert.match(JSON.stringify(scene.wishes("toolOutput")), /the page has stopped listening/);
    assert.equal(scene.told.length, before);
    scene.becomes("done");
    await turn();
    assert.equal(scene.told.length, before);
  });

  test("that runs when the call ends is told as aborted, and answered to nobody", async () => {
    const { scene } = await running();
    scene.becomes("done");
    await turn();
    assert.deepEqual(scene.of("tool").map(({ status }) => status), ["running", "aborted"]);
    assert.deepEqual(scene.wishes("toolOutput"), []);
  });
});

describe("a message", () => {
  async function said(outcome, options) {
    const scene = new Scene(options);
    scene.start();
    scene.board.outcome = (wish) => wish.do === "say" && outcome(scene, wish.id ?? wish.params?.item.id);
    const delivery = await scene.agent.sendMessage("Hello").catch((error) => error);
    return { scene, delivery, settled: scene.wishes("settle").map(({ isDelivered }) => isDelivered) };
  }

  test("that is answered is confirmed", async () => {
    const { delivery, settled } = await said(() => undefined);
    assert.deepEqual([delivery.confirmed, settled], [true, [true]]);
  });

  test("that is refused or lost is taken back", async () => {
    for (const code of [60104, 45003]) {
      const { delivery, settled } = await said(() => Promise.reject(failure(code)));
      assert.deepEqual([delivery.code, settled], [code, [false]]);
    }
  });

  test("that was under way when the client was closed is taken back, too", async () => {
    const { scene, delivery } = await said((scene, id) => {
      scene.says("item", item(id, { status: "partial" }));
      scene.board.isOpen = false;
      return Promise.reject(failure(60003, "misuse"));
    });
    assert.deepEqual([delivery.code, scene.agent.transcript, scene.of("removed").length], [60003, [], 1]);
  });

  test("that nobody answers may have arrived", async () => {
    const { delivery, settled } = await said(() => Promise.reject(failure(60402)));
    assert.deepEqual([delivery.confirmed, settled], [false, [true]]);
  });

  test("that came back before its reply was lost has arrived: it must not be said twice", async () => {
    for (const code of [60402, 45003]) {
      const { delivery, settled } = await said((scene, id) => {
        scene.says("item", item(id));
        return Promise.reject(failure(code));
      });
      assert.deepEqual([delivery.confirmed, settled], [true, [true]]);
    }
  });

  test("is too long for a frame, and says so", async () => {
    const scene = new Scene();
    scene.start();
    await assert.rejects(scene.agent.sendMessage("x".repeat(1_000_001)), { code: 44002, option: "text" });
    await assert.rejects(scene.agent.sendContext("x".repeat(1_000_001)), { code: 44002, option: "text" });
    assert.deepEqual(scene.wishes("say"), []);
  });

  test("finds no conversation before the call, on hold, after its end, and after the agent's", async () => {
    const scene = new Scene();
    const refusal = () => scene.agent.sendMessage("Hello").then(() => "said", ({ code }) => code);
    const codes = [await refusal()];
    const call = scene.start();
    scene.becomes("held");
    codes.push(await refusal());
    scene.becomes("done", call);
    codes.push(await refusal());
    scene.agent[Symbol.dispose]();
    codes.push(await refusal());
    assert.deepEqual(codes, [60072, 60072, 60072, 60070]);
  });
});

describe("the end", () => {
  test("has the latencies of this call, though the next one begins at once", async () => {
    const scene = new Scene();
    const call = scene.start();
    call.on("ended", () => scene.agent.start());
    scene.says("latency", { of: "greeting", milliseconds: 300 });
    scene.says("latency", { of: "turn", milliseconds: 700 });
    scene.becomes("done");
    await turn();
    assert.deepEqual(scene.of("ended").map(({ latencies }) => latencies), [{ greeting: 300, turns: [700] }]);
    assert.deepEqual(scene.agent.latencies, { turns: [] });
    assert.equal(scene.agent.call.id, "c-1");
  });

  test("is the state, where the module can say nothing any more", async () => {
    const scene = new Scene();
    scene.start();
    scene.says("state", { state: "speaking" });
    scene.board.isOpen = false;
    scene.becomes("done");
    await turn();
    assert.deepEqual([scene.agent.state, scene.of("ended").length], ["ended", 1]);
  });
});

describe("one client", () => {
  test("has one agent at a time, and another one its own", () => {
    const [one, two] = [new Scene(), new Scene()];
    assert.throws(() => one.listen(), { code: 60073 });
    one.start();
    two.start();
    one.says("state", { state: "thinking" });
    assert.deepEqual([one.agent.state, two.agent.state], ["thinking", "idle"]);
    one.agent[Symbol.dispose]();
    one.listen();
    one.says("state", { state: "speaking" });
    assert.equal(one.agent.state, "speaking");
  });

  test("that is closed has none, and an agent of it orders nothing", async () => {
    const scene = new Scene();
    await turn();
    const before = scene.board.orders.length;
    scene.board.isOpen = false;
    assert.throws(() => scene.agent.start(), { code: 60003 });
    assert.throws(() => new Scene().listen.call(scene), { code: 60003 });
    scene.agent[Symbol.dispose]();
    assert.equal(scene.board.orders.length, before);
  });

  test("hears a listener that throws, and the next one hears all the same", async (t) => {
    const reported = [];
    t.mock.method(globalThis, "reportError", (error) => reported.push(error.message));
    const scene = new Scene();
    const heard = [];
    scene.agent.on("state", () => { throw new Error("mine"); });
    scene.agent.on("state", ({ state }) => heard.push(state));
    scene.says("state", { state: "thinking" });
    assert.deepEqual([reported, heard], [["mine"], ["thinking"]]);
  });
});

describe("levels, where the browser allows no sound yet", () => {
  class Context extends EventTarget {
    static open = [];
    state = "suspended";
    sampleRate = 48_000;
    resumed = 0;
    constructor() {
      super();
      Context.open.push(this);
    }
    async resume() {
      this.resumed++;
    }
    async close() {
      this.state = "closed";
    }
    createMediaStreamSource() {
      return { connect() {}, disconnect() {} };
    }
    createAnalyser() {
      return { context: this, getFloatTimeDomainData: (samples) => samples.fill(0.5) };
    }
  }

  test("tell nothing, ask for it once a second, and leave nothing open", async (t) => {
    Object.assign(globalThis, { AudioContext: Context, MediaStream: class {} });
    t.after(() => {
      delete globalThis.AudioContext;
      delete globalThis.MediaStream;
    });
    let now = 5_000;
    t.mock.method(performance, "now", () => now);
    t.mock.timers.enable({ apis: ["setInterval"] });
    const pass = (ms) => {
      for (let passed = 0; passed < ms; passed += 50) {
        now += 50;
        t.mock.timers.tick(50);
      }
    };
    const scene = new Scene({ levels: true });
    const stream = { getAudioTracks: () => [{ readyState: "live" }] };
    scene.board.streams = { local: stream, remote: stream };
    scene.start();
    pass(10_000);
    const [context] = Context.open;
    assert.deepEqual([scene.board.levels, scene.of("levels")], [[], []]);
    assert.ok(context.resumed >= 9 && context.resumed <= 12, `${context.resumed} times in ten seconds`);

    context.state = "running";
    pass(50);
    assert.deepEqual(scene.board.levels, [[-6, -6]]);
    assert.deepEqual(scene.agent.levels, { local: 0.5, remote: 0.5 });
    scene.becomes("held");
    pass(100);
    assert.deepEqual([scene.agent.levels, scene.board.levels.length], [{ local: 0, remote: 0 }, 1]);
    scene.becomes("done");
    pass(1_000);
    assert.deepEqual([Context.open.length, context.state, scene.board.levels.length], [1, "closed", 1]);
  });
});
