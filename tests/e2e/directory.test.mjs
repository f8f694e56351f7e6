// Callers who are kept away or called by a label, and the history of calls, also across reloads and pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

/** The number that 1000 shows on Telnyx; FreeSWITCH shows who is signed in. */
const NUMBER = "+49301234567";
const SHOWN = { freeswitch: "1000", telnyx: NUMBER };
const RINGBACK = [400, 450];

/** Tests share a browser, and so its databases. */
let names = 0;

/** Gives a phone a directory with these entries, and a history. */
async function open(phone, entries = [], name = `${names += 1}`) {
  await phone.page.addScriptTag({ type: "module", content: 'import * as all from "/js/directory.js"; window.book = all;' });
  await until("the modules are loaded", () => phone.page.evaluate(() => window.book !== undefined));
  await phone.page.evaluate(async (name, entries) => {
    window.directory = await book.openDirectory({ name: `directory ${name}`, plan: { country: "49" } });
    await directory.replaceAll(entries);
    directory.attach(client);
    window.blocked = [];
    directory.on("blocked", ({ call, action }) => blocked.push({ call, action }));
    window.calls = await book.openHistory(client, { name: `history ${name}`, directory });
  }, name, entries);
  return name;
}

/** What a history lists, newest first, in plain values. */
function listed(phone) {
  return phone.page.evaluate(() => calls.list().map((entry) => {
    const times = {};
    for (const name of ["startedAt", "answeredAt", "endedAt"]) times[name] = entry[name]?.getTime();
    return { ...entry, ...times };
  }));
}

/** Waits until the newest entry has an outcome, and returns it. */
async function newest(phone) {
  return until("a call is in the history", async () => {
    const [entry] = await listed(phone);
    return entry?.outcome && entry;
  });
}

/** What of the log tells of calls. */
async function toldOfCalls(phone) {
  return (await phone.log()).filter(({ event }) => /call|state|error|updated|ended/i.test(event));
}

/** Waits until a call was kept away, and returns how. */
function blocked(phone) {
  return until("a call is blocked", () => phone.page.evaluate(() => window.blocked[0]?.action));
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a caller who is blocked silently rings at nobody's, until he gives up`, async () => {
    const bob = await signedIn(here.browser, here.gateway, { user: "1001", dialect });
    await open(bob, [{ number: dialect === "telnyx" ? "030 1234567" : "1000", action: "silent", label: "Nuisance" }]);
    const alice = await signedIn(here.browser, here.gateway, { user: "1000", dialect, callerNumber: NUMBER });

    const out = await alice.dial("1001");
    assert.equal(await blocked(bob), "silent");
    await out.hears(RINGBACK);
    assert.equal(await bob.page.evaluate(() => client.calls.length), 0);
    assert.equal(await bob.page.evaluate(() => window.blocked[0].call.state), "ringing");
    await out.does("hangup");

    const { outcome, label, number, reason } = await newest(bob);
    assert.deepEqual([outcome, label, number, reason.cause], ["blocked", "Nuisance", SHOWN[dialect], "ORIGINATOR_CANCEL"]);
    assert.deepEqual(await toldOfCalls(bob), []);
    await alice.close();
    await bob.close();
  });

  test(`${dialect}: a caller who is rejected hears at once that it is busy, and nothing is told of it`, async () => {
    const bob = await signedIn(here.browser, here.gateway, { user: "1001", dialect });
    await open(bob, [{ number: SHOWN[dialect], action: "reject" }]);
    const alice = await signedIn(here.browser, here.gateway, { user: "1000", dialect, callerNumber: NUMBER });
    await open(alice);

    const out = await alice.dial("1001");
    const { cause, by } = await out.ends();

    assert.deepEqual([cause, by], ["USER_BUSY", "remote"]);
    assert.equal(await blocked(bob), "reject");
    assert.deepEqual([(await newest(bob)).outcome, (await newest(alice)).outcome], ["blocked", "busy"]);
    assert.deepEqual(await toldOfCalls(bob), []);
    await alice.close();
    await bob.close();
  });
}

test("a caller who is blocked may call again when that is over, and is called by the label", async () => {
  const bob = await signedIn(here.browser, here.gateway, { user: "1001", dialect: "telnyx" });
  await open(bob, [{ number: NUMBER, action: "reject" }]);
  const alice = await signedIn(here.browser, here.gateway, { dialect: "telnyx", callerNumber: NUMBER, callerName: NUMBER });
  await (await alice.dial("1001")).ends();

  await bob.page.evaluate((number) => directory.applyDelta({ add: [{ number, label: "Alice at work" }] }), NUMBER);
  const out = await alice.dial("1001");
  const incoming = await bob.incoming();

  const name = await bob.page.evaluate((id) => directory.nameFor(window.phone.calls.get(id)), incoming.id);
  assert.equal(name, "Alice at work");
  await out.does("hangup");
  await incoming.ends();
  const [missed, turnedAway] = await listed(bob);
  assert.deepEqual([missed.outcome, missed.label, turnedAway.outcome], ["missed", "Alice at work", "blocked"]);
  await alice.close();
  await bob.close();
});

test("calls in and out are in the history, with what became of them, and are there after a reload", async () => {
  const bob = await signedIn(here.browser, here.gateway, { user: "1001" });
  const alice = await signedIn(here.browser, here.gateway, { user: "1000" });
  const name = await open(alice);
  await open(bob);

  const answered = await alice.dial("1001");
  const incoming = await bob.incoming(1);
  await incoming.does("answer");
  await answered.reaches("active");
  await answered.does("hangup");
  await incoming.ends();
  const rejected = await bob.dial("1000");
  await (await alice.incoming(1)).does("hangup");
  await rejected.ends();
  await (await alice.dial("404")).ends();

  const mine = await listed(alice);
  const shape = (entries) => entries.map(({ direction, number, outcome }) => [direction, number, outcome].join(" "));
  assert.deepEqual(shape(mine), ["outbound 404 failed", "inbound 1001 rejected", "outbound 1001 answered"]);
  assert.deepEqual(shape(await listed(bob)), ["outbound 1000 busy", "inbound 1000 answered"]);
  const [{ reason }, , { answeredAt, startedAt, duration }] = mine;
  assert.deepEqual([reason.cause, reason.by], ["UNALLOCATED_NUMBER", "remote"]);
  assert.ok(answeredAt >= startedAt && duration >= 0 && duration < 30);

  await alice.reload();
  await alice.signIn({ login: "1000", password: "1234", url: here.gateway.freeswitch });
  await open(alice, [], name);
  assert.deepEqual(await listed(alice), mine);
  await alice.close();
  await bob.close();
});

test("a call that comes back after a reload is the same entry, and not a second one", async () => {
  const phone = await signedIn(here.browser, here.gateway, { onReload: "resume" });
  const name = await open(phone);
  const call = await phone.dial("9196");
  await call.hears(MICROPHONE_TONE, { within: 15_000 });
  const [before] = await listed(phone);

  await phone.reload();
  await phone.signIn({ login: "1000", password: "1234", url: here.gateway.freeswitch, onReload: "resume" });
  await open(phone, [], name);
  await call.reaches("active", { within: 15_000 });
  await call.hears(MICROPHONE_TONE);
  await call.does("hangup");
  await call.ends();

  const all = await listed(phone);
  assert.deepEqual(all.map(({ id, outcome }) => [id, outcome]), [[call.id, "answered"]]);
  assert.deepEqual([all[0].startedAt, all[0].answeredAt], [before.startedAt, before.answeredAt]);
  await phone.close();
});

test("a call whose page was closed is over for the next page, which does not touch those of other pages", async () => {
  const other = await signedIn(here.browser, here.gateway, { user: "1001", isListening: false });
  const name = await open(other);
  const theirs = await other.dial("9196");
  await theirs.reaches("active");
  const phone = await signedIn(here.browser, here.gateway);
  await open(phone, [], name);
  const ours = await phone.dial("9196");
  await ours.reaches("active");
  const answeredAt = Date.now();
  await ours.hears(MICROPHONE_TONE, { within: 15_000 });
  await until("a second has passed", () => Date.now() - answeredAt > 1_500);
  const leftAt = Date.now();

  await phone.reload();
  const reloadedAt = Date.now();
  await phone.signIn({ login: "1000", password: "1234", url: here.gateway.freeswitch });
  await open(phone, [], name);

  const outcomeOf = async ({ id }) => (await listed(phone)).find((entry) => entry.id === id)?.outcome;
  await until("our call is over", async () => (await outcomeOf(ours)) === "answered");
  const { endedAt } = (await listed(phone)).find(({ id }) => id === ours.id);
  assert.ok(endedAt >= leftAt && endedAt <= reloadedAt, `${endedAt} is not from ${leftAt} to ${reloadedAt}`);
  assert.equal(await outcomeOf(theirs), undefined);
  await theirs.does("hangup");
  await until("the other's call is over here, too", async () => (await outcomeOf(theirs)) === "answered");
  await other.close();
  await phone.close();
});
