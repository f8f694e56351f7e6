// The Content Security Policy of docs/csp.md, word for word, on a page that calls.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { startSite } from "../harness/site.mjs";
import { scratchFolder } from "../harness/sound.mjs";
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

const here = stage({ also: { site: serve } });

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
async function serve(gateway) {
  const [, shown] = readFileSync(join(ROOT, "docs", "csp.md"), "utf8").match(/^```http\n([^]*?)^```$/m);
  const headers = Object.fromEntries(shown.trim().split("\n").map((line) => {
    const [name, value] = line.split(/: (.*)/);
    return [name, value.replace(ELSEWHERE, gateway.freeswitch.replace(/\/$/, ""))];
  }));
  const folder = scratchFolder();
  writeFileSync(join(folder, "index.html"), PAGE);
  writeFileSync(join(folder, "main.js"), MAIN);
  cpSync(join(ROOT, "pkg"), join(folder, "pkg"), { recursive: true });
  return startSite(folder, { headers });
}
