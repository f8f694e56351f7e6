// Which tones sound while a client's calls are so: tables, and what holds for all lives of calls.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endTone, project } from "../../js/tones/projection.js";

const TELNYX = { connectingMs: Infinity, endMs: 4_000 };
const FREESWITCH = { connectingMs: 1_000, endMs: 4_000 };

function call(fields) {
  return {
    id: "a", direction: "outbound", state: "new", earlyMedia: false, wasAnswered: false, reason: undefined, since: 0,
    ...fields,
  };
}

const rings = (fields) => call({ id: "in", direction: "inbound", state: "ringing", ...fields });

/** The names of what sounds. */
function heard(calls, { times = TELNYX, now = 0 } = {}) {
  return project(calls, times, now).tones.map(({ tone }) => tone);
}

for (const [name, state, fields, wanted] of [
  ["a call that is not on the wire yet", "new", {}, []],
  ["a call that rings at the other side", "ringing", {}, ["ringback"]],
  ["a call that rings, and lets be heard what it sends", "ringing", { earlyMedia: true }, []],
  ["a call that is answered", "active", { wasAnswered: true }, []],
  ["a call on hold", "held", { wasAnswered: true }, []],
  ["a call that is brought back", "reconnecting", { wasAnswered: true }, []],
  ["a call without a network", "dropped", { wasAnswered: true }, []],
  ["an incoming call", "new", { direction: "inbound" }, ["ringtone"]],
  ["an incoming call that rings", "ringing", { direction: "inbound" }, ["ringtone"]],
  ["an incoming call that is being answered", "connecting", { direction: "inbound" }, []],
]) {
  test(`${name} sounds as ${wanted.join() || "nothing"}`, () => {
    for (const times of [TELNYX, FREESWITCH]) {
      assert.deepEqual(heard([call({ state, ...fields })], { times, now: 10_000 }), wanted);
    }
  });
}

test("a call that nobody says to ring rings after a second, where the gateway never says so", () => {
  const calls = [call({ state: "connecting", since: 500 })];

  assert.deepEqual(project(calls, FREESWITCH, 600), { tones: [], again: 1_500 });
  assert.deepEqual(project(calls, FREESWITCH, 1_500), { tones: [{ tone: "ringback", call: "a" }], again: undefined });
  assert.deepEqual(project(calls, TELNYX, 60_000), { tones: [], again: undefined });
  assert.deepEqual(heard(calls, { times: { ...TELNYX, connectingMs: 0 }, now: 500 }), ["ringback"]);
  assert.deepEqual(heard([{ ...calls[0], earlyMedia: true }], { times: FREESWITCH, now: 1_500 }), []);
});

for (const [name, other, wanted] of [
  ["who speaks", { state: "active" }, "callWaiting"],
  ["who calls", { state: "connecting" }, "callWaiting"],
  ["whom it rings for", { state: "ringing", earlyMedia: true }, "callWaiting"],
  ["whose call is brought back", { state: "reconnecting" }, "callWaiting"],
  ["who answers", { state: "connecting", direction: "inbound" }, "callWaiting"],
  ["who holds a call, and may have put the receiver down,", { state: "held" }, "ringtone"],
]) {
  test(`a call that comes for ${name} is told by ${wanted}`, () => {
    assert.deepEqual(heard([call({ id: "b", ...other }), rings()]), [wanted]);
  });
}

test("two calls that ring ring once, until both are gone", () => {
  const [x, y] = [rings({ id: "x" }), rings({ id: "y" })];

  assert.deepEqual(project([x, y], TELNYX, 0).tones, [{ tone: "ringtone", call: "x" }]);
  assert.deepEqual(project([y], TELNYX, 0).tones, [{ tone: "ringtone", call: "y" }]);
});

const ENDS = [
  ["we hung up", {}, { by: "local", causeCode: 17 }, undefined],
  ["the callee is busy", {}, { by: "remote", causeCode: 17 }, "busy"],
  ["the callee is busy, as SIP has it", {}, { by: "remote", sipCode: 486 }, "busy"],
  ["everybody is busy", {}, { by: "remote", sipCode: 600 }, "busy"],
  ["the number is unassigned", {}, { by: "server", causeCode: 1 }, "unobtainable"],
  ["the user is not there", {}, { by: "server", sipCode: 404 }, "unobtainable"],
  ["the callee is out of order", {}, { by: "server", causeCode: 27 }, "unobtainable"],
  ["the callee rejects", {}, { by: "remote", causeCode: 21 }, "congestion"],
  ["nobody answers", {}, { by: "remote", causeCode: 19 }, "congestion"],
  ["there is no line", {}, { by: "server", causeCode: 34 }, "congestion"],
  ["nothing is known", {}, { by: "server" }, "congestion"],
  ["the network went before the answer", {}, { by: "network" }, "congestion"],
  ["an announcement is over", {}, { by: "remote", causeCode: 16 }, "ended"],
  ["the other side hung up", { wasAnswered: true }, { by: "remote", causeCode: 16 }, "ended"],
  ["the other side was cut off", { wasAnswered: true }, { by: "server", causeCode: 31 }, "ended"],
  ["the network took a call", { wasAnswered: true }, { by: "network" }, "congestion"],
  ["a call did not come back in time", { wasAnswered: true }, { by: "timeout" }, "congestion"],
  ["the caller gave up", { direction: "inbound" }, { by: "remote", causeCode: 487 }, undefined],
  ["we rejected", { direction: "inbound" }, { by: "local", causeCode: 17 }, undefined],
  ["somebody else answered", { direction: "inbound" }, { by: "remote", causeCode: 26 }, undefined],
  ["a caller hung up", { direction: "inbound", wasAnswered: true }, { by: "remote", causeCode: 16 }, "ended"],
];

for (const [name, fields, reason, wanted] of ENDS) {
  test(`when ${name}, the end sounds as ${wanted ?? "nothing"}`, () => {
    const ended = call({ ...fields, reason, state: "done" });

    assert.equal(endTone(ended), wanted);
    assert.deepEqual(heard([ended], { now: 1_000 }), wanted ? [wanted] : []);
  });
}

test("the tone of an end is over after its time, and no end sounds without time for it", () => {
  const busy = call({ state: "done", since: 100, reason: { by: "remote", causeCode: 17 } });

  assert.deepEqual(project([busy], TELNYX, 100), { tones: [{ tone: "busy", call: "a" }], again: 4_100 });
  assert.deepEqual(project([busy], TELNYX, 4_100), { tones: [], again: undefined });
  assert.deepEqual(heard([busy], { now: 100, times: { ...TELNYX, endMs: 0 } }), []);
});

test("an end is told to who holds another call, and not into one that is up, rings or is made", () => {
  const busy = call({ state: "done", reason: { by: "remote", causeCode: 17 } });

  assert.deepEqual(heard([call({ id: "b", state: "held" }), busy]), ["busy"]);
  assert.deepEqual(heard([call({ id: "b", state: "active" }), busy]), []);
  assert.deepEqual(heard([busy, call({ id: "b", state: "connecting" })]), []);
  assert.deepEqual(heard([busy, rings()]), ["ringtone"]);
});

test("of two ends the newer one is told, also where it sounds as nothing", () => {
  const busy = call({ state: "done", since: 10, reason: { by: "remote", causeCode: 17 } });

  const hungUp = call({ id: "b", state: "done", since: 20, wasAnswered: true, reason: { by: "local" } });

  assert.deepEqual(heard([busy, hungUp], { now: 20 }), []);
  assert.deepEqual(heard([hungUp, { ...busy, since: 30 }], { now: 30 }), ["busy"]);
});

/** What may stand for a tone in the calls: written from what a person expects, not from how it is decided. */
const CAUSES = {
  ringtone: ({ direction, state }) => direction === "inbound" && ["new", "ringing"].includes(state),
  callWaiting: ({ direction, state }) => direction === "inbound" && ["new", "ringing"].includes(state),
  ringback: ({ direction, state, earlyMedia }) => {
    return direction === "outbound" && !earlyMedia && ["connecting", "ringing"].includes(state);
  },
  busy: failed, congestion: failed, unobtainable: failed, ended: failed,
};

function failed({ state, since, reason }, { endMs }, now) {
  return state === "done" && reason.by !== "local" && now - since < Math.max(endMs, 1_500);
}

test("in any life of calls no tone is without its cause, none outlives its call, and silence is never missed", () => {
  let sounded = 0;
  for (let seed = 1; seed <= 2_000; seed += 1) {
    for (const { calls, times, now } of moments(seed)) {
      const { tones, again } = project(calls, times, now);

      const context = JSON.stringify({ seed, calls, times, now, tones });
      for (const { tone, call: id } of tones) {
        const cause = calls.find((one) => one.id === id);
        assert.ok(cause && CAUSES[tone](cause, times, now), context);
      }
      const names = tones.map(({ tone }) => tone);
      assert.equal(new Set(names).size, names.length, context);
      assert.ok(!(names.includes("ringtone") && names.includes("callWaiting")), context);
      const isCalled = calls.some((one) => CAUSES.ringtone(one));
      assert.equal(names.some((name) => name === "ringtone" || name === "callWaiting"), isCalled, context);
      // Until it is asked again, nothing changes by itself.
      assert.ok(again === undefined || again > now, context);
      const before = again === undefined ? now + 1e6 : again - 1e-3;
      assert.deepEqual(project(calls, times, before).tones, tones, context);
      sounded += tones.length;
    }
  }
  assert.ok(sounded > 10_000, `only ${sounded} tones sounded`);
});

const NEXT = {
  outbound: {
    new: ["connecting", "done"], connecting: ["ringing", "active", "done"], ringing: ["active", "done"],
    active: ["held", "reconnecting", "dropped", "done"], held: ["active", "reconnecting", "done"],
    reconnecting: ["active", "held", "dropped", "done"], dropped: ["reconnecting", "done"], done: ["done"],
  },
};
NEXT.inbound = {
  ...NEXT.outbound, new: ["ringing", "done"], ringing: ["connecting", "done"], connecting: ["active", "done"],
};

/** A life of up to three calls, step by step; the same for the same seed. */
function* moments(seed) {
  const random = mulberry(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const times = { connectingMs: pick([0, 1_000, Infinity]), endMs: pick([0, 2_000, 4_000, 30_000]) };
  const calls = [];
  let now = 0;
  for (let step = 0; step < 30; step += 1) {
    now += Math.floor(random() * 3_000);
    if (calls.length < 3 && random() < 0.3) {
      calls.push(call({ id: `${calls.length}`, direction: pick(["inbound", "outbound"]), since: now }));
    } else if (calls.length > 0) {
      const n = Math.floor(random() * calls.length);
      const one = calls[n];
      const state = pick(NEXT[one.direction][one.state]);
      const reason = state === "done" && {
        by: pick(["local", "remote", "server", "network", "timeout"]),
        causeCode: pick([undefined, 1, 16, 17, 21, 27, 34]), sipCode: pick([undefined, 404, 486, 503]),
      };
      calls[n] = {
        ...one, state, since: state === one.state ? one.since : now, reason: one.reason ?? (reason || undefined),
        wasAnswered: one.wasAnswered || state === "active",
        earlyMedia: one.earlyMedia || (one.direction === "outbound" && state === "ringing" && random() < 0.4),
      };
    }
    yield { calls: [...calls], times, now };
  }
}

/** Random numbers that a seed repeats (mulberry32). */
function mulberry(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
