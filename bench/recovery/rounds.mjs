// Which fault has its turn when, in one browser, and what is done after one that failed.

import { loadavg } from "node:os";
import { BROWSER, launchBrowser } from "../../tests/harness/browser.mjs";
import { startCoturn } from "../../tests/harness/coturn.mjs";
import { startGateway } from "../../tests/harness/gateway.mjs";
import { hasGoal } from "./report.mjs";

/** How often at most what no goal speaks of is measured, and what hardly differs from one sample to the next. */
const MOST = 3;
const MOST_SLOW = 2;

/** What makes the browser warm: the first connections and the first reload are dropped. */
const WARM_UP = ["drop", "reload"];

/**
 * Measures faults in rounds, and begins no sample after so many minutes. Resolves to the `samples` of each fault and
 * dialect, the `failures` in words, and how much was `cut` short.
 */
export async function measureAll(faults, { rounds, minutes }) {
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 60_000;
  const stage = await setUp();
  try {
    const versions = [await stage.browser.version()];
    await warmUp(stage, faults);
    const plan = planned(faults, rounds);
    const entries = new Map();
    const failures = [];
    let done = 0;
    for (const [round, turns] of plan.entries()) {
      const word = `${turns.length} samples, ${passed().toFixed(1)} of ${minutes} minutes are over`;
      console.error(`${BROWSER}: round ${round + 1} of ${plan.length}, ${word}`);
      for (const turn of turns) {
        if (passed() >= minutes) break;
        await take(stage, turn, { entries, failures });
        done += 1;
      }
    }
    const all = plan.flat().length;
    const cut = done < all ? [`${BROWSER}: ${done} of ${all} samples in ${minutes} minutes`] : [];
    return { versions, samples: [...entries.values()], failures, cut };
  } finally {
    await tearDown(stage);
  }
}

/** What is measured in which round: first what has a goal. */
function planned(faults, rounds) {
  const turns = faults.filter(({ browsers }) => browsers.includes(BROWSER)).flatMap((fault) => {
    return fault.dialects.map((dialect) => ({ fault, dialect, isGoal: hasGoal(fault, dialect, BROWSER) }));
  });
  const often = ({ fault, isGoal }) => (isGoal ? rounds : Math.min(rounds, fault.isSlow ? MOST_SLOW : MOST));
  const ordered = [...turns.filter(({ isGoal }) => isGoal), ...turns.filter(({ isGoal }) => !isGoal)];
  return Array.from({ length: rounds }, (_, round) => ordered.filter((turn) => round < often(turn)))
    .filter(({ length }) => length > 0);
}

async function warmUp(stage, faults) {
  for (const fault of faults.filter(({ name }) => WARM_UP.includes(name))) {
    for (const dialect of fault.dialects) {
      const entries = new Map();
      await take(stage, { fault, dialect }, { entries, failures: [], note: " (to get warm, dropped)" });
    }
  }
}

async function take(stage, { fault, dialect }, { entries, failures, note = "" }) {
  const what = `${BROWSER} ${dialect} ${fault.name}`;
  const entry = entries.get(what) ?? { fault, dialect, browser: BROWSER, samples: [], failed: 0 };
  entries.set(what, entry);
  try {
    const sample = await fault.measure(stage, dialect);
    entry.samples.push({ ...sample, load: loadavg()[0] });
    console.error(`  ${what}${note}: ${JSON.stringify(sample, rounded)}`);
  } catch (error) {
    entry.failed += 1;
    const [why] = error.message.split("\n");
    failures.push(`${what}: ${why}`);
    console.error(`  FAILED ${what}${note}: ${why}`);
    // What it left behind must not befall the next one.
    await tearDown(stage);
    Object.assign(stage, await setUp());
  }
}

function rounded(_, value) {
  return typeof value === "number" ? Math.round(value) : value;
}

async function setUp() {
  const gateway = await startGateway({ detachTime: 60 });
  return { gateway, coturn: await startCoturn(), browser: await launchBrowser({ isNetworkWatched: true }) };
}

async function tearDown({ browser, coturn, gateway }) {
  await browser.close().catch((error) => console.error(`the browser does not close: ${error.message}`));
  await coturn.stop();
  await gateway.stop();
}
