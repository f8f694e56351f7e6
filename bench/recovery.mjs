// `npm run bench:recovery`: what goes wrong in a call with sound, and how long nothing is heard then. `-- FAULT…`
// measures only some, `--browser NAME` in one browser, `--rounds N` so many times, `--minutes N` no longer than that in
// each browser; `--json` and `--markdown` print for machines and for the README, `--write FILE` prints the JSON there.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, attempt } from "../scripts/process.mjs";
import { BROWSER } from "../tests/harness/browser.mjs";
import { scratchFolder } from "../tests/harness/sound.mjs";
import { FAULTS } from "./recovery/faults.mjs";
import { circumstances, rowOf, table } from "./recovery/report.mjs";
import { measureAll } from "./recovery/rounds.mjs";

const BROWSERS = ["chromium", "firefox"];

/** Beyond its minutes a browser finishes the sample that it is at. */
const LAST_SAMPLE = 5;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "6" }, minutes: { type: "string", default: "45" }, browser: { type: "string" },
    json: { type: "boolean" }, markdown: { type: "boolean" }, write: { type: "string" },
  },
});
const [rounds, minutes] = [Number(flags.rounds), Number(flags.minutes)];
const faults = FAULTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((name) => !FAULTS.some((fault) => fault.name === name));
if (unknown.length > 0 || !isCount(rounds) || !isCount(minutes) || !BROWSERS.includes(flags.browser ?? BROWSER)) {
  const there = FAULTS.map(({ name }) => name).join(", ");
  const browsers = BROWSERS.join(" or ");
  console.error(`--rounds and --minutes are whole numbers from 1 on, --browser is ${browsers}; faults: ${there}`);
  process.exit(2);
}

const found = flags.browser === undefined ? await inEach() : await inOne(flags.browser);
if (flags.write) writeFileSync(flags.write, JSON.stringify(found));
else if (flags.json) console.log(JSON.stringify(found, undefined, 2));
else console.log(`${table(found.rows, { markdown: flags.markdown })}\n\n${circumstances(found)}`);
// What could not be measured is not a table.
if (found.failures.length > 0) process.exitCode = 1;

function isCount(number) {
  return Number.isInteger(number) && number >= 1;
}

async function inEach() {
  const parts = [];
  for (const browser of BROWSERS) parts.push(await inOne(browser));
  return {
    rounds,
    versions: parts.flatMap(({ versions }) => versions),
    rows: parts.flatMap(({ rows }) => rows),
    failures: parts.flatMap(({ failures }) => failures),
    cut: parts.flatMap(({ cut }) => cut),
  };
}

/** Which browser it is, the harness takes from the environment: another one needs a process of its own. */
async function inOne(browser) {
  if (browser === BROWSER && flags.browser !== undefined) {
    const { samples, ...rest } = await measureAll(faults, { rounds, minutes });
    return { rounds, rows: samples.map((entry) => rowOf(entry)), ...rest };
  }
  const file = join(scratchFolder(), `${browser}.json`);
  const args = [
    import.meta.filename, ...positionals,
    "--browser", browser, "--rounds", flags.rounds, "--minutes", flags.minutes, "--write", file,
  ];
  const env = { ...process.env, OFFHOOK_BROWSER: browser };
  const { code } = await attempt(process.execPath, args, { env, limit: 60 * (minutes + LAST_SAMPLE) });
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Failure(`nothing measured in ${browser}: ended with ${code}`);
  }
}
