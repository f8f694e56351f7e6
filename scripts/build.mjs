// Builds the package: Rust → WebAssembly → bindings → optimised → `pkg/`. Does only what its inputs call for.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, ROOT, run, say, seconds } from "./process.mjs";
import { setUpToBuild } from "./setup.mjs";
import { TARGET, TOOLS, cargoEnvironment, toolPath } from "./tools.mjs";

const WASM = "wasm32-unknown-unknown";
const COMPILED = join(TARGET, WASM, "wasm", "offhook.wasm");
const BOUND = join(TARGET, "bindings");
const PKG = join(ROOT, "pkg");
const ENTRY = join(ROOT, "js");
/** Beside what it is about: clones may share a target folder. */
const STAMP = join(PKG, ".stamp");
const OUTPUTS = ["offhook.js", "offhook.d.ts", "offhook_bg.wasm", "index.js"].map((name) => join(PKG, name));

/** What rustc's default target uses. Named one by one: `--all-features` emits what Node 20 refuses. */
const FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

export async function build() {
  await step("Compile to WebAssembly", compile);
  const inputs = fingerprint();
  if (OUTPUTS.every(existsSync) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === inputs) return;

  mkdirSync(PKG, { recursive: true });
  await step("Write the bindings", bind);
  await step("Optimise", optimise);
  await step("Bundle the entry", bundle);
  writeFileSync(STAMP, inputs);
  say(`pkg/offhook_bg.wasm: ${statSync(OUTPUTS[2]).size.toLocaleString("en")} bytes`);
}

async function step(name, work) {
  const started = performance.now();
  await work();
  say(`${name}: ${seconds(started)}`);
}

/** All that decides what `pkg/` holds, in one hash: the compiled code, this script, and the tools' versions. */
function fingerprint() {
  const hash = createHash("sha256").update(TOOLS["wasm-bindgen-cli"].version);
  const modules = readdirSync(ENTRY, { recursive: true }).filter((name) => name.endsWith(".js")).sort();
  for (const file of [
    COMPILED, join(ROOT, "scripts", "build.mjs"), join(ROOT, "package-lock.json"), ...modules.map((name) => join(ENTRY, name)),
  ]) {
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

async function compile() {
  // Panics name the place in the source: not where it lay on the machine that built it.
  const crates = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const flags = [`--remap-path-prefix=${crates}=`, `--remap-path-prefix=${ROOT}=`];
  const env = cargoEnvironment();
  // Either would be taken instead of these flags.
  delete env.RUSTFLAGS;
  delete env.CARGO_ENCODED_RUSTFLAGS;
  await run("cargo", [
    "build", "--profile", "wasm", "--target", WASM, "--package", "offhook", "--lib",
    "--config", `target.${WASM}.rustflags=${JSON.stringify(flags)}`,
  ], { env });
}

async function bind() {
  // The entry says where the module is; a default path here would make bundlers ship it twice.
  await run(toolPath("wasm-bindgen-cli"), [
    "--target", "web", "--omit-default-module-path", "--remove-name-section", "--remove-producers-section",
    "--out-dir", BOUND, "--out-name", "offhook", COMPILED,
  ]);
  // The bindings' types use `Symbol.dispose`, which not every `lib` has.
  const types = readFileSync(join(BOUND, "offhook.d.ts"), "utf8");
  writeFileSync(join(PKG, "offhook.d.ts"), `/// <reference lib="esnext.disposable" />\n${types}`);
}

async function optimise() {
  // Quiet: after a failed validation it prints megabytes.
  const names = await run(join(ROOT, "node_modules", ".bin", "wasm-opt"), [
    "-Oz", "--low-memory-unused", "--strip-producers", "--strip-target-features",
    // Each of the bindings' names ends in sixteen random digits, which no compression makes smaller.
    "--minify-imports-and-exports-and-modules",
    "--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`),
    join(BOUND, "offhook_bg.wasm"), "-o", join(PKG, "offhook_bg.wasm"),
  ], { quiet: true });
  const bindings = readFileSync(join(BOUND, "offhook.js"), "utf8");
  writeFileSync(join(PKG, "offhook.js"), rename(bindings, JSON.parse(names)));
}

/** The bindings, with the names that the module has now. */
function rename(bindings, { imports, exports }) {
  const given = new Map([...imports.map(([, from, to]) => [from, to]), ...exports]);
  const now = (name) => {
    if (given.has(name)) return given.get(name);
    throw new Failure(`the module neither imports nor exports ${name}`);
  };
  return bindings
    .replace(/(?<=^ {8}")\.\/offhook_bg\.js(?=":)/m, "a")
    .replace(/(?<=^ {8})__w\w+(?=: )/gm, now)
    .replace(/(?<=\bwasm\.)\w+/g, now);
}

/** What the package ships: the entry and the bindings in one file. In a checkout `js/index.js` runs as it is. */
async function bundle() {
  const { build, stop } = await import("esbuild");
  await build({
    entryPoints: [join(ENTRY, "index.js")], outfile: join(PKG, "index.js"),
    bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning",
  });
  // It leaves a process running that waits for more to do.
  await stop();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await setUpToBuild();
    await build();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
