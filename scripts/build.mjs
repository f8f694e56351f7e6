// Builds the package: Rust → WebAssembly → bindings → optimised → `pkg/`. Does only what its inputs call for.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, ROOT, run, say, seconds } from "./process.mjs";
import { setUpToBuild } from "./setup.mjs";
import { TARGET, TOOLS, cargoEnvironment, toolPath } from "./tools.mjs";

const WASM = "wasm32-unknown-unknown";
const PKG = join(ROOT, "pkg");
const ENTRY = join(ROOT, "js");
/** Beside what it is about: clones may share a target folder. */
const STAMP = join(PKG, ".stamp");
/** What a page downloads. */
const DOWNLOADS = ["index.js", "offhook_bg.wasm"];
/** What a page downloads instead that wants to know what happened. */
const RECORDS = ["trace.js", "trace_bg.wasm"];
/** What a page downloads instead that talks to an agent. */
const TALKS = ["agent.js", "agent_bg.wasm"];
/** Modules of their own, which import the entry. */
const BESIDE = ["store.js", "react.js", "audio.js", "control.js", "directory.js", "tones.js", "schema.js"];
/** The widget: what a page loads, and in a folder what that loads when it is needed. */
const WIDGET = ["widget.js", "embed.js"];
const PANEL = "widget/panel.js";
const CORNERS = ["asks", "ended", "gate", "muted", "settings", "trouble"];
const WIDGET_PARTS = [PANEL, ...CORNERS.map((name) => `widget/${name}.js`)];
const LANGUAGES = readdirSync(join(ENTRY, "widget", "lang")).map((name) => `widget/lang/${name}`);
/** A library as a checkout runs it, where nothing resolves names. */
const LIBRARY = ["idb.js", "idb.d.ts", "json-schema.js", "json-schema.d.ts"];
const WRITTEN = [
  ...DOWNLOADS, ...RECORDS, ...TALKS, ...BESIDE, ...WIDGET, ...WIDGET_PARTS, ...LANGUAGES, ...LIBRARY, "offhook.js",
  "offhook.d.ts", "integrity.json",
];
const OUTPUTS = WRITTEN.map((name) => join(PKG, name));

/** What is shipped. */
const SHIPPED = {
  target: TARGET, features: [], rustFlags: [], bindgenFlags: ["--remove-name-section"], optimiserFlags: [],
};

/** The same, recording. */
const RECORDING = { ...SHIPPED, target: join(TARGET, "recording"), features: ["--features", "trace"] };

/** The same, with ears for an agent. */
const LISTENING = { ...SHIPPED, target: join(TARGET, "listening"), features: ["--features", "agent"] };

const LISTENING_BINDINGS = join(LISTENING.target, "offhook.js");

/** The bindings of the module that records, with the names that it has once it is optimised. */
const RECORDING_BINDINGS = join(RECORDING.target, "offhook.js");

/** The same code, whose functions still have names that say what they were made from. */
const NAMED = {
  target: join(TARGET, "named"),
  features: [],
  rustFlags: ["-Csymbol-mangling-version=v0"],
  bindgenFlags: [],
  optimiserFlags: ["--debuginfo"],
};

/** What rustc's default target uses. Named one by one: `--all-features` emits what Node 20 refuses. */
const FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

export async function build() {
  await step("Compile to WebAssembly", () => compile(SHIPPED));
  await step("Compile the module that records", () => compile(RECORDING));
  await step("Compile the module that listens to agents", () => compile(LISTENING));
  const inputs = fingerprint();
  if (OUTPUTS.every(existsSync) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === inputs) return;

  mkdirSync(PKG, { recursive: true });
  await step("Write the bindings", writeBindings);
  await step("Optimise", writeModules);
  await copyLibraries();
  await step("Bundle the entries", bundle);
  writeHashes();
  writeFileSync(STAMP, inputs);
}

/** Builds the module with the names of its functions kept, for who wants to know what it is made of; its path. */
export async function buildNamed() {
  await step("Compile to WebAssembly, with names", () => compile(NAMED));
  await bind(NAMED);
  const module = join(NAMED.target, "offhook_bg.wasm");
  await step("Optimise", () => optimise(NAMED, module));
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
  const sources = ["scripts/build.mjs", "package-lock.json", ...modules.map((name) => join("js", name))];
  const modulesMade = [SHIPPED, RECORDING, LISTENING].map(compiled);
  for (const file of [...modulesMade, ...sources.map((name) => join(ROOT, name))]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

function compiled({ target }) {
  return join(target, WASM, "wasm", "offhook.wasm");
}

function bindings({ target }) {
  return join(target, "bindings");
}

async function compile({ target, features, rustFlags }) {
  // Panics name the place in the source: not where it lay on the machine that built it.
  const crates = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const flags = [`--remap-path-prefix=${crates}=`, `--remap-path-prefix=${ROOT}=`, ...rustFlags];
  const env = cargoEnvironment({ CARGO_TARGET_DIR: target });
  // Either would be taken instead of these flags.
  delete env.RUSTFLAGS;
  delete env.CARGO_ENCODED_RUSTFLAGS;
  await run("cargo", [
    // Built as a library for Rust as well, as its tests need it, the module would be a twentieth larger.
    "rustc", "--profile", "wasm", "--target", WASM, "--package", "offhook", "--lib", "--crate-type", "cdylib", ...features,
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
  copyFileSync(join(bindings(SHIPPED), "offhook.d.ts"), join(PKG, "offhook.d.ts"));
}

async function writeModules() {
  await writeModule(SHIPPED, "offhook_bg.wasm", join(PKG, "offhook.js"));
  await writeModule(RECORDING, "trace_bg.wasm", RECORDING_BINDINGS);
  await writeModule(LISTENING, "agent_bg.wasm", LISTENING_BINDINGS);
}

async function writeModule(form, module, script) {
  const names = await optimise(form, join(PKG, module));
  writeFileSync(script, rename(readFileSync(join(bindings(form), "offhook.js"), "utf8"), names));
}

/** Writes the optimised module to `output`; what it imports and exports is called there. */
async function optimise(form, output) {
  // Quiet: after a failed validation it prints megabytes.
  const names = await run(join(ROOT, "node_modules", ".bin", "wasm-opt"), [
    // Brotli likes code better that was flattened once, and whose functions stay apart.
    "-Oz", "--flatten", "--rereloop", "-Oz", "-Oz", "--one-caller-inline-max-function-size=20",
    "--low-memory-unused", "--strip-producers", "--strip-target-features", ...form.optimiserFlags,
    // Each of the bindings' names ends in sixteen random digits, which no compression makes smaller.
    "--minify-imports-and-exports-and-modules",
    "--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`),
    join(bindings(form), "offhook_bg.wasm"), "-o", output,
  ], { quiet: true });
  return JSON.parse(names);
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

/**
 * What the package ships: the entry and the bindings in one file. The store, what is for React and what else an
 * application may leave out stay modules of their own that import it, so that an application has the entry once. In a
 * checkout `js/` runs as it is.
 */
async function bundle() {
  const { build, stop } = await import("esbuild");
  const options = {
    outdir: PKG, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning",
  };
  const whole = { ...options, bundle: true, absWorkingDir: ROOT, metafile: true };
  const { metafile } = await build({
    ...whole, entryPoints: [join(ENTRY, "index.js")], plugins: [besideTheModule("offhook_bg.wasm")],
  });
  await build({
    ...whole, entryPoints: [join(ENTRY, "trace.js")], plugins: [besideTheModule("trace_bg.wasm"), recording()],
  });
  await build({
    ...whole, entryPoints: [join(ENTRY, "agent.js")], plugins: [besideTheModule("agent_bg.wasm"), listening],
  });
  await build({ ...whole, entryPoints: BESIDE.map((name) => join(ENTRY, name)), plugins: [beside] });
  await bundleWidget((names, held) => build({
    ...whole, entryPoints: names.map((name) => join(ENTRY, name)), outbase: ENTRY, plugins: [apart, sheets, vouched(held)],
  }));
  // It leaves a process running that waits for more to do.
  await stop();
  if (!metafile.inputs["js/module.js"]) throw new Failure("js/module.js is not in the entry: it would trust any module");
}

/** From the inside out: each file holds those that it loads to what they are. */
async function bundleWidget(write) {
  // Its folder is packed as it is.
  rmSync(join(PKG, "widget"), { recursive: true, force: true });
  const corners = CORNERS.map((name) => `widget/${name}.js`);
  await write([...corners, ...LANGUAGES], []);
  await write([PANEL], [...corners, "schema.js"]);
  await write(WIDGET, [PANEL, ...LANGUAGES, "agent.js"]);
}

/** Has the bundle look for the module in its own folder, and take no other than the one that was built with it. */
function besideTheModule(module) {
  const contents = `
    export const address = () => new URL("./${module}", import.meta.url);
    export const integrity = ${JSON.stringify(integrityOf(module))};
  `;
  return {
    name: "beside the module",
    setup: ({ onLoad }) => onLoad({ filter: /[\\/]js[\\/]module\.js$/ }, () => ({ contents })),
  };
}

/**
 * Has a bundle import the entry and the other modules beside it, and take in what only it needs. The class of all errors
 * is the entry's own, or `instanceof` would not know them.
 */
const beside = {
  name: "beside the entry",
  setup({ onResolve }) {
    const own = new Map(["index.js", ...BESIDE].map((name) => [join(ENTRY, name), `./${name}`]));
    own.set(join(ENTRY, "offhook-error.js"), "./index.js");
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const name = kind === "entry-point" ? undefined : own.get(join(resolveDir, path));
      return name && { path: name, external: true };
    });
    onResolve({ filter: /^[^.]/ }, ({ kind }) => (kind === "entry-point" ? undefined : { external: true }));
  },
};

/** Has the widget load its parts, and the entries that it stands on, when it asks for them. */
const apart = {
  name: "apart",
  setup({ onResolve }) {
    const parts = new Set([...WIDGET_PARTS, ...LANGUAGES, "agent.js"].map((name) => join(ENTRY, name)));
    const isAlone = new Set(WIDGET.map((name) => join(ENTRY, name)));
    let root = "";
    onResolve({ filter: /^[./]/ }, ({ path, resolveDir, kind }) => {
      const file = join(resolveDir, path);
      if (kind === "entry-point") {
        root = isAlone.has(path) ? "./" : "../";
        return undefined;
      }
      return parts.has(file) ? { path: root + relative(ENTRY, file), external: true } : undefined;
    });
  },
};

/** Style sheets in scripts, as small as the scripts. */
const sheets = {
  name: "sheets",
  setup: ({ onLoad, esbuild }) => onLoad({ filter: /\.css\.js$/ }, async ({ path }) => {
    const { default: text } = await import(`${pathToFileURL(path)}?${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
    const { code } = await esbuild.transform(text, { loader: "css", minify: true });
    return { contents: `export default ${JSON.stringify(code.trim())}` };
  }),
};

/** Has a bundle know what the files that it loads have to be. */
function vouched(names) {
  const hashes = Object.fromEntries(names.map((name) => [name, integrityOf(name, "sha256")]));
  return {
    name: "vouched",
    setup: ({ onLoad }) => onLoad({ filter: /[\\/]js[\\/]widget[\\/]files\.js$/ }, () => {
      return { contents: `export const FILES = ${JSON.stringify(hashes)}` };
    }),
  };
}

/** Has the bundle speak to the module that records, through what keeps its traces. */
function recording() {
  const keeper = join(ENTRY, "recording.js");
  return {
    name: "recording",
    setup: ({ onResolve }) => onResolve({ filter: /pkg[\\/]offhook\.js$/ }, ({ importer }) => {
      return { path: importer === keeper ? RECORDING_BINDINGS : keeper };
    }),
  };
}

/** Has the bundle speak to the module that listens to agents. */
const listening = {
  name: "listening",
  setup({ onResolve }) {
    onResolve({ filter: /pkg[\\/]offhook\.js$/ }, () => ({ path: LISTENING_BINDINGS }));
    // Loaded only where it is needed.
    onResolve({ filter: /[\\/]schema\.js$/ }, () => ({ path: "./schema.js", external: true }));
  },
};

/** Says what pages and content delivery networks can hold the files to (Subresource Integrity). */
function writeHashes() {
  const hashes = Object.fromEntries([...DOWNLOADS, ...RECORDS, ...TALKS, "embed.js"].map((name) => [name, integrityOf(name)]));
  writeFileSync(join(PKG, "integrity.json"), `${JSON.stringify(hashes, undefined, 2)}\n`);
  for (const name of Object.keys(hashes)) {
    say(`pkg/${name}: ${statSync(join(PKG, name)).size.toLocaleString("en")} bytes, ${hashes[name]}`);
  }
}

function integrityOf(name, hash = "sha384") {
  return `${hash}-${createHash(hash).update(readFileSync(join(PKG, name))).digest("base64")}`;
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
