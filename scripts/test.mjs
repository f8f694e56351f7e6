// `npm test`: sets up what is missing, builds, and runs every ring of tests; `npm test -- ring…` runs only some.

import { relative } from "node:path";
import { build } from "./build.mjs";
import { Failure, ROOT, endLeftOver, endMarked, run, say, seconds } from "./process.mjs";
import { RINGS } from "./rings.mjs";
import { lookAgain } from "./second-look.mjs";
import { setUpToTest } from "./setup.mjs";
import { bundleTestPage } from "./test-page.mjs";
import { cargoEnvironment } from "./tools.mjs";

/** Inherited by everything that a ring starts, so that whatever outlives it can be found and ended. */
const MARK = "OFFHOOK_TEST_RUN";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !RINGS.some((ring) => ring.name === name));
if (unknown.length > 0) {
  console.error(`no such ring: ${unknown.join(", ")}. There are: ${RINGS.map((ring) => ring.name).join(", ")}`);
  process.exit(2);
}

const started = performance.now();
process.env[MARK] = `${process.pid}-${Date.now()}`;
process.on("exit", () => endMarked(`${MARK}=${process.env[MARK]}`));
try {
  await setUpToTest();
  await build();
  await bundleTestPage();
  await run("cargo", ["build", "--package", "offhook-gateway"], { env: cargoEnvironment() });
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exit(1);
}
say(`Ready to test after ${seconds(started)}`);

const results = [];
for (const group of groups(RINGS.filter(({ name }) => asked.length === 0 || asked.includes(name)))) {
  results.push(...await runGroup(group));
}
report(results);

/** Rings that run one after the other, or side by side. */
function groups(rings) {
  const found = [];
  for (const ring of rings) {
    const last = found.at(-1);
    if (ring.beside !== undefined && ring.beside === last?.[0].name) last.push(ring);
    else found.push([ring]);
  }
  return found;
}

async function runGroup(rings) {
  const finished = await Promise.all(rings.map(runRing));
  await endLeft(finished);
  for (const [i, ring] of rings.entries()) await lookAgain(ring, finished[i]);
  await endLeft(finished);
  for (const result of finished) {
    // A ring that cannot run, or whose tests have become fewer, counts as one failure more.
    if (result.problems.length > 0 && result.failed === 0) result.failed = 1;
    for (const problem of result.problems) console.error(`${result.name}: ${problem}`);
  }
  return finished;
}

/** Ends what outlives the tests that started it: where none failed, that is a failure of its own. */
async function endLeft(finished) {
  const left = await endLeftOver(`${MARK}=${process.env[MARK]}`);
  if (left.length > 0 && finished.every(({ failed }) => failed === 0)) finished.at(-1).problems.push(`left running: ${left.join(", ")}`);
}

async function runRing({ name, least, test }) {
  say(name);
  const began = performance.now();
  const result = { name, passed: 0, failed: 0, problems: [], failures: [], unsteady: [] };
  try {
    Object.assign(result, await test());
  } catch (error) {
    result.problems.push(error instanceof Failure ? error.message : error.stack);
  }
  if (result.passed + result.failed < least) {
    result.problems.push(`${result.passed + result.failed} tests ran; there are at least ${least}`);
  }
  result.seconds = (performance.now() - began) / 1000;
  return result;
}

function report(results) {
  for (const { name, failures, unsteady } of results) {
    for (const failure of failures) tell(`✖ ${name}`, failure);
    for (const failure of unsteady) tell(`⚠ ${name}: unsteady, held when asked again`, failure);
  }
  console.log("");
  for (const { name, passed, failed, problems, unsteady, seconds } of results) {
    const steady = unsteady.length > 0 ? `ok, unsteady ${unsteady.length}` : "ok";
    const verdict = failed > 0 ? `FAILED ${failed}  ${problems.map((text) => text.split("\n")[0]).join("; ")}` : steady;
    console.log(`${name.padEnd(18)}${String(passed).padStart(5)} tests${seconds.toFixed(1).padStart(8)} s   ${verdict}`);
  }
  const sum = (column) => results.reduce((total, result) => total + result[column], 0);
  console.log(`\nin ${seconds(started)}\n`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}

/** Why a test failed, once more at the end: its ring may have said it an hour before. */
function tell(what, { name, file, message }) {
  const place = file ? ` (${relative(ROOT, file)})` : "";
  console.log(`\n${what}: ${name}${place}\n${message.replaceAll(/^/gm, "  ")}`);
}
