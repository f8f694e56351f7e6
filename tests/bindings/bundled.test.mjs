// An application that uses the entry, the store and the hooks: bundled, it has the package once.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { build } from "vite";
import { openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { scratchFolder } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { application } from "./application.mjs";

const www = scratchFolder();
const here = stage({ gateway: { www } });

const MAIN = `
  import { OffhookError } from "offhook";
  import { OffhookProvider, useOffhook, useOffhookStore } from "offhook/react";
  import { createStore } from "offhook/store";
  import { createElement } from "react";
  import { createRoot } from "react-dom/client";

  const store = createStore();

  function Look() {
    const error = useOffhook((phone) => phone.error);
    const isTheStore = useOffhookStore() === store;
    window.told = { isTheStore, isTheClass: error instanceof OffhookError, kind: error?.kind };
    return null;
  }

  createRoot(document.body).render(createElement(OffhookProvider, { store }, createElement(Look)));
  window.signIn = (options) => void store.connect(options);
`;

test("Vite puts the module, the entry and the store into an application once", async () => {
  const index = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Application</title>
    <script type="module" src="/main.js"></script></html>`;
  const root = application({ "main.js": MAIN, "index.html": index });

  await build({ root, logLevel: "error", build: { outDir: www, emptyOutDir: true } });

  const modules = readdirSync(www, { recursive: true }).filter((name) => name.endsWith(".wasm"));
  assert.equal(modules.length, 1, modules.join());
  const page = await openPage(here.browser, here.gateway.page);
  await until("the application is there", () => page.evaluate(() => "signIn" in window));
  await page.evaluate((url) => signIn({ url, login: "1000", password: "wrong" }), here.gateway.freeswitch);
  const told = await until("a failure", () => page.evaluate(() => window.told?.kind && window.told));
  assert.deepEqual(told, { isTheStore: true, isTheClass: true, kind: "refused" });
});
