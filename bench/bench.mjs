// `npm run bench`: Offhook, @telnyx/webrtc and a bare script side by side. `-- ROW…` measures only some rows,
// `--rounds N` so many times, `--json` and `--markdown` print for machines and for the README.

import { parseArgs } from "node:util";
import { CALLS, CONTESTANTS, VISITED, memoryLooks, quietCall, visitOnce, weigh } from "./contest.mjs";
import { circumstances, judge, markdown, sampleKey, table } from "./report.mjs";
import { ROWS } from "./rows.mjs";
import { openStage } from "./stage.mjs";

/** Rounds whose samples are dropped: the disk, the gateway and the browser itself are cold in the first. */
const WARM_UPS = 1;

/** Watching a call takes its time, and CPU time hardly differs from one to the next. */
const MOST_WATCHED = 3;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "9" }, json: { type: "boolean" }, markdown: { type: "boolean" } },
});
const rounds = Number(flags.rounds);
const rows = ROWS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  const there = ROWS.map(({ name }) => name).join(", ");
  console.error(unknown.length > 0 ? `no such row: ${unknown.join(", ")}. There are: ${there}`
    : `--rounds is ${flags.rounds}, but must be a whole number from 1 on`);
  process.exit(2);
}

/** @type {Map<string, number[]>} */
const samples = new Map();
const failures = [];
const stage = await openStage();
try {
  await measure();
} finally {
  await stage.close();
}
const judged = judge(rows, samples);
const about = circumstances({ version: stage.version, rounds, warmUps: WARM_UPS });
if (flags.json) console.log(JSON.stringify({ about, rounds, rows: judged, failures }, undefined, 2));
else console.log(`${flags.markdown ? markdown(judged) : table(judged)}\n\n${about}`);
// What could not be measured is not a table.
if (failures.length > 0) process.exitCode = 1;

async function measure() {
  for (const contestant of CONTESTANTS) {
    if (wanted(contestant).has("bytes")) keep(contestant, "bytes", weigh(stage, contestant.kind));
  }
  await inTurn("round", WARM_UPS + rounds, VISITED, async (contestant, number, round) => {
    const measured = await visitOnce(stage, contestant, number, wanted(contestant));
    if (round < WARM_UPS) return;
    for (const [name, value] of Object.entries(measured)) keep(contestant, name, value);
  });
  await inTurn("watching a quiet call", Math.min(rounds, MOST_WATCHED), ["quiet"], async (contestant, number) => {
    keep(contestant, "quiet", await quietCall(stage, contestant, number));
  });
  await inTurn("many calls", 1, ["memory"], async (contestant, number) => {
    const looks = await memoryLooks(stage, contestant, number);
    say(`${contestant.name}: ${looks.map((bytes) => Math.round(bytes / 1024)).join(", ")} KiB, ${CALLS} calls between`);
    // In the first hundred code is still being compiled, and caches grow to their size.
    const [, between, after] = looks;
    keep(contestant, "memory", (after - between) / CALLS);
  });
}

/** Each round every contestant, in another order each time, so that nobody always comes after the same one. */
async function inTurn(what, times, measures, work) {
  const contestants = CONTESTANTS.filter((contestant) => measures.some((name) => wanted(contestant).has(name)));
  let number = 0;
  for (let round = 0; round < (contestants.length && times); round += 1) {
    say(`${what}: ${round + 1} of ${times}`);
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const contestant = contestants[(round + turn) % contestants.length];
      try {
        await work(contestant, number += 1, round);
      } catch (error) {
        failures.push(`${contestant.name}: ${error.message}`);
        say(`FAILED: ${failures.at(-1)}`);
      }
    }
  }
}

/** What the rows want of a contestant. */
function wanted({ name }) {
  const cells = rows.flatMap(({ cells }) => Object.values(cells));
  return new Set(cells.filter(({ contestant }) => contestant === name).map(({ measure }) => measure));
}

function keep({ name }, measure, value) {
  const key = sampleKey({ contestant: name, measure });
  samples.set(key, [...(samples.get(key) ?? []), value]);
}

/** Progress, beside what a machine reads. */
function say(words) {
  console.error(words);
}
