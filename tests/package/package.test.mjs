// The tarball itself: what is in it, what its manifest promises, and what a server sees of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { PATIENCE, application, tarball } from "../harness/package.mjs";
import { ROOT, attempt, run } from "../../scripts/process.mjs";

/** What is published, and nothing else. */
const FILES = [
  "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-idb", "LICENSE-json-schema", "README.md", "js/agent.d.ts",
  "js/audio.d.ts", "js/check.d.ts", "js/control.d.ts", "js/directory.d.ts", "js/embed.d.ts", "js/index.d.ts", "js/log.d.ts",
  "js/quality.d.ts", "js/react.d.ts", "js/reports.d.ts", "js/store.d.ts", "js/tones.d.ts", "js/trace.d.ts",
  "js/widget.d.ts",
  "package.json", "pkg/agent.js", "pkg/agent/images.js", "pkg/agent/run.js", "pkg/agent_bg.wasm", "pkg/audio.js", "pkg/check.js", "pkg/control.js", "pkg/directory.js",
  "pkg/embed.js", "pkg/index.js", "pkg/integrity.json", "pkg/log.js", "pkg/offhook_bg.wasm", "pkg/quality.js",
  "pkg/quality_bg.wasm", "pkg/react.js", "pkg/reports.js", "pkg/schema.js", "pkg/store.js", "pkg/tones.js",
  "pkg/trace.js", "pkg/trace_bg.wasm", "pkg/widget.js",
  ...[
    "asks", "bars", "ended", "gate", "ground", "hashes", "muted", "panel", "pictures", "rich", "settings", "styles",
    "trouble", "judge", "words",
  ].map((name) => `pkg/widget/${name}.js`),
  ...["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "zh"].flatMap((name) => {
    return [`pkg/widget/lang/${name}.js`, `pkg/widget/lang/later/${name}.js`];
  }),
].sort();

/** What a program can be seen to use of a browser, or of the world. */
const GLOBALS = [
  "window", "document", "navigator", "location", "localStorage", "sessionStorage", "WebSocket", "RTCPeerConnection",
  "AudioContext", "MediaStream", "fetch", "XMLHttpRequest", "setTimeout", "setInterval", "process",
];

const folder = await application("plain");
const installed = join(folder, "node_modules", "offhook");

/** Runs a program of the application's with Node alone; what it printed, as a value. */
async function inNode(text) {
  const options = { cwd: folder, quiet: true, limit: PATIENCE };
  return JSON.parse(await run(process.execPath, ["--input-type=module", "--eval", text], options));
}

/** A program of the root's that judges the tarball must find nothing. */
async function approves(program, args) {
  const path = join(ROOT, "node_modules", ".bin", program);
  const { code, output } = await attempt(path, args, { quiet: true, limit: PATIENCE });
  assert.equal(code, 0, output);
}

test("the tarball holds what is published and nothing else", async () => {
  const output = await run("tar", ["-tzf", tarball], { quiet: true, limit: PATIENCE });

  assert.deepEqual(output.trim().split("\n").map((name) => name.replace(/^package\//, "")).sort(), FILES);
});

test("publint has nothing to say against it, strictly", async () => {
  await approves("publint", ["run", tarball, "--strict"]);
});

test("are the types wrong? They are not", async () => {
  // A module's address is no code that could have types.
  await approves("attw", [tarball, "--profile", "esm-only", "--exclude-entrypoints", "agent_bg.wasm", "offhook_bg.wasm", "quality_bg.wasm", "trace_bg.wasm"]);
});

test("on a server it can be imported, and touches nothing", async () => {
  const { names, touched, added } = await inNode(`
    const touched = [];
    for (const name of ${JSON.stringify(GLOBALS)}) {
      const value = globalThis[name];
      Object.defineProperty(globalThis, name, { configurable: true, get: () => (touched.push(name), value), set() {} });
    }
    const before = new Set(Reflect.ownKeys(globalThis));
    const names = Object.keys(await import("offhook"));
    const added = Reflect.ownKeys(globalThis).filter((name) => !before.has(name)).map(String);
    const seen = [...touched];
    console.log(JSON.stringify({ names, touched: seen, added }));
  `);

  assert.ok(names.includes("connect") && names.includes("OffhookError"), names.join());
  assert.deepEqual(touched, []);
  assert.deepEqual(added, []);
});

test("an application that uses none of it ships none of it", async () => {
  const bundled = async (contents) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder }, bundle: true, format: "esm", write: false, logLevel: "error",
    });
    return outputFiles[0].text;
  };

  const unused = await bundled('import { connect } from "offhook"; import "offhook"; console.log("none");');
  const used = await bundled('import { connect } from "offhook"; console.log(connect);');

  assert.ok(unused.length < 200, unused);
  assert.ok(used.length > 10_000, "what is used is there");
});

test("the module's address can be asked for by name", async () => {
  const { path, magic } = await inNode(`
    import { readFileSync } from "node:fs";
    import { createRequire } from "node:module";
    const path = createRequire(process.cwd() + "/").resolve("offhook/offhook_bg.wasm");
    console.log(JSON.stringify({ path, magic: readFileSync(path).subarray(0, 4).toString("latin1") }));
  `);

  assert.equal(magic, "\0asm");
  assert.ok(path.startsWith(installed), path);
});

test("content delivery networks are pointed at the entry", () => {
  const { exports, unpkg, jsdelivr } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

  assert.deepEqual([unpkg, jsdelivr], [exports["."].default, exports["."].default]);
});
