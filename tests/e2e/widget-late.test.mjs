// What the widget loads, and when; and what becomes of a conversation where a file does not come, or is another's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSER } from "../harness/browser.mjs";
import { testOnce } from "../harness/once.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { openWidget } from "../harness/widget.mjs";

const here = stage({ browser: { isNetworkWatched: true } });

const onceTest = testOnce("what a hash is worth is the browser's own affair");

const SPOKEN = { within: 40_000 };

/** Runs in the page: nobody says anything, and nothing interrupts the agent. */
function beSilent() {
  watched.microphone = async () => new AudioContext().createMediaStreamDestination().stream;
}

/** A widget as it is shipped, whose agent is the gateway's; `meddle` may answer a request in place of the server. */
async function open(meddle = () => undefined) {
  // The page's word on the orb is stronger than the server's, which would ask for more.
  const attributes = { url: here.gateway.telnyx, dialect: "telnyx", visualizer: "orb" };
  const widget = await openWidget(here.browser, here.gateway, { path: "widget-real.html", attributes, before: beSilent });
  await widget.page.setRequestInterception(true);
  widget.page.on("request", (request) => meddle(request) ?? request.continue());
  return widget;
}

/** The files that came so far, by their paths beside the loader. */
function files(widget) {
  return widget.page.evaluate(() => {
    const paths = performance.getEntriesByType("resource").map(({ name }) => name.split("/pkg/")[1]).filter(Boolean);
    return [...new Set(paths)].sort();
  });
}

/** Those of them that were asked for before anything was said to its end. */
function early(widget) {
  return widget.page.evaluate(() => {
    const said = window.heard.find(({ name, detail }) => name === "transcript" && detail.item.status !== "partial");
    const until = said?.at ?? Infinity;
    const entries = performance.getEntriesByType("resource").filter(({ startTime }) => startTime < until);
    return [...new Set(entries.map(({ name }) => name.split("/pkg/")[1]).filter(Boolean))].sort();
  });
}

/** What came since. */
async function more(widget, known) {
  return (await files(widget)).filter((name) => !known.includes(name));
}

const isUp = (widget) => widget.run((element) => element.call?.state === "active");

test("a conversation begins with four files, and each other one comes when somebody needs it", async () => {
  const widget = await open();
  assert.deepEqual(await files(widget), ["embed.js"]);

  await widget.run((element) => element.open());
  await widget.click("[data-name=start]");
  await widget.shows(".assistant .bubble", /Hello/, SPOKEN);
  const first = ["agent_bg.wasm", "embed.js", "widget/lang/en.js", "widget/panel.js"];
  assert.deepEqual(await early(widget), first);

  // What would tell of a failure comes once the agent has spoken: without a network it could not.
  const failure = ["widget/ended.js", "widget/ground.js", "widget/hashes.js", "widget/lang/later/en.js", "widget/trouble.js"];
  await until("that", async () => String(await more(widget, first)) === String(failure), SPOKEN);

  await widget.click("[data-name=settings]");
  await widget.shows(".settings", /Volume/);
  assert.deepEqual(await more(widget, [...first, ...failure]), ["widget/settings.js"]);
  await widget.click("[data-name=settings]");

  await widget.click("[data-name=mute]");
  const sofar = [...first, ...failure, "widget/settings.js"];
  await until("what hears who is muted", async () => String(await more(widget, sofar)) === "widget/muted.js");
  await widget.run((element) => void element.registerTool({ name: "look", handler: () => "a page" }));
  await until("what runs tools", async () => (await files(widget)).includes("agent/run.js"));
  assert.ok(!(await files(widget)).includes("schema.js"), "no tool has a schema");

  await widget.click("[data-name=end]");
  await widget.shows(".why", /You ended/);
  await widget.page.close();
});

test("what does not come is told, the conversation goes on, and who tries again gets it", async () => {
  let isAway = true;
  const widget = await open((request) => (isAway && request.url().endsWith("/widget/settings.js") ? request.abort() : undefined));
  await widget.run((element) => element.start({ mode: "text" }));
  await until("the call is up", () => isUp(widget), SPOKEN);

  await widget.click("[data-name=settings]");
  await widget.shows("[part=away]", /could not be loaded.*Try again/);
  assert.ok(await isUp(widget));
  assert.match(await widget.page.evaluate(() => String(window.heard.find(({ name }) => name === "error")?.detail.error.message)), /settings\.js/);
  await widget.click("[data-name=settings]");
  await widget.run((element) => element.sendText("What do you know?"));
  await widget.shows(".user", /What do you know/, SPOKEN);

  isAway = false;
  await widget.click("[data-name=settings]");
  // Firefox keeps to what it could not load until the page is loaded again.
  if (BROWSER === "chromium") {
    // Who looks after a while has it tried again by that.
    await until("it is there", () => widget.page.evaluate(() => {
      const root = window.widget.shadowRoot;
      root.querySelector("[data-name=fetch]")?.click();
      return /Volume/.test(root.querySelector(".settings")?.textContent);
    }));
  }
  await widget.page.close();
});

/** Opens a widget whose files of these paths have something foreign in them, and needs them, twice. */
async function meet(foreign) {
  const met = new Set();
  const widget = await open((request) => {
    const [, path] = request.url().split("/pkg/");
    if (!foreign(path ?? "")) return undefined;
    met.add(path);
    return fetch(request.url()).then((answer) => answer.text()).then((text) => request.respond({
      contentType: "text/javascript", headers: { "access-control-allow-origin": "*" }, body: `${text}\nwindow.isForeign = true;`,
    }));
  });
  await widget.run((element) => {
    element.registerTool({ name: "current_page", parameters: { type: "object" }, handler: () => document.title });
    return element.start({ mode: "text" });
  });
  await until("the call is up", () => isUp(widget), SPOKEN);
  await widget.run((element) => element.client && element.sendText("What page am I on?"));
  await widget.shows(".user", /What page am I on/, SPOKEN);
  await widget.click("[data-name=settings]");
  await widget.shows("[part=away]", /could not be loaded/, SPOKEN);
  const failures = () => widget.page.evaluate(() => window.heard.filter(({ name }) => name === "error").length);
  const before = await failures();
  await widget.click("[data-name=fetch]");
  await until("it was tried again", async () => (await failures()) > before, SPOKEN);
  assert.ok(await isUp(widget), "the conversation goes on");
  assert.equal(await widget.page.evaluate(() => "isForeign" in window), false);
  await widget.page.close();
  return [...met].sort();
}

onceTest("a file that is not the one that was built is not run, however often it is asked for", async () => {
  const isLate = (path) => /^(?:agent|schema|widget)\b/.test(path) && !/(?:panel|lang\/en|hashes|_bg)\./.test(path);
  const met = await meet(isLate);
  for (const path of ["agent/run.js", "widget/judge.js", "widget/settings.js", "widget/words.js"]) {
    assert.ok(met.includes(path), `${path} was not asked for: ${met}`);
  }
});

onceTest("nor is what says what the others have to be", async () => {
  assert.deepEqual(await meet((path) => path === "widget/hashes.js"), ["widget/hashes.js"]);
});
