// What a log says, to whom, and what it never says; with a client that is scripted.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { consoleLogger, log, logTo } from "../../js/log.js";
import { ScriptedClient, failure } from "./scripted-calls.mjs";

/** What was reported to the page since the test began. */
let reported = [];
globalThis.reportError = (error) => reported.push(error);
beforeEach(() => (reported = []));

/** A log of a scripted client, and what its logger was given. */
function setUp(options) {
  const client = new ScriptedClient();
  const given = [];
  const made = logTo(client, { logger: { log: (level, message) => given.push([level, message]) }, ...options });
  return { client, given, log: made };
}

/** Everything once. */
function live(client) {
  client.tell("message", { direction: "out", frame: { id: "1", method: "login", params: { passwd: "***" } } });
  client.tell("session", { sessid: "s" });
  client.tell("warning", { code: 61001, message: "odd" });
  client.tell("error", { error: failure(46001, "refused") });
  const call = client.ring("a");
  call.tell("updated", {});
  call.tell("stats", { packetsSent: 1 });
  return call;
}

const levels = (given) => [...new Set(given.map(([level]) => level))].sort();

test("each level has those before it, and the channels are apart from them", () => {
  const wanted = {
    none: [], error: ["error"], warn: ["error", "warn"], info: ["error", "info", "warn"],
    debug: ["debug", "error", "info", "warn"], all: ["debug", "error", "info", "stats", "verto", "warn"],
  };
  for (const [level, expected] of Object.entries(wanted)) {
    const { client, given, log: made } = setUp({ level });
    live(client);
    assert.deepEqual(levels(given), expected, level);
    assert.equal(made.entries.length, given.length);
  }
  for (const [options, expected] of [
    [{}, ["error"]], [{ level: "none", verto: true }, ["verto"]], [{ level: "none", stats: true }, ["stats"]],
    [{ level: "all", verto: false }, ["debug", "error", "info", "stats", "warn"]],
  ]) {
    const { client, given } = setUp(options);
    live(client);
    assert.deepEqual(levels(given), expected, JSON.stringify(options));
  }
});

test("frames are not even asked for where nobody logs them", () => {
  const client = new ScriptedClient();
  const events = [];
  client.on = (event) => (events.push(event), () => {});

  log({ level: "debug", logger: false })(client);
  assert.ok(!events.includes("message"));
  log({ verto: true, logger: false })(client);
  assert.ok(events.includes("message"));
});

test("entries come in the order in which things happened, and a call is met before it does anything", () => {
  const { client, given } = setUp({ level: "info" });

  const call = client.ring("a");
  call.becomes("active");
  call.ends({ by: "remote", cause: "NORMAL_CLEARING" });

  assert.deepEqual(given.map(([, message]) => message.replace(`call ${call.id}: `, "")), [
    "incoming, no number", "new → ringing", "ringing → active", "active → done",
  ]);
});

test("a logger that throws, rejects or logs itself breaks nothing, and is reported once", async () => {
  const client = new ScriptedClient();
  let told = 0;
  const made = logTo(client, { level: "info", logger: { log: () => {
    told += 1;
    made.write("info", "from within");
    if (told === 1) throw new Error("mine");
    return Promise.reject(new Error("mine, too"));
  } } });
  const heard = [];
  client.on("session", ({ sessid }) => heard.push(sessid));

  client.tell("session", { sessid: "1" });
  client.tell("session", { sessid: "2" });
  await new Promise((resolve) => setImmediate(resolve));

  assert.deepEqual(heard, ["1", "2"]);
  assert.deepEqual(reported.map(({ message }) => message), ["mine"]);
  assert.equal(told, 2);
  assert.equal(made.entries.length, 4);
});

test("what a logger is given it cannot change", () => {
  const { client, log: made } = setUp({ verto: true, logger: { log: (_, __, entry) => {
    entry.context.params.sdp = "mine";
  } } });
  const frame = { method: "m", params: { sdp: "v=0" } };

  client.tell("message", { direction: "in", frame });

  assert.deepEqual([frame.params.sdp, made.entries[0].context.params.sdp, reported.length], ["v=0", "v=0", 1]);
});

test("only the last entries are kept, in order", () => {
  const made = log({ level: "info", logger: false, limit: 3 });
  const messages = () => made.entries.map(({ message }) => message).join();

  assert.equal(messages(), "");
  for (const message of ["1", "2"]) made.write("info", message);
  assert.equal(messages(), "1,2");
  for (const message of ["3", "4", "5", "6", "7"]) made.write("info", message);
  assert.equal(messages(), "5,6,7");
  made.clear();
  made.write("info", "8");
  assert.equal(messages(), "8");
});

test("no more than a thousand are kept by default", () => {
  const made = log({ level: "info", logger: false });

  for (let i = 0; i < 2_500; i += 1) made.write("info", String(i));

  assert.equal(made.entries.length, 1000);
  assert.deepEqual([made.entries[0].message, made.entries.at(-1).message], ["1500", "2499"]);
});

test("the entries can be taken along as text and as JSON, with times as in ISO 8601", () => {
  const { client, log: made } = setUp({ level: "all" });
  live(client);

  const lines = made.text().trimEnd().split("\n");
  assert.equal(lines.length, made.entries.length);
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|warn |info |debug|verto|stats) \S/);
  const read = JSON.parse(made.json());
  assert.deepEqual(read.map(({ message }) => message), made.entries.map(({ message }) => message));
  assert.equal(new Date(read[0].at).getTime(), made.entries[0].at.getTime());
  assert.deepEqual(read[0].context, { id: "1", method: "login", params: { passwd: "***" } });
});

test("no secret is left in what is logged, wherever it stands", () => {
  const made = log({ level: "all", logger: false });
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDAwIn0.s3cret-signature";
  const secret = "s3cret";
  const cause = new Error(`fetch https://pbx.example/?login_token=${secret}&x=1 failed`);

  made.write("info", `opened wss://pbx.example/?token=${secret} with ${token} and Authorization: Bearer ${secret}s3cret`);
  made.write("info", `{"passwd":"${secret}","login_token": "${secret}\\"s3cret"}`);
  made.write("error", "an error", Object.assign(new Error(`no ${token}`), { cause, password: secret }));
  made.write("verto", "a frame", {
    params: {
      passwd: secret, login_token: [secret], userVariables: { API_KEY: secret, apiKey: secret, sipPassword: { a: secret } },
      dialogParams: { custom_headers: [{ name: "X-Auth-Token", value: secret }, { name: "X-Shop", value: "shoes" }] },
      iceServers: [{ urls: "turn:t", username: "u", credential: secret }],
      sdp: `v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:${secret}\r\na=mid:0\r\n`,
    },
    hasCredential: true, deep: [[[[{ "ice-pwd": secret }]]]],
  });

  for (const text of [made.text(), made.json()]) {
    assert.doesNotMatch(text, /s3cret/);
    for (const kept of ["X-Shop", "shoes", "a=ice-ufrag:abcd", "a=mid:0", "x=1", "turn:t"]) assert.ok(text.includes(kept), kept);
  }
  assert.equal(made.entries[3].context.hasCredential, true);
});

test("whatever is logged can be", () => {
  const made = log({ level: "info", logger: false });
  const loop = { name: "loop" };
  loop.self = [loop];
  const trap = { get mine() { throw new Error("no"); } };

  for (const context of [loop, trap, () => {}, Symbol("s"), 1n, NaN, null, new Date(NaN), new Map(), Object.create(null)]) {
    made.write("info", "something", context);
  }

  assert.equal(made.text().split("\n").length, 11);
  assert.equal(JSON.parse(made.json()).length, 10);
});

test("who subscribes hears what is written from then on, until they have had enough; a log that stops says nothing", () => {
  const { client, given, log: made } = setUp({ level: "info" });
  const heard = [];
  const undo = made.subscribe(({ message }) => heard.push(message));

  made.write("info", "1");
  undo();
  made.write("info", "2");
  made.stop();
  made.write("info", "3");
  client.tell("session", { sessid: "s" });

  assert.deepEqual(heard, ["1"]);
  assert.deepEqual([given.length, made.entries.length, client.listeners], [2, 2, 0]);
});

test("the console is written to by level, and a percent sign is one", () => {
  const written = [];
  const methods = ["error", "warn", "info", "debug"];
  const before = methods.map((name) => console[name]);
  for (const name of methods) console[name] = (...words) => written.push([name, ...words]);
  try {
    const made = log({ level: "all" });
    for (const level of ["error", "warn", "info", "debug", "verto", "stats"]) made.write(level, "100 %s", { a: 1 });
  } finally {
    methods.forEach((name, i) => (console[name] = before[i]));
  }

  assert.deepEqual(written.map(([name]) => name), ["error", "warn", "info", "debug", "debug", "debug"]);
  const [, format, , , , time, message, context] = written[0];
  assert.equal(format, "%c%s%c %s %s");
  assert.match(time, /^\d\d:\d\d:\d\d\.\d{3}$/);
  assert.deepEqual([message, context], ["100 %s", { a: 1 }]);
  assert.equal(typeof consoleLogger.log, "function");
});

test("wrong options are told before anything is logged", () => {
  for (const [options, option] of [
    [{ level: "loud" }, "level"], [{ verto: 1 }, "verto"], [{ stats: "yes" }, "stats"], [{ limit: 0 }, "limit"],
    [{ limit: 1.5 }, "limit"], [{ limit: 1e6 }, "limit"], [{ logger: true }, "logger"], [{ logger: {} }, "logger"], ["debug", "options"],
  ]) {
    assert.throws(() => log(options), { name: "OffhookError", code: 44002, option }, JSON.stringify(options));
  }
  const made = log({ logger: false });
  assert.throws(() => made.write("loud", "x"), { option: "level" });
  assert.throws(() => made.write("error", 7), { option: "message" });
  assert.throws(() => made.subscribe(), { option: "listener" });
});
