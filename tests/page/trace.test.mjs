// The trace viewer: for everybody, on recordings of every kind.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ROOT } from "../../scripts/process.mjs";
import { openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { part } from "../harness/softphone.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" } });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A call with an outage: recorded, and expected to come back. */
const OUTAGE = readFileSync(join(ROOT, "core/tests/traces/a-call-outlives-its-socket.trace"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "offhook-traces-"));
after(() => rmSync(folder, { recursive: true }));

async function viewer() {
  return openPage(here.browser, `${here.gateway.page}trace.html`);
}

async function choose(page, bytes, name = "a.trace") {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  await (await page.$(part("choose"))).uploadFile(file);
}

async function opened(bytes, name) {
  const page = await viewer();
  await choose(page, bytes, name);
  await isOpen(page);
  return page;
}

const isOpen = (page) => until("it is open", () => page.evaluate(() => document.body.dataset.view === "open"), { within: 60_000 });
const text = (page, name) => page.$eval(part(name), ({ textContent }) => textContent);
const shows = (page, name, pattern) => until(`${name}: ${pattern}`, async () => pattern.test(await page.$$eval(part(name), (found) => found.map(({ textContent }) => textContent).join("\n"))));
const chosen = (page) => page.$eval("#chosen-row .what", ({ textContent }) => textContent);

async function isForEverybody(page, view) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    for (const width of [360, 768, 1280]) {
      await page.setViewport({ width, height: 800 });
      if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      assert.deepEqual(told, [], `${view}, ${scheme}, ${width} px`);
      assert.ok(passes.length > 10, "axe looked at nothing");
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(overhang, 0, `${view}, ${scheme}: sticks out of ${width} px by ${overhang} px`);
    }
  }
}

test("before a recording is chosen, with one open, and with a frame of it", async () => {
  const page = await viewer();
  // What looks at the page is put into it; its policy would not let that in.
  await page.setBypassCSP(true);
  await page.reload();
  await isForEverybody(page, "empty");

  await choose(page, OUTAGE);
  await isOpen(page);
  await isForEverybody(page, "open");

  await page.type(part("search"), "verto.invite");
  await page.focus(part("rows"));
  await page.keyboard.press("Home");
  await shows(page, "detail-title", /^verto\.invite$/);
  await isForEverybody(page, "a frame");
});

test("what is no recording is refused in words, and the next file opens", async () => {
  const page = await viewer();
  for (const [bytes, words] of [
    ["hello", /no recording: line 1/],
    ["", /nothing in it/],
    [gzipSync(OUTAGE).subarray(0, 900), /cannot be unpacked/],
    ['{"at":1,"entry":{"Client":{"format":9,"version":"9.0.0"}}}', /of a later version than this page: line 1: a trace of version 9\.0\.0/],
  ]) {
    await choose(page, bytes);
    await shows(page, "notice", words);
    assert.equal(await page.evaluate(() => document.body.dataset.view), "empty");
  }

  await choose(page, OUTAGE.slice(0, -20));
  await shows(page, "notice", /Only its beginning can be read/);
  await isOpen(page);
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
  await page.close();
});

test("rows are gone through with keys, and a request leads to its reply and back", async () => {
  const page = await opened(OUTAGE);
  await page.focus(part("rows"));

  await page.keyboard.press("Home");
  assert.match(await chosen(page), /^a client of version/);
  await page.keyboard.press("ArrowDown");
  assert.equal(await chosen(page), "connect");
  await page.keyboard.press("e");
  assert.match(await chosen(page), /^socket closed/);
  await page.keyboard.press("/");
  await page.keyboard.type("verto.invite");
  await page.focus(part("rows"));
  await page.keyboard.press("Home");
  assert.equal(await chosen(page), "verto.invite");
  await page.$eval(part("search"), (field) => { field.value = ""; field.dispatchEvent(new Event("input")); });
  await page.keyboard.press("r");
  assert.match(await chosen(page), /^result CALL CREATED/);
  await page.keyboard.press("r");
  assert.equal(await chosen(page), "verto.invite");
  const active = await page.$eval(part("rows"), (rows) => document.getElementById(rows.getAttribute("aria-activedescendant")).getAttribute("aria-selected"));
  assert.equal(active, "true");
  await page.close();
});

test("filters leave what they say", async () => {
  const page = await opened(OUTAGE);
  const kinds = () => page.$$eval(".row", (rows) => [...new Set(rows.map(({ dataset }) => dataset.kind))].sort());
  const all = Number((await text(page, "count")).match(/of (\d+)/)[1]);

  for (const name of ["app", "media", "network"]) await page.click(part(`kind-${name}`));
  assert.deepEqual(await kinds(), ["frame"]);
  await page.click(part("kind-frames"));
  assert.match(await text(page, "no-rows"), /Nothing/);
  await page.click(part("kind-clock"));
  assert.deepEqual((await kinds()).filter((kind) => !["stats", "timer", "frame"].includes(kind)), []);
  for (const name of ["app", "media", "network", "frames"]) await page.click(part(`kind-${name}`));
  assert.equal(await text(page, "count"), `${all} rows`);
  const call = await page.$eval(part("call-filter"), (select) => select.options[2].value);
  await page.select(part("call-filter"), call);
  assert.equal(await page.$$eval(".row:not([data-call='0'])", ({ length }) => length), 0);
  await page.close();
});

test("the cursor goes through time input by input, and what holds is the replay's", async () => {
  const page = await opened(OUTAGE);
  await page.focus(part("scrubber"));
  const states = [];

  await page.keyboard.press("Home");
  for (let step = 0; step < 400 && states.at(-1) !== "closed"; step += 1) {
    const state = await text(page, "session-state");
    if (states.at(-1) !== state) states.push(state);
    await page.keyboard.press("ArrowRight");
  }

  assert.deepEqual(states, ["new", "connecting", "ready", "reconnecting", "ready", "closing", "closed"]);
  const spoken = await page.$eval(part("scrubber"), (slider) => slider.getAttribute("aria-valuetext"));
  assert.match(spoken, /session closed$/);
  await page.close();
});

test("an hour of fifty thousand inputs is replayed while the page answers, and only what is seen is drawn", async () => {
  const page = await viewer();
  const bytes = long(50_000);
  // A page that answers is asked often: the longest that it took.
  await page.evaluate(() => {
    window.longest = 0;
    const progress = document.querySelector("[data-testid=progress]");
    let last = performance.now();
    window.beat = setInterval(() => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      window.wasUnderWay ||= progress.value > 0 && progress.value < 1;
      last = now;
    }, 10);
  });

  const began = performance.now();
  await choose(page, gzipSync(bytes), "long.offhook.json.gz");
  await isOpen(page);
  const took = performance.now() - began;

  const rows = Number((await text(page, "count")).match(/of ([\d,.]+)/)[1].replace(/\D/g, ""));
  assert.ok(rows > 50_000, `${rows} rows`);
  assert.ok(await page.$$eval(".row", ({ length }) => length) < 120);
  assert.ok(await page.$$eval(".track svg *", ({ length }) => length) < 3000);
  const scrubbing = await page.evaluate(async () => {
    clearInterval(window.beat);
    const scrubber = document.querySelector("[data-testid=scrubber]");
    const { left, top, width } = scrubber.getBoundingClientRect();
    const started = performance.now();
    const moves = 60;
    const event = (kind, x) => scrubber.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: top + 5, button: 0, pointerId: 1, bubbles: true }));
    scrubber.setPointerCapture = () => {};
    event("pointerdown", left);
    for (let move = 1; move <= moves; move += 1) event("pointermove", left + (width * move) / moves);
    event("pointerup", left + width);
    return (performance.now() - started) / moves;
  });
  const [longest, wasUnderWay] = await page.evaluate(() => [window.longest, window.wasUnderWay]);
  assert.ok(wasUnderWay, "progress is told");
  console.log(`${rows} rows in ${Math.round(took)} ms, the page silent for at most ${Math.round(longest)} ms, ${scrubbing.toFixed(1)} ms for a step of the cursor`);
  assert.ok(took < 45_000 && longest < 5000 && scrubbing < 400);
  await page.close();
});

/** The recording, with its counters over and over for an hour. */
function long(inputs) {
  const lines = OUTAGE.trimEnd().split("\n").filter((line) => !line.includes('"Expect"'));
  const counted = lines.findLastIndex((line) => line.includes('"Stats"'));
  const counters = JSON.parse(lines[counted]);
  const { monotonic, wall } = counters.at;
  const later = (at, ms) => {
    const nanos = at.nanos + (ms % 1000) * 1e6;
    return { secs: at.secs + Math.floor(ms / 1000) + Math.floor(nanos / 1e9), nanos: nanos % 1e9 };
  };
  const more = Array.from({ length: inputs }, (_, index) => {
    const ms = (index + 1) * 72;
    const [peer, numbers] = counters.entry.Input.Stats;
    const grown = numbers.map((number, place) => (typeof number === "number" && [0, 1, 12, 13].includes(place) ? number + index * 4 : number));
    return JSON.stringify({ at: { monotonic: later(monotonic, ms), wall: later(wall, ms) }, entry: { Input: { Stats: [peer, grown] } } });
  });
  return [...lines.slice(0, counted + 1), ...more].join("\n");
}
