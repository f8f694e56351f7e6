// What a page downloads before its first call, and whether that is little enough. With `--parts`: what it is made of.

import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { LISTENING_BINDINGS, buildNamed } from "./build.mjs";
import { dissect, owner } from "./parts.mjs";
import { ROOT } from "./process.mjs";

/**
 * In bytes after brotli: what it was when this was last set, plus some per cent. Raising it is a commit of its own that
 * names the reason; it is never raised above 63,488 (62 KiB), the size of the incumbent.
 */
const LIMIT = 63_000;

/** What is smaller than this share of the module is summed up. */
const WORTH_A_LINE = 0.01;

/** How many functions are named. */
const LARGEST = 15;

const files = ["pkg/offhook_bg.wasm", "pkg/index.js"].map((file) => join(ROOT, file));

/** What a page downloads beside that if it asks for it: shown, and held to nothing. */
const BESIDE = [
  "store.js", "react.js", "audio.js", "check.js", "control.js", "directory.js", "tones.js", "log.js", "reports.js",
  "quality.js", "quality_bg.wasm",
].map((name) => join(ROOT, "pkg", name));

/** The widget, in bytes after gzip: what draws it closed. A limit that is raised says why. */
const LOADER = { files: ["embed.js"], limit: 6_000 };

/**
 * The JavaScript that its loader loads until people talk and see what the agent says, in one language, without the
 * bindings of the module: what comes after is loaded when somebody needs it.
 */
const TALKING = { files: ["widget/panel.js", "widget/lang/en.js"], limit: 30_000 };

/** What a widget's client is made of beside JavaScript, in bytes after gzip: its module, with the bindings around it. */
const MODULE = { name: "agent_bg.wasm", limit: 60_000 };

const widget = [...LOADER.files, ...TALKING.files].map((file) => join(ROOT, "pkg", file));
const module = join(ROOT, "pkg", MODULE.name);
const missing = [...files, ...BESIDE, ...widget, module, LISTENING_BINDINGS].filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(`missing: ${missing.map((file) => relative(ROOT, file)).join(", ")}. Build first: npm run build`);
  process.exit(1);
}

const rows = files.map((file) => ({ name: relative(ROOT, file), ...weigh(readFileSync(file)) }));
const sum = { name: "together" };
for (const column of ["raw", "gzip", "brotli"]) sum[column] = rows.reduce((total, row) => total + row[column], 0);

console.log(line("", "raw", "gzip", "brotli"));
for (const { name, raw, gzip, brotli } of [...rows, sum]) console.log(line(name, ...[raw, gzip, brotli].map(grouped)));
for (const file of BESIDE) {
  console.log(line(relative(ROOT, file), ...Object.values(weigh(readFileSync(file))).map(grouped)));
}
for (const file of widget) console.log(line(relative(ROOT, file), ...Object.values(weigh(readFileSync(file))).map(grouped)));
const verdict = sum.brotli > LIMIT ? "over" : "left";
console.log(`limit: ${grouped(LIMIT)} bytes of brotli together; ${grouped(Math.abs(LIMIT - sum.brotli))} ${verdict}`);
if (sum.brotli > LIMIT) process.exitCode = 1;
const glue = await weighGlue();
holdFiles("the widget, closed", LOADER);
holdFiles("the widget, opened, until the first word, without glue", TALKING, -glue);
const size = weigh(readFileSync(module)).gzip + glue;
hold("the widget's WebAssembly and its glue", [MODULE.name, "its bindings"], size, MODULE.limit);
if (process.argv.includes("--parts")) showParts(dissect(readFileSync(await buildNamed())));

function holdFiles(what, { files: names, limit }, less = 0) {
  const size = names.reduce((total, name) => total + weigh(readFileSync(join(ROOT, "pkg", name))).gzip, less);
  hold(what, names, size, limit);
}

/** The bindings as they are alone: what is counted with the module is not counted with the JavaScript that they are in. */
async function weighGlue() {
  const { code } = await transform(readFileSync(LISTENING_BINDINGS, "utf8"), { minify: true, format: "esm", target: "es2022" });
  return weigh(Buffer.from(code)).gzip;
}

function hold(what, names, size, limit) {
  console.log(`${what}: ${grouped(size)} bytes of gzip (${names.join(", ")}); limit ${grouped(limit)}`);
  if (size > limit) process.exitCode = 1;
}

function weigh(bytes) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const quality = { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes, quality)];
  return { raw: bytes.length, gzip: gzip.length, brotli: brotli.length };
}

/** Raw bytes: what compression saves cannot be told apart by function. */
function showParts({ functions, data, rest }) {
  const owned = functions.map(({ name, size }) => ({ ...owner(name), name, size }));
  const whole = functions.reduce((total, { size }) => total + size, data + rest);
  const others = [["(data)", data], ["(tables, types, imports)", rest]];
  console.log("\nin raw bytes; a function counts with what was inlined into it");
  show("by crate", [...summed(owned, "crate"), ...others], whole);
  show("by group of functions", [...summed(owned, "group"), ...others], whole);
  console.log("\nthe largest functions");
  for (const { name, size } of owned.sort((a, b) => b.size - a.size).slice(0, LARGEST)) {
    console.log(share(name.replace(/\[[0-9a-f]+\]/g, ""), size, whole));
  }
}

function summed(functions, key) {
  const sums = new Map();
  for (const { [key]: name, size } of functions) sums.set(name, (sums.get(name) ?? 0) + size);
  return [...sums];
}

function show(title, parts, whole) {
  const isSmall = ([, size]) => size < whole * WORTH_A_LINE;
  const small = parts.filter(isSmall).reduce((total, [, size]) => total + size, 0);
  console.log(`\n${title}`);
  for (const [name, size] of parts.filter((part) => !isSmall(part)).sort(([, a], [, b]) => b - a)) {
    console.log(share(name, size, whole));
  }
  console.log(share("(each below one per cent)", small, whole));
}

function share(name, size, whole) {
  return `${grouped(size).padStart(10)}${((size / whole) * 100).toFixed(1).padStart(6)} %  ${name}`;
}

function line(name, ...figures) {
  return name.padEnd(24) + figures.map((figure) => figure.padStart(10)).join("");
}

function grouped(number) {
  return number.toLocaleString("en");
}
