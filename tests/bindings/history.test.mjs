// The history of a client's calls, in a database that the next page opens, too.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import fc from "fast-check";
import { OffhookError } from "offhook";
import { openDirectory, openHistory } from "offhook/directory";
import { until } from "../harness/poll.mjs";
import { ScriptedClient } from "./exchange.mjs";

const opened = [];
let names = 0;

/** Opens a history, each with a database of its own unless it has a name. */
async function open(client, options) {
  const history = await openHistory(client, { name: `history ${names += 1}`, ...options });
  opened.push(history);
  return history;
}

afterEach(() => {
  for (const history of opened.splice(0)) history[Symbol.dispose]();
  mock.timers.reset();
});

function isMisuse(option) {
  return (error) => error instanceof OffhookError && error.kind === "misuse" && error.option === option;
}

/** Lets time pass on the clock that calls are timed by. */
function seconds(count) {
  mock.timers.setTime(Date.now() + count * 1000);
}

const HANGUP = { cause: "NORMAL_CLEARING", causeCode: 16, by: "remote" };

test("a call that was answered has its times, its talk, and why it ended", async () => {
  mock.timers.enable({ apis: ["Date"], now: new Date("2026-11-21T12:00:00Z") });
  const client = new ScriptedClient();
  const history = await open(client);

  const call = client.ring({ remoteNumber: "+49301234567", remoteName: "Ada" });
  seconds(5);
  call.becomes("connecting");
  call.becomes("active", { answeredAt: new Date() });
  assert.deepEqual([history.list()[0].outcome, history.list()[0].endedAt], [undefined, undefined]);
  seconds(61.6);
  call.ends(HANGUP);

  assert.deepEqual(history.list(), [{
    id: call.id, direction: "inbound", number: "+49301234567", name: "Ada", label: undefined,
    startedAt: new Date("2026-11-21T12:00:00Z"), answeredAt: new Date("2026-11-21T12:00:05Z"),
    endedAt: new Date("2026-11-21T12:01:06.600Z"), duration: 62, outcome: "answered", reason: HANGUP,
  }]);
  assert.ok(Object.isFrozen(history.list()[0]));
});

/** What befalls a call before its end. */
const answers = (call) => call.becomes("active", { answeredAt: new Date(), connectedAt: new Date() });
const fails = (call) => call.fails(new Error("the microphone"));
const isRefused = (call) => call.fails({ fatal: true, kind: "media", media: "permissionDenied" });
const speaks = (call) => Object.assign(call, { localStream: {} }).becomes("active");
const isBroughtBack = (call) => Object.assign(call, { localStream: undefined }).becomes("reconnecting");
const takes = (call) => call.becomes("connecting");

for (const [direction, course, reason, outcome] of [
  ["inbound", [], { cause: "ORIGINATOR_CANCEL", causeCode: 487, by: "remote" }, "missed"],
  ["inbound", [], { cause: "NO_ANSWER", causeCode: 19, by: "remote" }, "missed"],
  ["inbound", [], { by: "network" }, "missed"],
  ["inbound", [], { cause: "USER_BUSY", causeCode: 17, by: "local" }, "rejected"],
  ["inbound", [], { cause: "LOSE_RACE", causeCode: 702, by: "remote" }, "answeredElsewhere"],
  ["inbound", [], { cause: "PICKED_OFF", causeCode: 805, sipCode: 487, by: "remote" }, "answeredElsewhere"],
  ["inbound", [takes], { cause: "ORIGINATOR_CANCEL", causeCode: 487, by: "remote" }, "missed"],
  ["inbound", [takes, fails], { by: "local" }, "failed"],
  ["inbound", [takes], { by: "server" }, "failed"],
  // The gateway has taken it up, and the person has no microphone for it.
  ["inbound", [takes, answers, isRefused], { cause: "NORMAL_CLEARING", causeCode: 16, by: "local" }, "failed"],
  ["outbound", [answers, isRefused], { cause: "NORMAL_CLEARING", causeCode: 16, by: "local" }, "failed"],
  ["outbound", [answers, speaks, isBroughtBack, isRefused], { by: "local" }, "answered"],
  ["outbound", [answers, fails], { by: "local" }, "answered"],
  ["inbound", [takes, answers], { by: "network" }, "answered"],
  ["outbound", [], { cause: "ORIGINATOR_CANCEL", causeCode: 487, by: "local" }, "cancelled"],
  ["outbound", [fails], { by: "local" }, "failed"],
  ["outbound", [], { cause: "USER_BUSY", causeCode: 17, by: "remote" }, "busy"],
  ["outbound", [], { cause: "NORMAL_CLEARING", sipCode: 486, by: "remote" }, "busy"],
  ["outbound", [], { cause: "CALL_REJECTED", causeCode: 21, by: "remote" }, "rejected"],
  ["outbound", [], { cause: "CALL_REJECTED", causeCode: 21, sipCode: 603, by: "remote" }, "rejected"],
  ["outbound", [], { cause: "CALL_REJECTED", causeCode: 21, sipCode: 403, by: "remote" }, "failed"],
  ["outbound", [], { cause: "NO_ANSWER", causeCode: 19, by: "remote" }, "missed"],
  ["outbound", [], { cause: "RECOVERY_ON_TIMER_EXPIRE", causeCode: 102, by: "remote" }, "missed"],
  ["outbound", [], { cause: "UNALLOCATED_NUMBER", causeCode: 1, sipCode: 404, by: "remote" }, "failed"],
  ["outbound", [], { by: "timeout" }, "failed"],
  ["outbound", [], { by: "network" }, "failed"],
  ["outbound", [answers], { cause: "USER_BUSY", causeCode: 17, by: "remote" }, "answered"],
]) {
  const words = [direction, ...course.map(({ name }) => name), reason.cause ?? "", reason.sipCode ?? "", "by", reason.by];
  test(`${words.filter(Boolean).join(" ")} is ${outcome}`, async () => {
    const client = new ScriptedClient();
    const history = await open(client);

    const call = direction === "inbound" ? client.ring({ remoteNumber: "1000" }) : client.dial("1000");
    for (const befalls of course) befalls(call);
    call.ends(reason);

    const [entry] = history.list();
    assert.deepEqual([entry.outcome, entry.direction, entry.number, entry.reason], [outcome, direction, "1000", reason]);
    assert.equal(entry.answeredAt !== undefined, course.includes(answers));
  });
}

test("a call that was kept away is blocked, whoever listened first, and until its caller gives up it is up", async () => {
  const client = new ScriptedClient();
  const before = await open(client);
  const directory = await openDirectory({ name: "blocking" });
  await directory.replaceAll([{ number: "+49301234567", action: "silent", label: "Spam" }]);
  directory.attach(client);
  const after = await open(client, { directory });

  const call = client.ring({ remoteNumber: "+49301234567" });
  assert.equal(before.list()[0].outcome, undefined);
  call.ends({ cause: "ORIGINATOR_CANCEL", causeCode: 487, by: "remote" });

  assert.deepEqual([before.list()[0].outcome, before.list()[0].label], ["blocked", undefined]);
  assert.deepEqual([after.list()[0].outcome, after.list()[0].label], ["blocked", "Spam"]);
  directory[Symbol.dispose]();
});

test("a call that is over before anybody hears of it is told whole", async () => {
  const client = new ScriptedClient();
  const history = await open(client);

  // The browser refuses the microphone at once: the state is the last one already when the first is told.
  const call = client.call("9196", { state: "done", reason: { by: "local" } });
  client.tell("callState", { call, state: "connecting" });
  client.tell("error", { error: new Error("the microphone"), call });
  client.tell("callState", { call, state: "done" });
  client.tell("callEnded", { call, reason: { by: "local" } });

  await until("it has ended", () => history.list()[0]?.endedAt !== undefined);
  assert.deepEqual(history.list().map(({ outcome }) => outcome), ["failed"]);
});

test("what is not to be kept is not, neither while it is up nor afterwards", async () => {
  const client = new ScriptedClient();
  const asked = [];
  const history = await open(client, {
    include: (call) => {
      asked.push(call.remoteNumber);
      return call.remoteNumber !== "1001";
    },
  });

  for (const remoteNumber of ["1000", "1001"]) {
    const call = client.ring({ remoteNumber });
    call.becomes("active", { answeredAt: new Date() });
    call.ends(HANGUP);
  }

  assert.deepEqual(history.list().map(({ number }) => number), ["1000"]);
  assert.deepEqual(asked, ["1000", "1001"]);
});

test("pages of it hang together, newest first", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const between = fc.array(fc.nat({ max: 2 }), { maxLength: 20 });
  await fc.assert(fc.asyncProperty(between, fc.integer({ min: 1, max: 7 }), async (pauses, limit) => {
    const client = new ScriptedClient();
    const history = await open(client);
    const calls = pauses.map((pause, n) => {
      seconds(pause);
      const call = client.dial(`${n}`);
      call.ends(HANGUP);
      return call;
    });

    const listed = [];
    for (let before, page; (page = history.list({ limit, before })).length > 0; before = page.at(-1)) {
      assert.ok(page.length <= limit && listed.length < calls.length);
      listed.push(...page);
    }

    assert.deepEqual(listed.map(({ id }) => id).sort(), calls.map(({ id }) => id).sort());
    assert.ok(listed.every((entry, n) => n === 0 || entry.startedAt <= listed[n - 1].startedAt));
    history[Symbol.dispose]();
  }), { numRuns: 40 });
});

test("no more are kept than was asked for; a call that is up stays", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const client = new ScriptedClient();
  const name = "limited";
  const history = await open(client, { name, limit: 3 });

  const up = client.dial("up");
  for (let n = 1; n <= 5; n += 1) {
    seconds(1);
    client.dial(`${n}`).ends(HANGUP);
  }

  assert.deepEqual(history.list().map(({ number }) => number), ["5", "4", "3", "up"]);
  up.ends(HANGUP);
  history[Symbol.dispose]();
  const next = await open(new ScriptedClient(), { name, limit: 3 });
  await until("all is written", () => next.size === 3 && next.list().every(({ outcome }) => outcome === "failed"));
  assert.deepEqual(next.list().map(({ number }) => number), ["5", "4", "3"]);
});

test("entries are removed one by one, or all; a call that is up stays unless it is meant", async () => {
  const client = new ScriptedClient();
  const name = "removed";
  const history = await open(client, { name });
  const [one] = ["1", "2", "3"].map((number) => {
    const call = client.dial(number);
    call.ends(HANGUP);
    return call;
  });
  const [up, unwanted] = [client.dial("up"), client.dial("unwanted")];

  await history.remove(one.id);
  assert.equal(history.get(one.id), undefined);
  assert.equal(history.size, 4);
  await history.remove(unwanted.id);
  unwanted.becomes("active", { connectedAt: new Date() });
  unwanted.ends(HANGUP);
  await history.clear();
  assert.deepEqual(history.list().map(({ id }) => id), [up.id]);
  up.ends(HANGUP);

  history[Symbol.dispose]();
  const next = await open(new ScriptedClient(), { name });
  await until("all is written", () => next.list()[0]?.outcome !== undefined);
  assert.deepEqual(next.list().map(({ number, outcome }) => [number, outcome]), [["up", "failed"]]);
});

for (const moment of ["before the history is opened", "while it is being opened", "afterwards"]) {
  test(`a call that comes back after a reload, ${moment}, is the same entry`, () => comesBack(moment));
}

async function comesBack(moment) {
  mock.timers.enable({ apis: ["Date"], now: new Date("2026-11-21T12:00:00Z") });
  const name = `reloaded ${moment}`;
  const before = new ScriptedClient();
  const first = await open(before, { name });
  const call = before.ring({ remoteNumber: "1000", remoteName: "Ada" });
  call.becomes("active", { answeredAt: new Date() });
  seconds(30);
  first[Symbol.dispose]();

  const after = new ScriptedClient();
  const recover = () => {
    return after.recover({ id: call.id, direction: "inbound", remoteNumber: "1000", answeredAt: call.answeredAt });
  };
  const early = moment.startsWith("before") && recover();
  const opening = open(after, { name });
  const timely = moment.startsWith("while") && recover();
  const second = await opening;
  const back = early || timely || recover();
  assert.deepEqual(second.list().map(({ id, outcome }) => [id, outcome]), [[call.id, undefined]]);
  back.becomes("active");
  seconds(30);
  back.ends(HANGUP);

  assert.equal(second.size, 1);
  const [{ startedAt, duration, outcome, name: said }] = second.list();
  const wanted = ["2026-11-21T12:00:00.000Z", 60, "answered", "Ada"];
  assert.deepEqual([startedAt.toISOString(), duration, outcome, said], wanted);
  second[Symbol.dispose]();
  const third = await open(new ScriptedClient(), { name });
  await until("all is written", () => third.list()[0].outcome !== undefined);
  const [stored] = third.list();
  assert.deepEqual([stored.startedAt.toISOString(), stored.duration, stored.outcome, stored.name], wanted);
}

test("a call that was up when its page was closed has ended when it was last seen, and can still come back", async () => {
  mock.timers.enable({ apis: ["Date"], now: new Date("2026-11-21T12:00:00Z") });
  const name = "closed";
  const before = new ScriptedClient();
  const first = await open(before, { name });
  const [talk, rung, dialled] = [before.ring({ remoteNumber: "1" }), before.ring({ remoteNumber: "2" }), before.dial("3")];
  talk.becomes("active", { answeredAt: new Date() });
  seconds(12);
  talk.becomes("held");
  talk.becomes("active", { remoteName: "Ada" });
  first[Symbol.dispose]();
  seconds(3600);

  const after = new ScriptedClient();
  const second = await open(after, { name });
  await until("they are over", () => second.list().every(({ outcome }) => outcome !== undefined));
  const outcomes = [talk, rung, dialled].map(({ id }) => {
    const { outcome, duration, reason } = second.get(id);
    return [outcome, duration, reason];
  });
  assert.deepEqual(outcomes, [["answered", 12, undefined], ["missed", 0, undefined], ["cancelled", 0, undefined]]);

  const back = after.recover({ id: talk.id, direction: "inbound", answeredAt: talk.answeredAt });
  assert.equal(second.get(talk.id).outcome, undefined);
  back.ends(HANGUP);
  assert.deepEqual([second.size, second.get(talk.id).outcome, second.get(talk.id).duration], [3, "answered", 3612]);
});

test("what one page adds and removes, the others list", async () => {
  const name = "shared";
  const client = new ScriptedClient();
  const [here, there] = [await open(client, { name }), await open(new ScriptedClient(), { name })];
  let told = 0;
  there.on("changed", () => (told += 1));

  const call = client.dial("1000");
  call.ends(HANGUP);
  await until("it is listed", () => there.get(call.id)?.outcome === "failed");
  await here.clear();
  await until("it has gone", () => there.size === 0);

  assert.ok(told > 0);
});

test("what cannot be stored is told, and the history goes on in the page", async () => {
  const client = new ScriptedClient();
  const history = await open(client);
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  try {
    const failed = new Promise((resolve) => history.on("error", resolve, { once: true }));
    client.dial("1000");
    const { error } = await failed;
    assert.ok(error instanceof OffhookError);
    assert.equal(error.kind, "refused");
  } finally {
    IDBObjectStore.prototype.put = put;
  }

  assert.equal(history.list()[0].number, "1000");
});

for (const [what, options, option] of [
  ["no name", { name: "" }, "name"],
  ["no limit", { limit: 0 }, "limit"],
  ["no function", { include: true }, "include"],
  ["no directory", { directory: {} }, "directory"],
]) {
  test(`${what} is a misuse that names ${option}`, async () => {
    await assert.rejects(openHistory(new ScriptedClient(), options), isMisuse(option));
  });
}

test("a closed history hears nothing more, and its client is left as it was", async () => {
  const client = new ScriptedClient();
  const history = await open(client);
  const call = client.dial("1000");

  history[Symbol.dispose]();
  call.ends(HANGUP);
  client.ring({ remoteNumber: "1001" });

  assert.deepEqual(history.list().map(({ number, outcome }) => [number, outcome]), [["1000", undefined]]);
});
