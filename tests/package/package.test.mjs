// The package as npm would publish it, unpacked where an application would have it.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { MICROPHONE_TONE, scratchFolder } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT, attempt, run } from "../../scripts/process.mjs";

/** What is published, and nothing else. */
const FILES = [
  "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "js/index.d.ts", "package.json", "pkg/index.js",
  "pkg/offhook_bg.wasm",
];

/** What a program can be seen to use of a browser, or of the world. */
const GLOBALS = [
  "window", "document", "navigator", "location", "localStorage", "sessionStorage", "WebSocket", "RTCPeerConnection",
  "AudioContext", "MediaStream", "fetch", "XMLHttpRequest", "setTimeout", "setInterval", "process",
];

/** As long as a slow machine needs for any of the programs, in seconds. */
const PATIENCE = 120;

const application = scratchFolder();
const installed = join(application, "node_modules", "offhook");
const tarball = await install();
const here = stage({ gateway: { www: application } });

/** Makes an application that has installed what `npm pack` makes of the build as it is; the path of the tarball. */
async function install() {
  const options = { quiet: true, limit: PATIENCE };
  await run("npm", ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", application], options);
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  mkdirSync(installed, { recursive: true });
  const packed = join(application, `${name}-${version}.tgz`);
  await run("tar", ["-xzf", packed, "--strip-components=1", "-C", installed], options);
  writeFileSync(join(application, "package.json"), JSON.stringify({ name: "application", private: true, type: "module" }));
  return packed;
}

/** Runs a program of the application's with Node alone; what it printed, as a value. */
async function inNode(text) {
  const output = await run(process.execPath, ["--input-type=module", "--eval", text], { cwd: application, quiet: true, limit: PATIENCE });
  return JSON.parse(output);
}

test("the tarball holds what is published and nothing else", async () => {
  const output = await run("tar", ["-tzf", tarball], { quiet: true, limit: PATIENCE });

  assert.deepEqual(output.trim().split("\n").map((name) => name.replace(/^package\//, "")).sort(), FILES);
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

for (const resolution of ["bundler", "nodenext"]) {
  test(`an application compiles against the packed types with ${resolution}`, async () => {
    const folder = join(application, resolution);
    cpSync(join(ROOT, "tests", "types"), folder, { recursive: true });

    const tsc = join(ROOT, "node_modules", ".bin", "tsc");
    const { code, output } = await attempt(tsc, ["--project", `tsconfig.${resolution}.json`, "--listFiles"], {
      cwd: folder, quiet: true, limit: PATIENCE,
    });

    assert.equal(code, 0, output);
    assert.ok(output.includes(join(installed, "js", "index.d.ts")), `not the packed types:\n${output}`);
  });
}

test("a plain page calls 9196 with what a static server gives it", async () => {
  const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const imports = { offhook: new URL(exports["."].default, "http://x/node_modules/offhook/").pathname };
  writeFileSync(join(application, "index.html"), `<!doctype html><html lang="en"><meta charset="utf-8"><title>Plain</title>
    <script type="importmap">${JSON.stringify({ imports })}</script></html>`);
  const page = await openPage(here.browser, here.gateway.page);
  await until("the ears are awake", () => page.evaluate(() => window.ears.isAwake()));

  await page.evaluate(async (url) => {
    const { connect } = await import("offhook");
    window.client = await connect({ url, login: "1000", password: "1234" });
    window.call = window.client.newCall({ destinationNumber: "9196" });
  }, here.gateway.freeswitch);
  await untilEqual("the call is active", "active", () => page.evaluate(() => window.call.state));
  await until("the microphone's tone comes back", async () => {
    const heard = await page.evaluate(() => window.ears.tones(window.call.remoteStream));
    return heard.some((hz) => Math.abs(hz - MICROPHONE_TONE) < 12);
  });
  await page.evaluate(() => window.client.close());

  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  assert.deepEqual(loaded.filter((path) => /\.(?:js|wasm)$/.test(path)), [imports.offhook, "/node_modules/offhook/pkg/offhook_bg.wasm"]);
  await page.close();
});
