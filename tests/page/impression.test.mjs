// What the softphone makes of what is measured: calmer than the figures, and advice only for what lasts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceFor, adviceOn } from "../../www/softphone/advice.js";
import { Impression } from "../../www/softphone/band.js";

/** What is shown after each look. */
function shown(bands, impression = new Impression()) {
  return bands.map((band) => {
    impression.take(band);
    return impression.band;
  });
}

/** Whether it stays poor, after each look. */
function lasting(bands, impression = new Impression()) {
  return bands.map((band) => {
    impression.take(band);
    return impression.staysPoor;
  });
}

test("the first score is shown at once, the next when two looks agree", () => {
  assert.deepEqual(shown(["good", "poor", "poor"]), ["good", "good", "poor"]);
  assert.deepEqual(shown(["poor", "good", "good"]), ["poor", "poor", "good"]);
});

test("one look alone changes nothing", () => {
  assert.deepEqual(shown(["good", "bad", "good", "excellent", "good"]), ["good", "good", "good", "good", "good"]);
});

test("two looks that differ change it by what both say", () => {
  assert.deepEqual(shown(["excellent", "bad", "fair"]), ["excellent", "excellent", "fair"]);
  assert.deepEqual(shown(["bad", "excellent", "fair"]), ["bad", "bad", "fair"]);
});

test("what is not known is shown at once, and what comes after it, too", () => {
  assert.deepEqual(shown(["good", "unknown", "bad"]), ["good", "unknown", "bad"]);
});

test("it stays poor from the third poor look in a row on, until three are not", () => {
  assert.deepEqual(lasting(["poor", "bad", "fair", "poor", "poor", "bad"]), [false, false, false, false, false, true]);
  const impression = new Impression();
  lasting(["bad", "bad", "bad"], impression);
  assert.deepEqual(lasting(["good", "good", "bad", "good", "good", "fair"], impression), [true, true, true, true, true, false]);
});

test("looks that find nothing neither lengthen nor break a row", () => {
  assert.deepEqual(lasting(["poor", "poor", "unknown", "poor"]), [false, false, false, true]);
});

test("after a hold all begins anew", () => {
  const impression = new Impression();
  lasting(["bad", "bad", "bad"], impression);

  impression.pause();

  assert.deepEqual([impression.band, impression.staysPoor], ["unknown", false]);
  assert.deepEqual(lasting(["bad", "bad", "bad"], impression), [false, false, true]);
});

test("advice is about what costs most of the score", () => {
  const words = (sample) => adviceFor(sample).what;
  assert.match(words({ costliest: "loss" }), /get lost/);
  assert.match(words({ costliest: "jitter" }), /unevenly/);
  assert.match(words({ costliest: "rtt" }), /takes long/);
  assert.match(words({}), /connection is poor/);
  assert.match(words(undefined), /connection is poor/);
});

test("of what else is wrong, only what is not told elsewhere is advised on, the worst first", () => {
  const warning = (name) => ({ code: 0, name, at: 0, message: `${name} it is`, advice: "Do this." });

  assert.equal(adviceOn([warning("HIGH_JITTER"), warning("LOW_LOCAL_AUDIO")], undefined), undefined);
  assert.deepEqual(adviceOn([warning("CPU_LIMITED"), warning("ONE_WAY_AUDIO")], undefined), {
    what: "ONE_WAY_AUDIO it is.", advice: "Do this.",
  });
  assert.equal(adviceOn([warning("CPU_LIMITED")], { mosCqe: 4.3 }), undefined, "a busy machine that keeps up");
  assert.ok(adviceOn([warning("CPU_LIMITED")], { mosCqe: 3.2 }));
  assert.equal(adviceOn([warning("HIGH_OUTBOUND_PACKET_LOSS")], { remoteLoss: 0.02 }), undefined, "it is made up for");
  assert.deepEqual(adviceOn([warning("HIGH_OUTBOUND_PACKET_LOSS")], { remoteLoss: 0.05 }), {
    what: "Parts of what you say get lost on the way.", advice: "Do this.",
  });
});
