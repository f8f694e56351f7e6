// What the page that shows traces makes of what the core tells it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Trace } from "../../www/trace/model.js";
import { lasting } from "../../www/trace/words.js";

/** A trace whose replay comes to these points, and ends ten seconds after it began. */
async function replayed(points) {
  const rows = [0, 10_000].map((at, line) => ({ at, line, from: "page", to: "core", kind: "page", words: "…" }));
  const viewer = {
    advance: () => JSON.stringify({ rows, states: [], points, progress: 1, bad: null }),
    outcome: () => JSON.stringify({ comparable: true, difference: null, format: 1, version: "1" }),
  };
  const trace = new Trace("a.trace", "{}\n{}", viewer);
  await trace.replay(() => {}, new AbortController().signal);
  return trace;
}

test("a warning of one call lasts, though the same one of another call is over", async () => {
  const point = (at, call, ...warnings) => ({ at, peer: 1, call, warnings });

  const { warnings } = await replayed([
    point(1_000, "a", 31003), point(2_000, "b", 31003), point(3_000, "a", -31003), point(5_000, "b", -31003, 61202),
  ]);

  assert.deepEqual(warnings, [
    { from: 1_000, to: 5_000, state: "loss" }, { from: 5_000, to: 10_000, state: "echo" },
  ]);
});

test("no while has sixty seconds over, or sixty minutes", () => {
  assert.deepEqual([119_400, 119_700, 3_599_400, 3_599_700, 7_199_000].map(lasting), [
    "1 min 59 s", "2 min 0 s", "59 min 59 s", "1 h 0 min", "2 h 0 min",
  ]);
});
