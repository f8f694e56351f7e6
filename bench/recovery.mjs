// `npm run bench:recovery`: what goes wrong in a call with sound, and how long nothing is heard then. `-- FAULT…`
// measures only some, `--browser NAME` in one browser, `--rounds N` so many times, `--json` and `--markdown` print for
// machines and for the README.

import { parseArgs } from "node:util";
import { Failure, attempt } from "../scripts/process.mjs";
import { BROWSER, launchBrowser } from "../tests/harness/browser.mjs";
import { startCoturn } from "../tests/harness/coturn.mjs";
import { startGateway } from "../tests/harness/gateway.mjs";
import { closePages } from "../tests/harness/phone.mjs";
import { FAULTS } from "./recovery/faults.mjs";
import { circumstances, rowOf, table } from "./recovery/report.mjs";

const BROWSERS = ["chromium", "firefox"];

/** Who needs a minute for each sample hardly differs from one to the next. */
const MOST_SLOW = 2;

/** In the first round everything is cold; it is dropped. */
const WARM_UPS = 1;

/** The longest that one browser may take, in seconds. */
const LIMIT = 3 * 60 * 60;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" }, browser: { type: "string" },
    json: { type: "boolean" }, markdown: { type: "boolean" },
  },
});
const rounds = Number(flags.rounds);
const faults = FAULTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((name) => !FAULTS.some((fault) => fault.name === name));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1 || !BROWSERS.includes(flags.browser ?? BROWSER)) {
  const there = FAULTS.map(({ name }) => name).join(", ");
  console.error(`--rounds is a whole number from 1 on, --browser is ${BROWSERS.join(" or ")}; faults: ${there}`);
  process.exit(2);
}

const found = flags.browser === undefined ? await inEach() : await inOne();
if (flags.json) console.log(JSON.stringify(found, undefined, 2));
else console.log(`${table(found.rows, { markdown: flags.markdown })}\n\n${circumstances(found)}`);
// What could not be measured is not a table.
if (found.failures.length > 0) process.exitCode = 1;

/** Each browser in a process of its own: which one it is, the harness takes from the environment. */
async function inEach() {
  const parts = [];
  for (const browser of BROWSERS) {
    const args = [import.meta.filename, ...positionals, "--browser", browser, "--rounds", flags.rounds, "--json"];
    const env = { ...process.env, OFFHOOK_BROWSER: browser };
    const { output } = await attempt(process.execPath, args, { env, quiet: true, limit: LIMIT });
    // Progress is before it, on the other stream.
    const start = output.indexOf("{\n");
    if (start < 0) throw new Failure(`nothing measured in ${browser}:\n${output}`);
    parts.push(JSON.parse(output.slice(start)));
  }
  return {
    rounds,
    versions: parts.flatMap(({ versions }) => versions),
    rows: parts.flatMap(({ rows }) => rows),
    failures: parts.flatMap(({ failures }) => failures),
  };
}

async function inOne() {
  const stage = { gateway: await startGateway({ detachTime: 60 }), coturn: await startCoturn() };
  const samples = new Map();
  const failures = [];
  try {
    stage.browser = await launchBrowser();
    const versions = [await stage.browser.version()];
    for (let round = 0; round < WARM_UPS + rounds; round += 1) await measureAll(stage, round, { samples, failures });
    const rows = [...samples.values()].map((entry) => rowOf(entry));
    return { rounds, versions, rows, failures };
  } finally {
    await stage.browser?.close();
    await stage.coturn.stop();
    await stage.gateway.stop();
  }
}

async function measureAll(stage, round, { samples, failures }) {
  for (const fault of faults.filter(({ slow }) => round < WARM_UPS + (slow ? Math.min(rounds, MOST_SLOW) : rounds))) {
    // Cold or not makes no difference to who waits for half a minute.
    if (round < WARM_UPS && fault.slow) continue;
    for (const dialect of fault.dialects) {
      const what = `${BROWSER} ${dialect} ${fault.name}`;
      try {
        const sample = await fault.measure(stage, dialect);
        console.error(`${what}: ${JSON.stringify(sample)}`);
        if (round < WARM_UPS) continue;
        const entry = samples.get(what) ?? { fault, dialect, browser: BROWSER, samples: [] };
        entry.samples.push(sample);
        samples.set(what, entry);
      } catch (error) {
        failures.push(`${what}: ${error.message}`);
        console.error(`FAILED: ${failures.at(-1)}`);
        await closePages();
      }
    }
  }
}
