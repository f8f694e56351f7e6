// Several calls, with people who have voices: who hears whom while calls are held, swapped, ended and joined.

import assert from "node:assert/strict";
import { test } from "node:test";
import { VOICES, person, talking } from "../harness/people.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

/** Three people, of whom the first has a call control; `signIn` is how they sign in. */
async function three(options, signIn) {
  const phones = await Promise.all(["1000", "1001", "1002"].map((user) => person(here, user, signIn)));
  await controls(phones[0], options);
  return phones;
}

/** Gives a page a call control; what it tells is in `told`. */
async function controls(phone, options = {}) {
  await phone.page.evaluate(async (given) => {
    const { createCallControl } = await import(new URL("../js/control.js", location));
    window.control = createCallControl(window.client, given);
    window.told = [];
    for (const event of ["incomingCall", "rejected", "action", "conferenceEnded", "warning"]) {
      control.on(event, ({ reason, status }) => told.push([event, reason ?? status].filter(Boolean).join(" ")));
    }
    /** Calls a method of the control, with calls by their ids. */
    window.does = async (method, ...ids) => {
      const before = watched.contexts.length;
      const result = control[method](...ids.map((id) => phone.calls.get(id)));
      if (method === "conference") [window.mixing, window.conference] = [watched.contexts[before], await result];
      else await result;
    };
  }, options);
}

function does(phone, method, ...calls) {
  return phone.page.evaluate((name, ids) => window.does(name, ...ids), method, calls.map(({ id }) => id));
}

/** Everything that the control told, but for the actions. */
async function told(phone) {
  return (await phone.page.evaluate(() => window.told)).filter((line) => !line.startsWith("action"));
}

/** Bob calls Alice, who has answered. */
async function inCall(bob, alice) {
  const atBob = await bob.dial("1000");
  const atAlice = await alice.incoming(1);
  await does(alice, "answer", atAlice);
  await atBob.reaches("active");
  await atBob.hears(VOICES[1000]);
  await atAlice.hears(VOICES[1001]);
  return { atBob, atAlice };
}

/** Waits until somebody is heard no more. */
async function hearsNoMore(call, hz) {
  await until(`${hz} Hz is gone`, async () => (await call.tones()).every((heard) => Math.abs(heard - hz) > 12));
}

async function over(...phones) {
  await phones[0].page.evaluate(() => window.control[Symbol.dispose]());
  for (const phone of phones) await phone.close();
}

test("hold and answer, swap, and the one who was held comes back when the other hangs up", async () => {
  const [alice, bob, carol] = await three({ onSecondCall: "holdAndAnswer" });
  const { atBob, atAlice } = await inCall(bob, alice);

  const atCarol = await carol.dial("1000");
  const second = await alice.incoming(2);
  await second.hears(VOICES[1002]);
  await atCarol.hears(VOICES[1000]);
  assert.equal((await atAlice.look()).state, "held");
  await hearsNoMore(atBob, VOICES[1000]);
  await hearsNoMore(atBob, VOICES[1002]);

  await does(alice, "swap");
  await atAlice.hears(VOICES[1001]);
  await atBob.hears(VOICES[1000]);
  await hearsNoMore(atCarol, VOICES[1000]);
  assert.deepEqual([(await atAlice.look()).state, (await second.look()).state], ["active", "held"]);

  await atBob.does("hangup");
  await second.reaches("active");
  await second.hears(VOICES[1002]);
  await atCarol.hears(VOICES[1000]);
  assert.deepEqual(await told(alice), ["incomingCall"]);
  assert.deepEqual(await order(alice), ["answer", "hold", "answer", "hold", "unhold", "unhold"]);

  await over(alice, bob, carol);
});

/** What was asked of the gateway about calls, in order. */
async function order(phone) {
  const frames = await phone.frames("out");
  return frames.flatMap(({ method, params }) => {
    if (method === "verto.answer") return ["answer"];
    return method === "verto.modify" ? [params.action] : [];
  });
}

test("end and answer: the second is talked to, the first is over", async () => {
  const [alice, bob, carol] = await three({ onSecondCall: "endAndAnswer" });
  const { atBob, atAlice } = await inCall(bob, alice);

  const atCarol = await carol.dial("1000");
  assert.equal((await atBob.ends()).by, "remote");
  assert.equal((await atAlice.ends()).by, "local");
  await atCarol.hears(VOICES[1000]);
  await (await alice.incoming(2)).hears(VOICES[1002]);
  assert.deepEqual(await told(alice), ["incomingCall"]);

  await over(alice, bob, carol);
});

test("a third caller hears busy, and the other two notice nothing", async () => {
  const [alice, bob, carol] = await three();
  const { atBob, atAlice } = await inCall(bob, alice);
  const waiting = await carol.dial("1000");
  const second = await alice.incoming(2);
  const dan = await person(here, "1003");

  const third = await dan.dial("1000");
  const { cause, causeCode } = await third.ends();

  assert.deepEqual([cause, causeCode], ["USER_BUSY", 17]);
  assert.deepEqual([(await atAlice.look()).state, (await second.look()).state], ["active", "ringing"]);
  await atBob.hears(VOICES[1000]);
  assert.deepEqual(await told(alice), ["incomingCall", "incomingCall", "rejected maximumCalls"]);
  await waiting.does("hangup");

  await over(alice, bob, carol, dan);
});

test("a conference: each of three hears the two others, also muted, held, and after it", async () => {
  const [alice, bob, carol] = await three();
  const { atBob, atAlice } = await inCall(bob, alice);
  const atCarol = await carol.dial("1000");
  const second = await alice.incoming(2);
  await does(alice, "answer", second);
  await atCarol.hears(VOICES[1000]);

  await does(alice, "conference", atAlice, second);
  await atBob.hears([VOICES[1000], VOICES[1002]]);
  await atCarol.hears([VOICES[1000], VOICES[1001]]);
  await atAlice.hears(VOICES[1001]);
  await second.hears(VOICES[1002]);

  await atAlice.does("mute");
  await second.does("mute");
  await hearsNoMore(atBob, VOICES[1000]);
  await atBob.hears(VOICES[1002]);
  await atCarol.hears(VOICES[1001]);
  await atAlice.does("unmute");
  await second.does("unmute");
  await atBob.hears([VOICES[1000], VOICES[1002]]);

  await second.does("hold");
  await hearsNoMore(atBob, VOICES[1002]);
  await hearsNoMore(atCarol, VOICES[1001]);
  await atBob.hears(VOICES[1000]);
  await second.does("unhold");
  await atBob.hears([VOICES[1000], VOICES[1002]]);
  await atCarol.hears([VOICES[1000], VOICES[1001]]);

  await atCarol.does("hangup");
  await until("the conference is over", () => alice.page.evaluate(() => control.currentConference === undefined));
  await hearsNoMore(atBob, VOICES[1002]);
  await atBob.hears(VOICES[1000]);
  await atAlice.hears(VOICES[1001]);
  await until("nothing mixes any more", () => alice.page.evaluate(() => window.mixing.state === "closed"));
  assert.deepEqual(await told(alice), ["incomingCall", "incomingCall", "conferenceEnded"]);

  await over(alice, bob, carol);
});

test("telnyx: a conference: each of three hears the two others, and the one who is left again only the person", async () => {
  const [alice, bob, carol] = await three({}, { dialect: "telnyx" });
  const { atBob, atAlice } = await inCall(bob, alice);
  const atCarol = await carol.dial("1000");
  const second = await alice.incoming(2);
  await does(alice, "holdAndAnswer", second);
  await atCarol.hears(VOICES[1000]);
  assert.equal((await atAlice.look()).state, "held");

  await does(alice, "conference", atAlice, second);
  await atBob.hears([VOICES[1000], VOICES[1002]]);
  await atCarol.hears([VOICES[1000], VOICES[1001]]);
  await atAlice.hears(VOICES[1001]);
  await second.hears(VOICES[1002]);

  await atCarol.does("hangup");
  await until("the conference is over", () => alice.page.evaluate(() => control.currentConference === undefined));
  await hearsNoMore(atBob, VOICES[1002]);
  await atBob.hears(VOICES[1000]);
  await until("nothing mixes any more", () => alice.page.evaluate(() => window.mixing.state === "closed"));

  await over(alice, bob, carol);
});

test("a conference waits as a whole for a third call, and comes back as a whole", async () => {
  const [alice, bob, carol] = await three({ maximumCalls: 3 });
  const dan = await person(here, "1003");
  const first = await talking(alice, bob, "1001", VOICES[1000]);
  await first.out.does("hold");
  const second = await talking(alice, carol, "1002", VOICES[1000]);
  await does(alice, "conference", first.out, second.out);
  await first.incoming.hears([VOICES[1000], VOICES[1002]]);

  const atDan = await dan.dial("1000");
  const third = await alice.incoming(1);
  await does(alice, "holdAndAnswer", third);
  await atDan.hears(VOICES[1000]);
  for (const { out } of [first, second]) assert.equal((await out.look()).state, "held");

  await does(alice, "swap");
  await first.incoming.hears([VOICES[1000], VOICES[1002]]);
  await second.incoming.hears([VOICES[1000], VOICES[1001]]);
  assert.equal((await third.look()).state, "held");
  await does(alice, "swap");
  await atDan.hears(VOICES[1000]);

  await atDan.does("hangup");
  await first.incoming.hears([VOICES[1000], VOICES[1002]]);
  await second.incoming.hears([VOICES[1000], VOICES[1001]]);
  assert.deepEqual(await told(alice), ["incomingCall"]);

  await over(alice, bob, carol, dan);
});

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: after a reload the next control knows who talks and who waits, and swaps them`, async () => {
    const [alice, bob, carol] = await three({}, { dialect, onReload: "resume" });
    const { atBob, atAlice } = await inCall(bob, alice);
    const atCarol = await carol.dial("1000");
    const second = await alice.incoming(2);
    await does(alice, "holdAndAnswer", second);
    await atCarol.hears(VOICES[1000]);

    await alice.reload();
    await alice.page.evaluate((hz) => window.phone.speakTone(hz), VOICES[1000]);
    await alice.signIn({ login: "1000", password: "1234", url: here.gateway[dialect], dialect, onReload: "resume" });
    await controls(alice);
    await second.reaches("active", { within: 30_000 });
    await atAlice.reaches("held", { within: 30_000 });
    const places = () => alice.page.evaluate(() => [control.active?.id, ...control.held.map(({ id }) => id)]);
    assert.deepEqual(await places(), [second.id, atAlice.id]);
    await atCarol.hears(VOICES[1000], { within: 30_000 });

    await does(alice, "swap");
    assert.deepEqual(await places(), [atAlice.id, second.id]);
    await atBob.hears(VOICES[1000]);
    await atAlice.hears(VOICES[1001]);
    await hearsNoMore(atCarol, VOICES[1000]);

    await over(alice, bob, carol);
  });
}

test("a conference goes on after the connection was lost, and leaving it parts the two others", async () => {
  const [alice, bob, carol] = await three();
  const first = await talking(alice, bob, "1001", VOICES[1000]);
  await first.out.does("hold");
  const second = await talking(alice, carol, "1002", VOICES[1000]);
  await does(alice, "conference", first.out, second.out);
  await first.incoming.hears([VOICES[1000], VOICES[1002]]);

  await here.gateway.fault("drop&user=1000");
  await first.out.passes("reconnecting");
  await first.out.reaches("active", { within: 30_000 });
  await second.out.reaches("active", { within: 30_000 });
  await first.incoming.hears([VOICES[1000], VOICES[1002]], { within: 30_000 });
  await second.incoming.hears([VOICES[1000], VOICES[1001]], { within: 30_000 });

  assert.equal(await alice.page.evaluate(() => window.mixing.state), "running");
  await alice.page.evaluate(() => window.conference.leave());
  assert.equal(await alice.page.evaluate(() => window.mixing.state), "closed");
  await hearsNoMore(first.incoming, VOICES[1002]);
  await hearsNoMore(second.incoming, VOICES[1001]);
  await first.incoming.hears(VOICES[1000]);
  await second.incoming.hears(VOICES[1000]);
  assert.deepEqual(await told(alice), ["conferenceEnded", "warning severalActive"]);

  await over(alice, bob, carol);
});

test("a transaction against the gateway: what was done is undone when a later action fails", async () => {
  const [alice, bob, carol] = await three();
  const { atBob, atAlice } = await inCall(bob, alice);

  const { fulfilled, code, statuses } = await alice.page.evaluate(async (id) => {
    const call = phone.calls.get(id);
    const result = await control.request([
      { type: "setMuted", call, muted: true },
      { type: "start", options: { destinationNumber: "1002" } },
      { type: "setHeld", call, held: true },
      { type: "playDtmf", call, digits: "?" },
      { type: "end", call },
    ]);
    const { outcomes, fulfilled, error } = result;
    const statuses = outcomes.map(({ action, status, undone }) => [action.type, status, undone ?? "-"]);
    return { fulfilled, code: error.code, statuses };
  }, atAlice.id);

  assert.deepEqual([fulfilled, code], [false, 44002]);
  assert.deepEqual(statuses, [
    ["setMuted", "fulfilled", true], ["setHeld", "fulfilled", true], ["start", "fulfilled", true],
    ["setHeld", "fulfilled", "-"], ["playDtmf", "failed", "-"], ["end", "skipped", "-"],
  ]);
  await atBob.hears(VOICES[1000]);
  const left = await alice.page.evaluate(() => client.calls.map(({ state, muted }) => [state, muted]));
  assert.deepEqual(left, [["active", false]]);

  await over(alice, bob, carol);
});
