// A directory where there is no database: numbers, entries, loads, and who is let through.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import fc from "fast-check";
import { OffhookError } from "offhook";
import { openDirectory, parseNumber } from "offhook/directory";
import { ScriptedClient } from "./exchange.mjs";

const GERMANY = { country: "49" };
const NORTH_AMERICA = { country: "1", trunk: "1", international: "011", digits: 10 };
const ITALY = { country: "39", trunk: "", digits: 10 };
const RUSSIA = { country: "7", trunk: "8", international: "810", digits: 10 };

/** Numbers in E.164. */
const international = fc.integer({ min: 1_000_000, max: 999_999_999_999_999 });

const entry = fc.record({
  number: international,
  action: fc.constantFrom("silent", "reject", "ring"),
  label: fc.option(fc.constantFrom("Support", "Zoë Ørsted", "☎ 24/7"), { nil: undefined }),
});

/** Seeds differ from run to run; a failure prints the one that repeats it. */
const RUNS = { numRuns: 200 };

function misuse(option) {
  return (error) => error instanceof OffhookError && error.kind === "misuse" && error.option === option;
}

for (const [given, plan, number] of [
  ["+49 30 1234567", undefined, 49301234567],
  ["+49 (0)30 1234567", undefined, 49301234567],
  ["49301234567", undefined, 49301234567],
  ["sip:+49301234567@pbx.example;user=phone", undefined, 49301234567],
  ["tel:+1-312-555-0100;phone-context=x", undefined, 13125550100],
  ["\u202a+49\u00a030\u20101234567\u202c", undefined, 49301234567],
  ["030 1234567", GERMANY, 49301234567],
  ["0049/30/1234567", GERMANY, 49301234567],
  ["49301234567", GERMANY, 49301234567],
  ["(312) 555-0100", NORTH_AMERICA, 13125550100],
  ["1 312 555 0100", NORTH_AMERICA, 13125550100],
  ["011 49 30 1234567", NORTH_AMERICA, 49301234567],
  ["49301234567", NORTH_AMERICA, 49301234567],
  ["06 1234567", ITALY, 39061234567],
  ["347 123 4567", ITALY, 393471234567],
  ["8 (495) 123-45-67", RUSSIA, 74951234567],
  ["8613800138000", RUSSIA, 8613800138000],
  ["1000", NORTH_AMERICA, 1000],
  ["112", GERMANY, 112],
  [49301234567n, undefined, 49301234567],
  [999999999999999, undefined, 999999999999999],
]) {
  test(`${given} ${plan ? `in +${plan.country} ` : ""}is ${number}`, () => {
    assert.equal(parseNumber(given, plan), number);
  });
}

test("what is no number is none", () => {
  const none = [
    "", "anonymous", "sip:alice@pbx.example", "0", "030", "0301234567", "+0491234567", "+123456", "+1234567890123456",
    "1-800-FLOWERS", 1.5, -5, NaN, 0, 1e15, undefined, null, {}, "٠١٢٣٤٥٦٧", "1234567890123456",
  ];
  assert.deepEqual(none.map((given) => parseNumber(given)), none.map(() => undefined));
});

test("however an international number is written, it is the same number", () => {
  const gap = fc.constantFrom(" ", "-", ".", "/", "", "\u00a0");
  const spaced = fc.tuple(international, fc.array(gap, { minLength: 15, maxLength: 15 }));
  fc.assert(fc.property(spaced, fc.constantFrom(undefined, GERMANY), ([number, gaps], plan) => {
    const written = `+${[...String(number)].map((digit, n) => digit + gaps[n]).join("")}`;
    assert.equal(parseNumber(written, plan), number);
    assert.equal(parseNumber(`sip:${written}@host`, plan), number);
    assert.equal(parseNumber(BigInt(number)), number);
  }), RUNS);
});

test("no text makes the reading of numbers fail, and what it finds it finds again", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
    const number = parseNumber(text, GERMANY);
    assert.ok(number === undefined || (Number.isSafeInteger(number) && parseNumber(number) === number));
  }), RUNS);
});

test("without a database it says so, and works", async () => {
  const directory = await openDirectory();

  await directory.replaceAll([{ number: "+49301234567", label: "Support" }]);

  assert.equal(directory.persistent, false);
  assert.equal(directory.lookup("+49 30 1234567").label, "Support");
});

test("whatever is loaded in whatever order, each number has what was said of it last", async () => {
  const directory = await openDirectory();
  await fc.assert(fc.asyncProperty(fc.array(entry), async (entries) => {
    const said = new Map(entries.map((one) => [one.number, one]));

    const { outcome, size, skipped } = await directory.replaceAll(entries);

    assert.deepEqual({ outcome, size, skipped }, { outcome: "loaded", size: said.size, skipped: 0 });
    for (const [number, { action, label }] of said) {
      const found = directory.lookup(number);
      assert.deepEqual([found.action, found.label], [action, label]);
      if (!said.has(number + 1)) assert.equal(directory.lookup(number + 1), undefined);
    }
    const numbers = [...directory.entries()].map(({ number }) => number);
    assert.deepEqual(numbers, [...said.keys()].sort((a, b) => a - b));
  }), RUNS);
});

test("a strict load takes what ascends, and nothing else", async () => {
  const directory = await openDirectory();
  const few = fc.array(fc.integer({ min: 1_000_000, max: 1_000_009 }), { maxLength: 4 });
  await fc.assert(fc.asyncProperty(few, async (numbers) => {
    await directory.replaceAll([{ number: 7_777_777, label: "before" }]);
    const wrong = numbers.findIndex((number, n) => n > 0 && number <= numbers[n - 1]);
    const loading = directory.replaceAll(numbers.map((number) => ({ number, action: "reject" })), { strict: true });

    if (wrong < 0) {
      await loading;
      assert.deepEqual([...directory.entries()].map(({ number }) => number), numbers);
    } else {
      await assert.rejects(loading, misuse(`entries[${wrong}].number`));
      assert.deepEqual([...directory.entries()], [{ number: 7_777_777, label: "before" }]);
    }
  }), RUNS);
});

test("a strict load refuses what is not in E.164, and another skips what is no number", async () => {
  const directory = await openDirectory();
  for (const number of ["112", "anonymous", "0301234567"]) {
    const loading = directory.replaceAll([{ number, label: "?" }], { strict: true });
    await assert.rejects(loading, misuse("entries[0].number"));
  }

  const { size, skipped } = await directory.replaceAll([{ number: "alice", label: "?" }, { number: "112", label: "Help" }]);

  assert.deepEqual([size, skipped], [1, 1]);
  assert.equal(directory.lookup("112").label, "Help");
});

test("deltas that come in any order end where a full load does, and those that come too early change nothing", async () => {
  const few = fc.integer({ min: 1_000_000, max: 1_000_020 });
  const known = entry.chain((one) => few.map((number) => ({ ...one, number })));
  const step = fc.record({ add: fc.array(known), remove: fc.array(few) });
  const chain = fc.record({ base: fc.array(known), steps: fc.array(step, { minLength: 1, maxLength: 6 }) });
  await fc.assert(fc.asyncProperty(chain, fc.infiniteStream(fc.nat()), async ({ base, steps }, order) => {
    const directory = await openDirectory();
    const said = new Map(base.map((one) => [one.number, one]));
    const waiting = steps.map(({ add, remove }, n) => {
      for (const number of remove) said.delete(number);
      for (const one of add) said.set(one.number, one);
      return { version: n + 1, from: n, add, remove };
    });
    await directory.replaceAll(base, { version: 0 });

    for (let version = 0; waiting.length > 0;) {
      const [delta] = waiting.splice(order.next().value % waiting.length, 1);
      const before = [...directory.entries()];
      const report = await directory.applyDelta(delta);
      assert.equal(report.outcome, delta.from === version ? "loaded" : "gap");
      if (report.outcome === "gap") {
        assert.deepEqual([...directory.entries()], before);
        waiting.push(delta);
      } else {
        version = delta.version;
        // What comes twice does no harm.
        assert.equal((await directory.applyDelta(delta)).outcome, "unchanged");
      }
    }

    const whole = await openDirectory();
    await whole.replaceAll(said.values());
    assert.deepEqual([...directory.entries()], [...whole.entries()]);
  }), { numRuns: 60 });
});

test("a delta without versions applies to what there is", async () => {
  const directory = await openDirectory();
  await directory.replaceAll([{ number: 49301234567, label: "Support" }], { version: 3 });

  await directory.applyDelta({ add: [{ number: "+491700000000", action: "reject" }], remove: [49301234567] });

  assert.deepEqual([...directory.entries()], [{ number: 491700000000, action: "reject" }]);
  assert.equal(directory.sources[0].version, 3);
});

async function load(entries) {
  return (await openDirectory()).replaceAll(entries);
}

for (const [what, work, option] of [
  ["a name that is none", () => openDirectory({ name: "" }), "name"],
  ["a country that is none", () => openDirectory({ plan: { country: "+49" } }), "plan.country"],
  ["a source without an address", () => openDirectory({ sources: { crm: { url: "http://[" } } }), "sources.crm.url"],
  ["a caller's fate that does not exist", () => openDirectory({ withheld: "hide" }), "withheld"],
  ["entries that are no list", () => load({ number: 1 }), "entries"],
  ["an entry that is none", () => load([null]), "entries[0]"],
  ["an entry that says nothing", () => load([{ number: 1_000_000 }]), "entries[0]"],
  ["an action that does not exist", () => load([{ number: 1, action: "block" }]), "entries[0].action"],
  ["an empty label", () => load([{ number: 1, label: " " }]), "entries[0].label"],
  ["a number that is no number", () => load([{ number: [], label: "x" }]), "entries[0].number"],
  ["a version that goes back", async () => (await openDirectory()).applyDelta({ version: 1, from: 1 }), "version"],
  ["a version from nowhere", async () => (await openDirectory()).applyDelta({ version: 1 }), "version"],
  ["a source that was not given", async () => (await openDirectory()).reload("crm"), "source"],
  ["a switch that is none", async () => (await openDirectory()).setEnabled("no"), "enabled"],
  ["an event that does not exist", async () => (await openDirectory()).on("blockd", () => {}), "event"],
]) {
  test(`${what} is a misuse that names ${option}`, async () => {
    await assert.rejects(work, misuse(option));
  });
}

test("who is blocked is kept away, silently or as busy, and others ring", async () => {
  const directory = await openDirectory({ plan: GERMANY });
  await directory.replaceAll([{ number: "030 1", label: "too short" }, { number: "030 1234567", action: "reject" },
    { number: "030 7654321", action: "silent" }, { number: "1000", label: "Reception" }]);
  const client = new ScriptedClient();
  const rung = [];
  const blocked = [];
  directory.attach(client);
  client.on("incomingCall", ({ call }) => rung.push(call.remoteNumber));
  directory.on("blocked", ({ call, action }) => blocked.push([call.remoteNumber, action]));

  const numbers = ["+49301234567", "00493076 54321", "1000", "anonymous", undefined];
  const calls = numbers.map((remoteNumber) => client.ring({ remoteNumber }));

  assert.deepEqual(rung, ["1000", "anonymous", undefined]);
  assert.deepEqual(blocked, [["+49301234567", "reject"], ["00493076 54321", "silent"]]);
  assert.deepEqual(calls.map(({ hungUp }) => hungUp), [1, 0, 0, 0, 0]);
});

test("who withholds the number is blocked where that is wanted, and who has a name for a number is not", async () => {
  const directory = await openDirectory({ withheld: "reject" });
  const client = new ScriptedClient();
  directory.attach(client);

  const numbers = [undefined, "", "Anonymous", "sip:anonymous@anonymous.invalid", "0000000000", "alice", "1000"];
  const rung = numbers.filter((remoteNumber) => !client.ring({ remoteNumber }).isSilent);

  assert.deepEqual(rung, ["alice", "1000"]);
});

test("it blocks until it is switched off, detached or closed", async () => {
  const entries = [{ number: "1000", action: "reject" }];
  const client = new ScriptedClient();
  const isBlocked = () => client.ring({ remoteNumber: "1000" }).isSilent;
  const directory = await openDirectory();
  await directory.replaceAll(entries);
  const detach = directory.attach(client);

  const seen = [isBlocked()];
  await directory.setEnabled(false);
  seen.push(isBlocked(), directory.lookup("1000") !== undefined);
  await directory.setEnabled(true);
  seen.push(isBlocked());
  detach();
  seen.push(isBlocked());
  directory.attach(client);
  seen.push(isBlocked());
  directory[Symbol.dispose]();
  seen.push(isBlocked());

  assert.deepEqual(seen, [true, false, false, true, false, true, false]);
  await assert.rejects(directory.replaceAll(entries), { kind: "misuse", code: 60050 });
});

test("a label is shown where there is no name, or one that only repeats the number", async () => {
  const directory = await openDirectory({ plan: GERMANY });
  await directory.replaceAll([{ number: "030 1234567", label: "Support" }]);
  const names = [
    { remoteNumber: "+49301234567" },
    { remoteNumber: "+49301234567", remoteName: "" },
    { remoteNumber: "+49301234567", remoteName: "+49301234567" },
    { remoteNumber: "+49301234567", remoteName: "030/1234567" },
    { remoteNumber: "+49301234567", remoteName: "Ada" },
    { remoteNumber: "+49307654321", remoteName: "+49307654321" },
    { destinationNumber: "0301234567" },
    { remoteName: "alice" },
    {},
  ].map((call) => directory.nameFor(call));

  assert.deepEqual(names, [
    "Support", "Support", "Support", "Support", "Ada", "+49307654321", "Support", "alice", undefined,
  ]);
});

test("of several sources the application is believed first, then those it named, in their order", async () => {
  const sources = { crm: { url: "https://crm.example/feed" }, spam: { url: "https://spam.example/feed" } };
  const directory = await openDirectory({ sources });
  const number = 49301234567;
  const heard = [];
  const listen = async (source, said) => {
    await directory.replaceAll([{ number, ...said }], { source });
    const { action, label, source: labeller } = directory.lookup(number);
    heard.push([action, label, labeller]);
  };

  await listen("another", { label: "Another" });
  await listen("spam", { action: "reject", label: "Spam" });
  await listen("crm", { label: "Ada" });
  await listen("", { action: "ring" });
  await directory.remove("crm");

  assert.deepEqual(heard, [
    [undefined, "Another", "another"], ["reject", "Spam", "spam"], ["reject", "Ada", "crm"], ["ring", "Ada", "crm"],
  ]);
  assert.equal(directory.lookup(number).label, "Spam");
  assert.deepEqual(directory.sources.map(({ source, size }) => [source, size]), [["", 1], ["spam", 1], ["another", 1]]);
});

test("a hundred thousand entries are all found", async () => {
  const directory = await openDirectory();
  const entries = Array.from({ length: 100_000 }, (_, n) => ({ number: 49_000_000_000 + n * 17, label: `Caller ${n}` }));

  await directory.replaceAll(entries, { strict: true });
  await directory.applyDelta({ remove: [49_000_000_000], add: [{ number: 49_000_000_001, label: "Between" }] });

  assert.equal(directory.lookup(49_000_000_000), undefined);
  assert.equal(directory.lookup(49_000_000_001).label, "Between");
  assert.ok(entries.slice(1).every(({ number, label }) => directory.lookup(number).label === label));
});

const ONLY_CHANGES = { body: { version: 2, from: 1 } };

/** A feed's server: what it is to answer, and what it was asked. */
const feed = { asked: [], answers: [] };
let address;

const server = createServer((request, response) => {
  feed.asked.push({ url: request.url, etag: request.headers["if-none-match"], key: request.headers["x-key"] });
  const { status = 200, etag, body = "", location, hangs } = feed.answers.shift() ?? { status: 500 };
  if (hangs) return request.destroy();
  const headers = { ...(etag && { ETag: etag }), ...(location && { Location: location }) };
  response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
});

before(() => new Promise((resolve) => server.listen(0, "127.0.0.1", () => {
  address = `http://127.0.0.1:${server.address().port}/feed`;
  resolve();
})));
after(() => server.close());
beforeEach(() => {
  feed.asked = [];
  feed.answers = [];
});

function withFeed(more) {
  return openDirectory({ sources: { crm: { url: address, headers: () => ({ "X-Key": "k" }), ...more } } });
}

const ADA = { number: "+49301234567", label: "Ada" };
const BEN = { number: "+49307654321", label: "Ben", action: "silent" };

test("a feed is loaded, asked whether it has changed, and changed by what it says then", async () => {
  const directory = await withFeed();
  feed.answers = [
    { etag: '"1"', body: { version: 1, entries: [ADA] } },
    { status: 304 },
    { etag: '"2"', body: { version: 2, from: 1, add: [BEN], remove: [ADA.number] } },
    { status: 304 },
  ];

  const reports = [];
  for (let n = 0; n < 4; n += 1) reports.push(await directory.reload("crm"));

  assert.deepEqual(reports.map(({ outcome, version, size }) => [outcome, version, size]), [
    ["loaded", 1, 1], ["unchanged", 1, 1], ["loaded", 2, 1], ["unchanged", 2, 1],
  ]);
  assert.deepEqual(feed.asked.map(({ etag }) => etag), [undefined, '"1"', '"1"', '"2"']);
  assert.ok(feed.asked.every(({ key }) => key === "k"));
  assert.equal(directory.lookup(BEN.number).action, "silent");
  assert.equal(directory.lookup(ADA.number), undefined);
});

test("a feed whose changes do not fit is asked for all", async () => {
  const directory = await withFeed();
  feed.answers = [
    { etag: '"1"', body: { version: 1, entries: [ADA] } },
    { etag: '"9"', body: { version: 9, from: 8, add: [] } },
    { etag: '"9"', body: { version: 9, entries: [BEN] } },
  ];

  await directory.reload("crm");
  const { outcome, version } = await directory.reload("crm");

  assert.deepEqual([outcome, version], ["loaded", 9]);
  assert.deepEqual(feed.asked.map(({ etag }) => etag), [undefined, '"1"', undefined]);
  assert.deepEqual([...directory.entries("crm")].map(({ label }) => label), ["Ben"]);
});

test("who asks for a feed that is being fetched gets the same answer", async () => {
  const directory = await withFeed();
  feed.answers = [{ body: { entries: [ADA] } }];

  const [one, two] = await Promise.all([directory.reload("crm"), directory.reload("crm")]);

  assert.equal(one, two);
  assert.equal(feed.asked.length, 1);
});

for (const [what, answers, kind, code] of [
  ["is refused", [{ status: 403, body: "no" }], "refused", 60151],
  ["is not modified, though nothing was asked about", [{ status: 304 }], "refused", 60151],
  ["cannot be reached", [{ hangs: true }], "lost", 60450],
  ["sends elsewhere", [{ status: 302, location: "/elsewhere" }, { body: { entries: [] } }], "lost", 60450],
  ["is no JSON", [{ body: "<!doctype html>" }], "peerMisbehaved", 60250],
  ["is no feed", [{ body: [] }], "peerMisbehaved", 60250],
  ["is nothing", [{ body: "null" }], "peerMisbehaved", 60250],
  ["has an entry that is none", [{ body: { entries: [{ number: "+49301234567" }] } }], "peerMisbehaved", 60250],
  ["has nothing but changes", [ONLY_CHANGES, ONLY_CHANGES], "peerMisbehaved", 60250],
]) {
  test(`a feed that ${what} is an error of the kind ${kind}, and changes nothing`, async () => {
    const directory = await withFeed();
    await directory.replaceAll([BEN], { source: "crm" });
    feed.answers = answers;

    const failure = await directory.reload("crm").catch((error) => error);

    assert.ok(failure instanceof OffhookError, String(failure));
    assert.deepEqual([failure.kind, failure.code, failure.fatal], [kind, code, false]);
    assert.ok(feed.asked.every(({ url }) => url === "/feed"));
    assert.deepEqual([...directory.entries("crm")].map(({ label }) => label), ["Ben"]);
    // It may be asked again.
    feed.answers = [{ body: { entries: [ADA] } }];
    assert.equal((await directory.reload("crm")).outcome, "loaded");
  });
}

test("a strict source takes no feed that does not ascend", async () => {
  const directory = await withFeed({ strict: true });
  feed.answers = [{ body: { entries: [BEN, ADA] } }];

  await assert.rejects(directory.reload("crm"), { kind: "peerMisbehaved" });
});
