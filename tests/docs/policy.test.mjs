// The Content Security Policy of docs/csp.md, word for word, on a page that calls.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT } from "../../scripts/process.mjs";

/** The page's gateway in the documentation. */
const ELSEWHERE = "wss://pbx.example:8082";

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Policy</title>
  <script type="module" src="/main.js"></script></html>`;
const MAIN = `
  import { connect } from "/pkg/index.js";
  window.connect = connect;
  window.violations = [];
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    window.violations.push(effectiveDirective + " " + blockedURI);
  });`;

const here = stage({ also: { site: startSite } });

test("a page under the policy loads the module, signs in, calls, and is heard", async () => {
  const page = await openPage(here.browser, here.site.address);
  await until("the package is loaded", () => page.evaluate(() => "connect" in window));

  await page.evaluate(async (url) => {
    window.client = await window.connect({ url, login: "1000", password: "1234" });
    window.call = window.client.newCall({ destinationNumber: "9196" });
  }, here.gateway.freeswitch);

  await untilEqual("the call is active", "active", () => page.evaluate(() => window.call.state));
  await until("packets come", () => page.evaluate(() => window.call.stats?.packetsReceived > 20));
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  await page.evaluate(() => window.client.close());
});

test("the policy is in force: it stops what it does not name", async () => {
  const page = await openPage(here.browser, here.site.address);
  await until("the page listens", () => page.evaluate(() => Array.isArray(window.violations)));

  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.intruder = true";
    document.head.append(script);
  });

  await until("the violation is told", () => page.evaluate(() => window.violations.length > 0));
  assert.equal(await page.evaluate(() => window.intruder), undefined);
});

/** Serves the page and the package with the headers that the documentation shows. */
async function startSite(gateway) {
  const [, shown] = readFileSync(join(ROOT, "docs", "csp.md"), "utf8").match(/^```http\n([^]*?)^```$/m);
  const headers = Object.fromEntries(shown.trim().split("\n").map((line) => {
    const [name, value] = line.split(/: (.*)/);
    return [name, value.replace(ELSEWHERE, gateway.freeswitch.replace(/\/$/, ""))];
  }));
  const files = {
    "/": ["text/html", () => PAGE],
    "/main.js": ["text/javascript", () => MAIN],
    "/pkg/index.js": ["text/javascript", () => readFileSync(join(ROOT, "pkg", "index.js"))],
    "/pkg/offhook_bg.wasm": ["application/wasm", () => readFileSync(join(ROOT, "pkg", "offhook_bg.wasm"))],
  };
  const server = createServer(({ url }, response) => {
    const [type, text] = files[url] ?? [];
    if (!type) return response.writeHead(404, headers).end();
    return response.writeHead(200, { "content-type": type, ...headers }).end(text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}/`, stop };
}
