// Applications with the package from its tarball, none with a setting for it. Each must load it, call, and be heard.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { build, createServer } from "vite";
import webpack from "webpack";
import { application } from "../harness/package.mjs";
import { openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { startSite } from "../harness/site.mjs";
import { stage } from "../harness/stage.mjs";
import { endGroup, run } from "../../scripts/process.mjs";
import { callsTheEcho, dial, says } from "./calling.mjs";

/** As long as a slow machine needs to build, and to start a server, in seconds. */
const BUILDING = 300;
const STARTING = 60;

const here = stage();

test("Vite bundles it", async () => {
  const folder = await application("vite", { also: ["phone.js"] });

  await build({ root: folder, logLevel: "error" });

  shipsOneModule(join(folder, "dist"));
  await callsFrom(join(folder, "dist"));
});

test("Vite serves it to who develops", async () => {
  await served(await application("vite", { also: ["phone.js"] }), calls);
});

test("webpack bundles it", async () => {
  const folder = await application("webpack", { also: ["phone.js"] });

  await callsFrom(await packed(folder));
});

test("an agent is talked to, by widget and interface, from what Vite and webpack bundle and Vite serves", async () => {
  const root = await application("talking");
  await build({ root, logLevel: "error", build: { target: "es2022" } });
  shipsOneModule(join(root, "dist"));
  await talksAt(join(root, "dist"));

  await talksAt(await packed(root));

  await served(root, talks);
});

test("a page without a bundler imports it from a static server", async () => {
  const folder = await application("plain", { also: ["phone.js"] });

  const { requests } = await callsFrom(folder);

  const ours = requests.filter((path) => path.startsWith("/node_modules/"));
  assert.deepEqual(ours, ["/node_modules/offhook/pkg/index.js", "/node_modules/offhook/pkg/offhook_bg.wasm"]);
});

test("a strict Content Security Policy is kept", async () => {
  const folder = await application("csp", { also: ["phone.js"] });
  const policy = [
    "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", `connect-src 'self' ${here.gateway.freeswitch}`,
  ];
  const site = await startSite(folder, { headers: { "content-security-policy": policy.join("; ") } });
  try {
    const page = await openPage(here.browser, "about:blank");
    await page.evaluateOnNewDocument(() => {
      window.violations = [];
      addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
        window.violations.push(`${effectiveDirective}: ${blockedURI}`);
      });
    });
    await page.goto(`${site.address}?gateway=${here.gateway.freeswitch}`);

    await callsTheEcho(page);

    assert.deepEqual(await page.evaluate(() => window.violations), []);
    // What is forbidden is refused and told: the policy was in force.
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("script"), { text: "0" })));
    const inline = "script-src-elem: inline";
    await untilEqual("an inline script is refused", inline, () => page.evaluate(() => window.violations[0]));
    await page.close();
  } finally {
    await site.stop();
  }
});

test("a policy without 'wasm-unsafe-eval' is told of in words", async () => {
  const folder = await application("csp", { also: ["phone.js"] });
  const policy = `default-src 'self'; connect-src 'self' ${here.gateway.freeswitch}`;
  const site = await startSite(folder, { headers: { "content-security-policy": policy } });
  try {
    const page = await openPage(here.browser, `${site.address}?gateway=${here.gateway.freeswitch}`);

    await dial(page);

    await says(page, /^60403 cannot load .*CompileError: .*(?:unsafe-eval|CSP)/);
    await page.close();
  } finally {
    await site.stop();
  }
});

test("Next builds it, imports it on its server, and uses it in the browser", async () => {
  const folder = await application("next");
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const next = join(folder, "node_modules", "next", "dist", "bin", "next");
  await run(process.execPath, [next, "build"], { cwd: folder, env, quiet: true, limit: BUILDING });
  const server = await startNext(next, { cwd: folder, env });
  try {
    const page = await openPage(here.browser, `${server.address}?gateway=${here.gateway.freeswitch}`);

    await callsTheEcho(page);

    const rendered = await (await fetch(server.address)).text();
    assert.match(rendered, /<p>OffhookError on the server<\/p>/);
    assert.match(rendered, /<p id="status">idle<\/p>/);
    const status = () => page.evaluate(() => document.getElementById("status").textContent);
    await untilEqual("the layout's provider is signed in", "ready", status);
    await page.close();
  } finally {
    await server.stop();
  }
});

/** Holds a folder of built files to having the module once: a second copy would be downloaded by nobody, or by all. */
function shipsOneModule(www) {
  const modules = readdirSync(www, { recursive: true }).filter((name) => name.endsWith(".wasm"));
  assert.equal(modules.length, 1, modules.join());
}

/** Bundles an application with webpack, without a complaint; where that lies. */
async function packed(folder) {
  const path = join(folder, "packed");
  const options = { mode: "production", context: folder, entry: "./main.js", output: { path } };
  const stats = await new Promise((resolve, reject) => {
    webpack(options, (error, result) => (error ? reject(error) : resolve(result)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual({ errors, warnings }, { errors: [], warnings: [] });
  cpSync(join(folder, "index.html"), join(path, "index.html"));
  shipsOneModule(path);
  return path;
}

/** Has Vite serve an application as to who develops it, for who visits it there. */
async function served(root, visit) {
  const server = await createServer({ root, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  try {
    await server.listen();
    await visit(server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
}

/** Has the page that lies in `www` talk to the agent. */
async function talksAt(www) {
  const site = await startSite(www);
  try {
    await talks(site.address);
  } finally {
    await site.stop();
  }
}

async function talks(address) {
  const page = await openPage(here.browser, `${address}?gateway=${here.gateway.telnyx}`);
  for (const name of ["widget", "agent"]) {
    let said;
    await until(`${name}: the agent used the page's tool`, async () => {
      said = await page.$eval(`#${name}`, ({ textContent }) => textContent);
      return /told me: .*Talks to an agent/.test(said);
    }, { within: 60_000 }).catch((error) => {
      throw new Error(`${error.message}; the page says: ${said}`);
    });
  }
  assert.deepEqual(await page.evaluate(() => window.watched.reported), []);
  await page.close();
}

/** Calls the echo from the page that lies in `www`; what the page asked its server for. */
async function callsFrom(www) {
  const site = await startSite(www);
  try {
    await calls(site.address);
    return site;
  } finally {
    await site.stop();
  }
}

async function calls(address) {
  const page = await openPage(here.browser, `${address}?gateway=${here.gateway.freeswitch}`);
  await callsTheEcho(page);
  await page.close();
}

async function startNext(next, { cwd, env }) {
  // A group of its own: it starts processes.
  const child = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true,
  });
  const kill = () => endGroup(child.pid);
  process.once("exit", kill);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const log = [];
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address from Next:\n${log.join("\n")}`)), STARTING * 1000);
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on("line", (line) => {
        log.push(line);
        const said = line.match(/http:\/\/127\.0\.0\.1:\d+/);
        if (!said) return;
        clearTimeout(timer);
        resolve(`${said[0]}/`);
      });
    }
    ended.then((code) => reject(new Error(`Next ended with ${code}:\n${log.join("\n")}`)));
  });
  return {
    address,
    async stop() {
      kill();
      await ended;
      process.off("exit", kill);
    },
  };
}
