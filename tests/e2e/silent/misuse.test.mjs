import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn } from "../../harness/phone.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

test("a listener that throws is reported, and the others and the call go on", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  const heard = await phone.page.evaluate(() => {
    const order = [];
    client.on("callState", () => { order.push("first"); throw new Error("thrown by a listener"); });
    client.on("callState", () => { order.push("second"); });
    return new Promise((resolve) => {
      client.on("callState", ({ state }) => state === "active" && resolve(order));
      window.phone.dial("9196");
    });
  });

  assert.deepEqual(heard.slice(0, 2), ["first", "second"]);
  const reported = await phone.page.evaluate(() => watched.reported);
  assert.ok(reported.some((message) => message.includes("thrown by a listener")), `reported: ${reported}`);
  await phone.close();
});

test("a listener may hang up the call that it hears of", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  await phone.page.evaluate(() => {
    client.on("callState", ({ call, state }) => { if (state === "active") call.hangup(); });
  });
  const call = await phone.dial("9196");

  assert.equal((await call.ends()).by, "local");
  assert.deepEqual(await phone.page.evaluate(() => watched.reported), []);
  await phone.close();
});

test("a listener hears what it asked for: once, until it is undone, until its signal aborts", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  const counts = await phone.page.evaluate(async () => {
    const seen = { once: 0, undone: 0, aborted: 0, always: 0 };
    const abort = new AbortController();
    client.on("callState", () => { seen.once += 1; }, { once: true });
    const undo = client.on("callState", () => { seen.undone += 1; });
    client.on("callState", () => { seen.aborted += 1; }, { signal: abort.signal });
    undo();
    abort.abort();
    await new Promise((resolve) => {
      client.on("callState", ({ state }) => { seen.always += 1; if (state === "done") resolve(); });
      window.phone.dial("486");
    });
    return seen;
  });

  assert.deepEqual({ ...counts, always: counts.always > 1 }, { once: 1, undone: 0, aborted: 0, always: true });
  await phone.close();
});

test("methods of a call that has ended are Misuse; hanging up again is nothing", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  const call = await phone.dial("486");
  const reason = await call.ends();

  for (const [method, ...args] of [["answer"], ["hold"], ["unhold"], ["mute"], ["unmute"], ["dtmf", "1"]]) {
    const { error } = await call.order(method, ...args);
    assert.equal(error?.kind, "misuse", `${method}: ${JSON.stringify(error)}`);
    assert.ok(error.isOffhook);
  }
  await call.does("hangup");
  assert.deepEqual((await call.look()).reason, reason);
  await phone.close();
});

test("methods in the wrong state are Misuse, and the call goes on", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  const call = await phone.dial("9182");

  // All in one go: nobody answers, and that has its time.
  const { kinds, state } = await phone.page.evaluate(async (id) => {
    const kinds = {};
    for (const [method, ...args] of [["answer"], ["hold"], ["unhold"], ["dtmf", "12x"]]) {
      kinds[method] = (await window.phone.order(id, method, ...args)).error?.kind;
    }
    return { kinds, state: window.phone.look(id).state };
  }, call.id);
  assert.deepEqual(kinds, { answer: "misuse", hold: "misuse", unhold: "misuse", dtmf: "misuse" });
  assert.match(state, /^(?:new|connecting|ringing)$/, "the call is still being made");
  await phone.close();
});

test("a closed client's calls are over and its methods Misuse", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  const call = await phone.dial("9196");
  await call.reaches("active");

  await phone.order("close");
  assert.equal((await call.look()).state, "done");
  assert.equal((await call.order("hold")).error?.kind, "misuse");
  const { error } = await phone.tryToDial("9196");
  assert.equal(error?.kind, "misuse");
});
