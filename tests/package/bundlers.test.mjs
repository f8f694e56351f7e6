// The package in applications that are bundled without a setting of their own: each must load it and make a call.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "vite";
import webpack from "webpack";
import { launchBrowser } from "../harness/browser.mjs";
import { startGateway } from "../harness/gateway.mjs";
import { openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE, scratchFolder } from "../harness/sound.mjs";
import { run } from "../../scripts/process.mjs";

const PAGE = (script) => `<!doctype html>\n<meta charset="utf-8">\n<title>An application</title>\n${script}\n`;

const scratch = scratchFolder();
await run("npm", ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", scratch], { quiet: true, limit: 120 });
const tarball = join(scratch, readdirSync(scratch).find((name) => name.endsWith(".tgz")));

test("Vite bundles it", async () => {
  const folder = await application("vite");
  writeFileSync(join(folder, "index.html"), PAGE('<script type="module" src="/main.js"></script>'));

  await build({ root: folder, logLevel: "error" });

  await calls(join(folder, "dist"));
});

test("webpack bundles it", async () => {
  const folder = await application("webpack");
  const output = { path: join(folder, "dist") };

  const stats = await new Promise((resolve, reject) => {
    webpack({ mode: "production", context: folder, entry: "./main.js", output }, (error, result) => (error ? reject(error) : resolve(result)));
  });

  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual({ errors, warnings }, { errors: [], warnings: [] });
  writeFileSync(join(folder, "dist", "index.html"), PAGE('<script src="main.js" defer></script>'));
  await calls(join(folder, "dist"));
});

/** A folder with an application that has the package installed. */
async function application(name) {
  const folder = join(scratch, name);
  const installed = join(folder, "node_modules", "offhook");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"], { limit: 60 });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, type: "module", private: true }));
  writeFileSync(join(folder, "main.js"), 'import { connect } from "offhook";\nwindow.connect = connect;\n');
  return folder;
}

/** Holds the application in `www` to shipping the module once, and to calling the echo and hearing it. */
async function calls(www) {
  const modules = readdirSync(www, { recursive: true }).filter((name) => name.endsWith(".wasm"));
  assert.equal(modules.length, 1, modules.join());
  const gateway = await startGateway({ www });
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, gateway.page);
    await until("the application has loaded the package", () => page.evaluate(() => "connect" in window));
    await page.evaluate(async (url) => {
      window.client = await connect({ url, login: "1000", password: "1234" });
      window.call = client.newCall({ destinationNumber: "9196" });
    }, gateway.freeswitch);
    await until("the echo is heard", async () => {
      const heard = await page.evaluate(() => ears.tones(call.remoteStream));
      return heard.some((hz) => Math.abs(hz - MICROPHONE_TONE) < 12);
    });
    await page.evaluate(() => client.close());
  } finally {
    await browser.close();
    await gateway.stop();
  }
}
