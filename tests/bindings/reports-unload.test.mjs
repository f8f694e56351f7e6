// What is reported of calls whose page goes away; with a scripted client, server and clock.

import assert from "node:assert/strict";
import { test } from "node:test";
import { log } from "../../js/log.js";
import { made, page, pass, server, setUp, talk } from "./reports-page.mjs";
import { quiet } from "./reports-scene.mjs";

test("a page that goes away leaves the newest of what was gathered, in no more than browsers take", async () => {
  const diary = log({ level: "info", logger: false });
  const { client } = setUp({ intervalSeconds: 1, log: diary });
  const call = client.talk();
  talk(call, 100);
  diary.write("info", "the last word", undefined, call);

  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  assert.equal(server.posts.length, 1);
  const [{ bytes, keepalive, body }] = server.posts;
  assert.ok(keepalive && bytes <= 61_440 && bytes > 30_000, `${bytes}`);
  assert.deepEqual([body.flushReason, body.segment, body.summary.state], [{ type: "page-unload" }, 0, "active"]);
  assert.ok(body.stats.length > 20 && body.stats.length < 100);
  assert.equal(body.stats.at(-1).intervalEndUtc, "2026-01-01T00:01:40.000Z");
});

test("a page with several calls leaves something of each, in no more than browsers take of all", async () => {
  const { client } = setUp({ intervalSeconds: 1 });
  const calls = [client.talk("a"), client.talk("b"), client.talk("c")];
  for (const call of calls) talk(call, 40);

  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  assert.deepEqual(server.posts.map(({ headers }) => headers["x-call-id"]), calls.map(({ id }) => id));
  assert.ok(server.posts.every(({ body, keepalive }) => keepalive && body.stats.length >= 5));
  const sum = server.posts.reduce((all, { bytes }) => all + bytes, 0);
  assert.ok(sum <= 61_440 && sum > 50_000, `${sum}`);
});

test("what is under way takes its part of what may outlive the page", async () => {
  const { client } = setUp({ intervalSeconds: 1 });
  const [one, other] = [client.talk("a"), client.talk("b")];
  talk(one, 25);
  const answers = [];
  server.answers.push(() => new Promise((resolve) => answers.push(resolve)));
  one.ends();
  await quiet();
  talk(other, 60);

  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  const [ended, left] = server.posts;
  assert.deepEqual([ended.keepalive, left.keepalive], [true, true]);
  assert.ok(ended.bytes + left.bytes <= 61_440, `${ended.bytes} and ${left.bytes}`);
  assert.equal(left.body.stats.at(-1).intervalEndUtc, left.body.summary.endTimestamp);
  // What is answered leaves its room to others.
  answers[0]({ ok: true, status: 200 });
  await quiet();
  talk(other, 5, { first: 61 });
  page.dispatchEvent(new Event("pagehide"));
  await quiet();
  assert.equal(server.posts.length, 3);
});

test("a call that has just ended is left as well, where what is under way is too large to outlive the page", async () => {
  const { client } = setUp({ intervalSeconds: 1 });
  const call = client.talk();
  talk(call, 100);
  server.answers.push(() => new Promise(() => {}));
  call.ends();
  await quiet();

  page.dispatchEvent(new Event("pagehide"));
  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  const [ended, left, ...more] = server.posts;
  assert.deepEqual([ended.keepalive, left?.keepalive, more.length], [false, true, 0]);
  assert.ok(ended.bytes > 61_440 && left.bytes <= 61_440);
  assert.deepEqual([left.body.summary.state, left.body.flushReason], ["done", { type: "page-unload" }]);
  assert.equal(left.body.stats.at(-1).intervalEndUtc, ended.body.stats.at(-1).intervalEndUtc);
});

test("what the server did not take of a call that is over is left once more", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 11);
  server.answers.push(503, 503, 503, 503);
  call.ends();
  await pass(4_000);

  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  assert.deepEqual(server.posts.map(({ body: { stats }, keepalive }) => [stats.length, keepalive]), Array(5).fill([2, true]));
});

test("what is under way already is not left once more", async () => {
  const { client } = setUp();
  const call = client.talk();
  talk(call, 11);
  server.answers.push(() => new Promise(() => {}));
  void made.flush();
  await quiet();
  talk(call, 5, { first: 12 });

  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  assert.deepEqual(server.posts.map(({ body: { segment, stats } }) => [segment, stats.length]), [[0, 2], [1, 1]]);
});

test("what is being handed to the browser counts as left only when it has it: a script may be stopped before", async () => {
  const { client } = setUp({ intervalSeconds: 1 });
  const call = client.talk();
  talk(call, 100);
  server.answers.push(() => {
    page.dispatchEvent(new Event("pagehide"));
    return { ok: true, status: 200 };
  });

  page.dispatchEvent(new Event("pagehide"));
  await quiet();

  const [one, other, ...more] = server.posts.map(({ body: { stats, flushReason } }) => ({ stats, flushReason }));
  assert.ok(one.stats.length > 20);
  assert.deepEqual([other, more], [one, []]);
});
