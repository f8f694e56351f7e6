// Builds the package: Rust → WebAssembly → bindings → optimised → `pkg/`. Does only what its inputs call for.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BUNDLES, DOWNLOADS, JUDGES, RECORDS, TALKS, bundle, integrityOf } from "./bundle.mjs";
import { trim } from "./glue.mjs";
import { Failure, ROOT, run, say, seconds } from "./process.mjs";
import { setUpToBuild } from "./setup.mjs";
import { TARGET, TOOLS, cargoEnvironment, toolPath } from "./tools.mjs";

const WASM = "wasm32-unknown-unknown";
const PKG = join(ROOT, "pkg");
const ENTRY = join(ROOT, "js");
/** Beside what it is about: clones may share a target folder. */
const STAMP = join(PKG, ".stamp");
/** What the page that shows traces loads. Not shipped. */
const REPLAYS = ["replay.js", "replay.d.ts", "replay_bg.wasm"];
/** A library as a checkout runs it, where nothing resolves names. */
const LIBRARY = ["idb.js", "idb.d.ts", "json-schema.js", "json-schema.d.ts"];
const WRITTEN = [
  ...new Set([...DOWNLOADS, ...RECORDS, ...TALKS, ...JUDGES, ...BUNDLES]), ...REPLAYS, ...LIBRARY, "offhook.js", "offhook.d.ts",
  "integrity.json",
];
const OUTPUTS = WRITTEN.map((name) => join(PKG, name));

/** What is smaller after compression, found by trying: what is inlined, and that loads are done again where they recur. */
const SMALLER = ["--inline-threshold=0", "--inline-instr-cost=4", "--enable-pre=false"].map((flag) => `-Cllvm-args=${flag}`);

/** What is shipped. */
const SHIPPED = {
  target: TARGET, crate: "offhook", features: ["--features", "numbered"], rustFlags: SMALLER,
  bindgenFlags: ["--remove-name-section"], optimiserFlags: [], isTrimmed: true,
};

/** The same, recording. */
const RECORDING = { ...SHIPPED, target: join(TARGET, "recording"), features: ["--features", "trace"] };

/** The core alone, for the page that shows traces; beside the module that records, of which it is half. */
const REPLAYING = { ...RECORDING, crate: "offhook-replay", features: [], isTrimmed: false };

/** What is shipped, with ears for an agent. */
const LISTENING = { ...SHIPPED, target: join(TARGET, "listening"), features: ["--features", "agent,numbered"] };

/** What thinks about the quality of calls: it has no bindings, as only numbers go in and out. */
const JUDGING = { ...SHIPPED, crate: "offhook-quality", features: [], optimiserFlags: ["--strip-debug"] };

/** The bindings of the one with ears, as they are bundled. */
export const LISTENING_BINDINGS = join(LISTENING.target, "offhook.js");

/** The bindings of the module that records, with the names that it has once it is optimised. */
const RECORDING_BINDINGS = join(RECORDING.target, "offhook.js");

/** The same code, whose functions still have names that say what they were made from. */
const NAMED = {
  ...SHIPPED,
  target: join(TARGET, "named"),
  rustFlags: [...SMALLER, "-Csymbol-mangling-version=v0"],
  bindgenFlags: [],
  optimiserFlags: ["--debuginfo"],
};

/** What rustc's default target uses. Named one by one: `--all-features` emits what Node 20 refuses. */
const FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

export async function build() {
  await step("Compile to WebAssembly", () => compile(SHIPPED));
  await step("Compile the module that records", () => compile(RECORDING));
  await step("Compile the module that listens to agents", () => compile(LISTENING));
  await step("Compile the module that judges quality", () => compile(JUDGING));
  await step("Compile the module that replays", () => compile(REPLAYING));
  const inputs = fingerprint();
  if (OUTPUTS.every(existsSync) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === inputs) return;

  mkdirSync(PKG, { recursive: true });
  await step("Write the bindings", writeBindings);
  await step("Optimise", writeModules);
  await copyLibraries();
  await step("Bundle the entries", () => bundle({ recording: RECORDING_BINDINGS, listening: LISTENING_BINDINGS }));
  writeHashes();
  writeFileSync(STAMP, inputs);
}

/** Builds the module with the names of its functions kept, for who wants to know what it is made of; its path. */
export async function buildNamed() {
  await step("Compile to WebAssembly, with names", () => compile(NAMED));
  await bind(NAMED);
  const module = join(NAMED.target, "offhook_bg.wasm");
  await step("Optimise", () => optimise(NAMED, bound(NAMED), module, [MINIFIED]));
  return module;
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
  const sources = ["scripts/build.mjs", "scripts/bundle.mjs", "scripts/glue.mjs", "package-lock.json", ...modules.map((name) => join("js", name))];
  const modulesMade = [SHIPPED, RECORDING, LISTENING, JUDGING, REPLAYING].map(compiled);
  for (const file of [...modulesMade, ...sources.map((name) => join(ROOT, name))]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

function compiled({ target, crate }) {
  return join(target, WASM, "wasm", `${crate.replace("-", "_")}.wasm`);
}

function bindings({ target, crate }) {
  return join(target, "bindings", crate === "offhook" ? "" : crate);
}

/** The module that the bindings are for. */
function bound(form) {
  return join(bindings(form), "offhook_bg.wasm");
}

async function compile({ target, crate, features, rustFlags }) {
  // Panics name the place in the source: not where it lay on the machine that built it.
  const crates = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const flags = [`--remap-path-prefix=${crates}=`, `--remap-path-prefix=${ROOT}=`, ...rustFlags];
  const env = cargoEnvironment({ CARGO_TARGET_DIR: target });
  // Either would be taken instead of these flags.
  delete env.RUSTFLAGS;
  delete env.CARGO_ENCODED_RUSTFLAGS;
  await run("cargo", [
    // Built as a library for Rust as well, as its tests need it, the module would be a twentieth larger.
    "rustc", "--profile", "wasm", "--target", WASM, "--package", crate, "--lib", "--crate-type", "cdylib", ...features,
    "--config", `target.${WASM}.rustflags=${JSON.stringify(flags)}`,
  ], { env });
}

async function bind(form) {
  // The entry says where the module is; a default path here would make bundlers ship it twice.
  await run(toolPath("wasm-bindgen-cli"), [
    "--target", "web", "--omit-default-module-path", "--remove-producers-section", ...form.bindgenFlags,
    "--out-dir", bindings(form), "--out-name", "offhook", compiled(form),
  ]);
}

async function writeBindings() {
  await bind(SHIPPED);
  await bind(RECORDING);
  await bind(LISTENING);
  await bind(REPLAYING);
  copyFileSync(join(bindings(REPLAYING), "offhook.d.ts"), join(PKG, "replay.d.ts"));
  copyFileSync(join(bindings(SHIPPED), "offhook.d.ts"), join(PKG, "offhook.d.ts"));
}

async function writeModules() {
  await writeModule(SHIPPED, "offhook_bg.wasm", join(PKG, "offhook.js"));
  await writeModule(RECORDING, "trace_bg.wasm", RECORDING_BINDINGS);
  await writeModule(LISTENING, "agent_bg.wasm", LISTENING_BINDINGS);
  await optimise(JUDGING, compiled(JUDGING), join(PKG, "quality_bg.wasm"));
  await writeModule(REPLAYING, "replay_bg.wasm", join(PKG, "replay.js"));
}

/** Each of the bindings' names ends in sixteen random digits, which no compression makes smaller. */
const MINIFIED = "--minify-imports-and-exports-and-modules";

async function writeModule(form, module, path) {
  const names = await optimise(form, bound(form), join(PKG, module), [MINIFIED]);
  const script = readFileSync(join(bindings(form), "offhook.js"), "utf8");
  writeFileSync(path, rename(form.isTrimmed ? trim(script) : script, JSON.parse(names)));
}

/** Writes the optimised module to `output`; what the optimiser says. */
async function optimise(form, input, output, flags = []) {
  // Quiet: after a failed validation it prints megabytes.
  return run(join(ROOT, "node_modules", ".bin", "wasm-opt"), [
    // Compression likes code better that was flattened once, whose functions stay apart, which says again what it has said
    // before, and which is silent about alignment: no engine asks. The trimmed bindings do not reallocate.
    ...(form.isTrimmed ? ["--remove-exports=__wbindgen_realloc"] : []),
    "-Oz", "--flatten", "--rereloop", "-O2", "-Oz", "--dealign",
    "--one-caller-inline-max-function-size=30", "--always-inline-max-function-size=4",
    "--skip-pass=local-cse", "--skip-pass=simplify-locals",
    "--low-memory-unused", "--strip-producers", "--strip-target-features", ...form.optimiserFlags, ...flags,
    "--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`),
    input, "-o", output,
  ], { quiet: true });
}

/** The bindings, with the names that the module has now. */
function rename(script, { imports, exports }) {
  const given = new Map([...imports.map(([, from, to]) => [from, to]), ...exports]);
  const now = (name) => {
    if (given.has(name)) return given.get(name);
    throw new Failure(`the module neither imports nor exports ${name}`);
  };
  return script
    .replace(/(?<=^ {8}")\.\/offhook_bg\.js(?=":)/m, "a")
    .replace(/(?<=^ {8})__w\w+(?=: )/gm, now)
    .replace(/(?<=\bwasm\.)\w+/g, now);
}

async function copyLibraries() {
  copyFileSync(join(ROOT, "node_modules", "idb", "build", "index.js"), join(PKG, "idb.js"));
  writeFileSync(join(PKG, "idb.d.ts"), 'export * from "idb";\n');
  const { build } = await import("esbuild");
  const contents = 'export { Validator } from "@cfworker/json-schema";';
  const stdin = { contents, resolveDir: ROOT };
  await build({ stdin, bundle: true, format: "esm", outfile: join(PKG, "json-schema.js") });
  writeFileSync(join(PKG, "json-schema.d.ts"), 'export { Validator } from "@cfworker/json-schema";\n');
}

/** Says what pages and content delivery networks can hold the files to (Subresource Integrity). */
function writeHashes() {
  const names = [...DOWNLOADS, ...RECORDS, ...TALKS, ...JUDGES, "embed.js"];
  const hashes = Object.fromEntries(names.map((name) => [name, integrityOf(name)]));
  writeFileSync(join(PKG, "integrity.json"), `${JSON.stringify(hashes, undefined, 2)}\n`);
  for (const name of Object.keys(hashes)) {
    say(`pkg/${name}: ${statSync(join(PKG, name)).size.toLocaleString("en")} bytes, ${hashes[name]}`);
  }
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
