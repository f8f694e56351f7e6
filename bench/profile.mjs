// What a measurement costs, by function: `node bench/profile.mjs MEASURE [CONTESTANT]`, such as `frames offhook`.
//
// Offhook is profiled as it is compiled, before names are removed and wasm-opt has been at it: what is fast stays fast,
// and functions have names.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { ROOT, run } from "../scripts/process.mjs";
import { TARGET, toolPath } from "../scripts/tools.mjs";
import { scratchFolder } from "../tests/harness/sound.mjs";
import { CONTESTANTS, measuring } from "./contest.mjs";
import { openStage } from "./stage.mjs";

/** Between two samples, in µs. */
const INTERVAL = 100;

/** How many functions are named. */
const SHOWN = 30;

const [measure = "frames", name = "offhook"] = process.argv.slice(2);
const contestant = CONTESTANTS.find((known) => known.name === name);
const names = CONTESTANTS.map((known) => known.name).join(", ");
if (!contestant) throw new Error(`no such contestant: ${name}. There are: ${names}`);

const stage = await openStage();
try {
  if (contestant.kind === "offhook") await useNames(stage.files);
  await measuring(stage, contestant, measure, async ({ cdp }, take) => {
    await take();
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.setSamplingInterval", { interval: INTERVAL });
    await cdp.send("Profiler.start");
    console.log(`${measure} of ${name}: ${JSON.stringify(await take())}`);
    const { profile } = await cdp.send("Profiler.stop");
    for (const { label, ms } of costs(profile).slice(0, SHOWN)) console.log(`${ms.toFixed(2).padStart(9)} ms ${label}`);
  });
} finally {
  await stage.close();
}

/** Puts a module with names, and the bindings that belong to it, in the place of the published ones. */
async function useNames(files) {
  const folder = scratchFolder();
  const compiled = join(TARGET, "wasm32-unknown-unknown", "wasm", "offhook.wasm");
  const args = ["--target", "web", "--omit-default-module-path", "--out-dir", folder, "--out-name", "offhook"];
  await run(toolPath("wasm-bindgen-cli"), [...args, compiled], { quiet: true });
  const bindings = { path: join(folder, "offhook.js") };
  const { outputFiles: [entry] } = await build({
    entryPoints: [join(ROOT, "js", "index.js")], bundle: true, write: false, format: "esm", target: "es2022",
    plugins: [{ name: "named", setup: ({ onResolve }) => onResolve({ filter: /pkg\/offhook\.js$/ }, () => bindings) }],
  });
  await stop();
  files.set("/pkg/index.js", Buffer.from(entry.contents));
  files.set("/pkg/offhook_bg.wasm", readFileSync(join(folder, "offhook_bg.wasm")));
}

/** Time that was spent in each function itself, the most first. */
function costs({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const spent = new Map();
  samples.forEach((id, at) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    const label = `${functionName || "(anonymous)"}${url ? `  ${url.replace(/^.*\//, "")}:${lineNumber + 1}` : ""}`;
    spent.set(label, (spent.get(label) ?? 0) + timeDeltas[at] / 1000);
  });
  return [...spent].map(([label, ms]) => ({ label, ms })).sort((a, b) => b.ms - a.ms);
}
