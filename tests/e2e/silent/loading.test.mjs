// Loading the module: on a server, from elsewhere, from nowhere.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../../scripts/process.mjs";
import { testOnce } from "../../harness/once.mjs";
import { openPhone } from "../../harness/phone.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

const user = (more) => ({ login: "1000", password: "1234", url: here.gateway.freeswitch, ...more });

test("importing it on a server touches nothing", () => {
  const entry = pathToFileURL(join(ROOT, "pkg", "index.js")).href;
  const program = `
    const touched = [];
    const trap = (name) => ({ configurable: true, get: () => { touched.push(name); } });
    for (const name of ["fetch", "navigator", "RTCPeerConnection", "WebSocket", "AudioContext", "document", "window"]) {
      Object.defineProperty(globalThis, name, trap(name));
    }
    const { connect } = await import(${JSON.stringify(entry)});
    console.log(typeof connect, touched.join());
  `;

  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8", timeout: 20_000 });

  assert.equal(said.trim(), "function");
});

test("a load that fails names the address, and the next call tries again", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const wasmUrl = `${here.gateway.page}nothing.wasm`;
  const { error } = await phone.connect(user({ wasmUrl }));
  assert.deepEqual([error?.kind, error?.code, error?.url], ["lost", 60403, wasmUrl]);
  await phone.signIn(user());
  await phone.close();
});

test("a module that was loaded ahead is not loaded again, and a wrong option is told", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const { error } = await phone.page.evaluate(async () => {
    const { preload } = await import("../js/index.js");
    await Promise.all([preload(), preload()]);
    return preload({ wasmUrl: 7 }).then(() => ({}), ({ kind, option }) => ({ error: { kind, option } }));
  });
  await phone.signIn(user());

  assert.deepEqual(error, { kind: "misuse", option: "wasmUrl" });
  const loaded = await phone.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.equal(loaded.filter((name) => name.endsWith(".wasm")).length, 1);
  await phone.close();
});

test("a module that is not served as WebAssembly is loaded all the same, and that is told", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const told = await phone.page.evaluate(async () => {
    const { preload } = await import("../js/index.js");
    const [real, warn, told] = [window.fetch, console.warn, []];
    window.fetch = async (...asked) => {
      const headers = { "Content-Type": "application/octet-stream" };
      return new Response(await (await real(...asked)).arrayBuffer(), { headers });
    };
    console.warn = (words) => told.push(words);
    await preload().finally(() => Object.assign(window, { fetch: real }));
    console.warn = warn;
    return told;
  });
  await phone.signIn(user());

  assert.deepEqual(told, ["served as application/octet-stream: loads slower"]);
  await phone.close();
});

test("the module may lie elsewhere", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  await phone.signIn(user({ wasmUrl: `${here.gateway.page}pkg/offhook_bg.wasm?elsewhere` }));
  await phone.close();
});

const onceTest = testOnce("it is about the package's own clock, and a stand-in for fetch");

onceTest("a load that hangs ends with the signal, and in the end by itself", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const outcome = await phone.page.evaluate(async (options) => {
    const { connect } = await import("../js/index.js");
    const real = window.fetch;
    // As a server that never answers; it minds its signal as the real one does.
    window.fetch = (_, { signal } = {}) => new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
    const abort = new AbortController();
    const given = connect({ ...options, signal: abort.signal }).catch((error) => error);
    const waiting = connect(options).catch(({ code }) => code);
    abort.abort("enough");
    const told = [await given, await waiting];
    window.fetch = real;
    return told;
  }, user());

  assert.deepEqual(outcome, ["enough", 60403]);
  await phone.signIn(user());
  await phone.close();
});
