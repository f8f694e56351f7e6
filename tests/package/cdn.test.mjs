// The two files on another host, as on a content delivery network: preloaded once, and refused if they are not ours.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { application } from "../harness/package.mjs";
import { openPage } from "../harness/phone.mjs";
import { startSite } from "../harness/site.mjs";
import { stage } from "../harness/stage.mjs";
import { callsTheEcho, dial, says } from "./calling.mjs";

const FILES = ["/pkg/index.js", "/pkg/offhook_bg.wasm"];

/** A custom section named "x": what any browser takes, and skips. */
const HARMLESS = Buffer.from([0, 2, 1, 0x78]);

const here = stage();
const running = [];
after(() => Promise.all(running.map(({ stop }) => stop())));

test("from another host both files are checked, preloaded, and fetched once", async () => {
  const { page, cdn } = await openFrom({});

  await callsTheEcho(page);

  assert.deepEqual(cdn.requests.toSorted(), FILES);
  const [entry, module, application] = await page.evaluate((...names) => names.map((name) => {
    const found = performance.getEntriesByType("resource").filter((resource) => resource.name.endsWith(name));
    return found.map(({ initiatorType, startTime, responseEnd }) => ({ initiatorType, startTime, responseEnd }));
  }), ...FILES, "/main.js");
  assert.deepEqual([entry.length, module.length], [1, 1]);
  assert.equal(module[0].initiatorType, "link");
  assert.ok(entry[0].startTime < application[0].responseEnd, "the entry was fetched before anything asked for it");
  await page.close();
});

test("a module that is not this version's own is refused", async () => {
  const other = (bytes) => Buffer.concat([bytes, HARMLESS]);
  const { page, cdn, folder } = await openFrom({ "/pkg/offhook_bg.wasm": other });

  await dial(page);

  await says(page, new RegExp(`^60403 cannot load .* from ${cdn.address}pkg/.*this version's own file, unchanged$`));
  const module = readFileSync(join(folder, "node_modules", "offhook", "pkg", "offhook_bg.wasm"));
  assert.ok(WebAssembly.validate(other(module)), "a browser would have refused it for another reason");
  await page.close();
});

/** Opens the page with the package on another host, which changes files as `changes` says, by their paths. */
async function openFrom(changes) {
  const folder = await application("cdn", { also: ["phone.js"] });
  const cdn = await startSite(join(folder, "node_modules", "offhook"), {
    headers: { "access-control-allow-origin": "*", "cache-control": "public, max-age=31536000, immutable" },
    tamper: (path, bytes) => changes[path]?.(bytes) ?? bytes,
  });
  running.push(cdn);
  const hashes = JSON.parse(readFileSync(join(folder, "node_modules", "offhook", "pkg", "integrity.json"), "utf8"));
  const index = join(folder, "index.html");
  const given = { cdn: cdn.address, ...hashes };
  writeFileSync(index, readFileSync(index, "utf8").replace(/\{\{(.+?)\}\}/g, (_, name) => given[name]));
  const site = await startSite(folder);
  running.push(site);
  const page = await openPage(here.browser, `${site.address}?gateway=${here.gateway.freeswitch}`);
  return { page, cdn, folder };
}
