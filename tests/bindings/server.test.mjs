// The store, the hooks and the tones where there is no browser: they are found by name, and rendering touches nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { OffhookError } from "offhook";
import {
  OffhookProvider, useCall, useCallStats, useCalls, useClient, useIncomingCall, useOffhook, useOffhookStore,
} from "offhook/react";
import { createStore } from "offhook/store";
import { createTones } from "offhook/tones";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { ROOT, run } from "../../scripts/process.mjs";

/** What a module can be seen to use of a browser, or of the world. */
const GLOBALS = [
  "window", "document", "navigator", "location", "localStorage", "WebSocket", "RTCPeerConnection", "AudioContext",
  "fetch", "addEventListener", "setTimeout", "setInterval",
];

test("an application finds the shipped modules by name", () => {
  for (const name of ["audio", "control", "directory", "react", "store", "tones"]) {
    assert.equal(import.meta.resolve(`offhook/${name}`), pathToFileURL(join(ROOT, "pkg", `${name}.js`)).href);
  }
});

test("an App Router is told that the hooks belong to the browser, before anything else", () => {
  assert.match(readFileSync(join(ROOT, "pkg", "react.js"), "utf8"), /^"use client";/);
});

test("importing them, making a store and reading it touches nothing", async () => {
  const program = `
    // React looks around when it is imported.
    await import("react");
    const touched = [];
    for (const name of ${JSON.stringify(GLOBALS)}) {
      Object.defineProperty(globalThis, name, { configurable: true, get: () => { touched.push(name); } });
    }
    await import("offhook/react");
    await import("offhook/audio");
    await import("offhook/directory");
    await import("offhook/control");
    await import("offhook/tones");
    const { createStore } = await import("offhook/store");
    const store = createStore();
    store.subscribe(() => undefined)();
    const { status } = store.getSnapshot();
    await store.disconnect();
    const seen = [...touched];
    console.log(JSON.stringify({ status, touched: seen }));
  `;

  const args = ["--input-type=module", "--eval", program];
  const output = await run(process.execPath, args, { cwd: ROOT, quiet: true, limit: 60 });

  assert.deepEqual(JSON.parse(output), { status: "idle", touched: [] });
});

test("what an entry beside throws is an error of the entry's own class", () => {
  assert.throws(() => createTones({ dialect: "telnyx" }, 5), (error) => {
    return error instanceof OffhookError && error.kind === "misuse" && error.option === "options";
  });
});

test("a subscriber is called at once, and never again after it has ended", () => {
  const store = createStore();
  const seen = [];

  const end = store.subscribe((snapshot) => seen.push(snapshot));
  end();
  end();

  assert.deepEqual(seen, [store.getSnapshot()]);
  assert.equal(store.getSnapshot(), store.getInitialSnapshot());
  assert.ok(Object.isFrozen(store.getSnapshot()));
});

test("a server renders every hook, as of nobody signed in", () => {
  const options = { login: "1000", password: "1234" };

  const html = renderToString(createElement(OffhookProvider, { options }, createElement(Everything)));

  assert.equal(html, "<p>idle/idle/0/true/true/true/true/function</p>");
});

test("a hook without a provider says what it lacks", () => {
  assert.throws(() => renderToString(createElement(Everything)), /inside of an <OffhookProvider>/);
});

/** Says what every hook gives. */
function Everything() {
  const parts = [
    useOffhook().status, useOffhook(({ status }) => status), useCalls().length, useClient() === undefined,
    useCall("some") === undefined, useIncomingCall() === undefined, useCallStats(undefined) === undefined,
    typeof useOffhookStore().connect,
  ];
  return createElement("p", null, parts.join("/"));
}
