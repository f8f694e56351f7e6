import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { attempt } from "../../../scripts/process.mjs";
import { cargoEnvironment } from "../../../scripts/tools.mjs";
import { openPage } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { press } from "../../harness/press.mjs";
import { part, signedInSoftphone } from "../../harness/softphone.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ gateway: { www: "www", detachTime: 20 } });

const folder = mkdtempSync(join(tmpdir(), "offhook-viewer-"));
after(() => rmSync(folder, { recursive: true }));

/** The recording of a call that loses its socket and comes back; what the page heard of its states. */
async function recordOutage() {
  const page = await openPage(here.browser, here.gateway.page);
  await page.evaluate(async (url) => {
    const { connect, traces } = await import("/pkg/trace.js");
    const client = await connect({ url, login: "1000", password: "1234" });
    const call = client.newCall({ destinationNumber: "9196" });
    window.story = { states: [], id: call.id, traces, close: () => client.close() };
    call.on("state", ({ state }) => window.story.states.push(state));
    call.on("stats", () => (window.story.counted = (window.story.counted ?? 0) + 1));
  }, here.gateway.freeswitch);
  const reaches = (state) => until(state, async () => (await page.evaluate(() => window.story.states.at(-1))) === state);
  await reaches("active");
  await until("there are counters", () => page.evaluate(() => window.story.counted > 3));
  await here.gateway.fault("drop&user=1000");
  await until("it is back", () => page.evaluate(() => {
    const lost = window.story.states.indexOf("reconnecting");
    return lost >= 0 && window.story.states.indexOf("active", lost) > lost;
  }), { within: 40_000 });
  await page.evaluate(() => window.story.close());
  const story = await page.evaluate(() => ({ states: window.story.states, id: window.story.id, trace: window.story.traces()[0] }));
  await page.close();
  return story;
}

async function openViewer() {
  const page = await openPage(here.browser, `${here.gateway.page}trace.html`);
  // What is saved is looked at in the page: where a browser puts it is the browser's.
  await page.evaluate(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
      window.saved = blob.text();
      return make(blob);
    };
    HTMLAnchorElement.prototype.click = function save() {
      window.savedAs = this.download;
    };
  });
  return page;
}

async function choose(page, name, bytes) {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  await (await page.$(part("choose"))).uploadFile(file);
}

const pressOn = (page, name) => press(page, name, () => page.$(part(name)));
const texts = (page, css) => page.$$eval(css, (found) => found.map(({ textContent }) => textContent));
const shows = (page, name, pattern) => until(`${name}: ${pattern}`, async () => pattern.test((await texts(page, part(name))).join("\n")));

/** What the core's test of recordings says of one. */
async function tested(name, text) {
  const traces = join(folder, name);
  mkdirSync(traces);
  writeFileSync(join(traces, `${name}.trace`), text);
  const { code, output } = await attempt("cargo", ["test", "--package", "offhook-core", "--test", "traces"], {
    env: cargoEnvironment({ OFFHOOK_TRACES: traces }), limit: 900, quiet: true,
  });
  return { isMet: code === 0, output };
}

/** Expects of the call at the cursor that it is in a state within a time, exports that, and returns the file's text. */
async function exported(page, { state, within, name }) {
  await page.select(part("expect-state"), state);
  await page.$eval(part("expect-within"), (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, String(within));
  await page.$eval(part("expect-name"), (field, value) => (field.value = value), name);
  // What it would say comes a moment later, and moves what is below.
  await pressOn(page, "export");
  return page.evaluate(async () => ({ text: await window.saved, name: window.savedAs }));
}

test("a call that was recorded is looked at, and a moment of it becomes a test that fails until it is as expected", async () => {
  const { trace, states } = await recordOutage();
  const page = await openViewer();

  await choose(page, "outage.offhook.json.gz", gzipSync(trace));

  await shows(page, "notice", /did all that was recorded/);
  await shows(page, "file", /^outage\.offhook\.json\.gz: .* 1 call$/);
  // It begins at the first problem: the lost socket.
  await shows(page, "session-state", /^reconnecting$/);
  await shows(page, "call-state", /^reconnecting$/);
  await shows(page, "detail-title", /^socket closed: 1006/);
  const bands = await page.$$eval(".track.band", (tracks) => tracks.map((track) => [...track.querySelectorAll("rect")].map((rect) => rect.classList[1])));
  assert.deepEqual(bands[1].filter((state) => state !== "new"), states);
  assert.ok((await page.$$eval(".plot .line", (lines) => lines.filter((line) => line.getAttribute("d").length > 20).length)) >= 4);

  const fails = await exported(page, { state: "active", within: 0.001, name: "Back at once" });
  assert.equal(fails.name, "back-at-once.trace");
  await shows(page, "verdict", /^Fails.*reconnecting/);
  const holds = await exported(page, { state: "active", within: 10, name: "back" });
  await shows(page, "verdict", /^Holds already.*reconnecting, active after/);

  const [bad, good] = [await tested("bad", fails.text), await tested("good", holds.text)];
  assert.ok(!bad.isMet);
  assert.match(bad.output, /does not become active within 0\.001 s: it was reconnecting/);
  assert.ok(good.isMet, good.output);
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
  assert.ok(!/"1234"|ice-pwd:(?!secret-)/.test(holds.text));
  await page.close();
});

test("a recording that the replay does not live up to says where, and goes there", async () => {
  const { trace, id } = await recordOutage();
  const page = await openViewer();
  const was = `${id}: Reconnecting -> Active`;

  await choose(page, "other.trace", trace.replace(was, `${id}: Reconnecting -> Done`));

  await shows(page, "notice", /does something else than what was recorded.*Recorded: \S+: Reconnecting -> Done\. Replayed: \S+: Reconnecting -> Active/);
  await pressOn(page, "go-to-difference");
  await shows(page, "call-state", /^active$/);
  await page.close();
});

test("what the softphone records opens in the viewer", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1003");
  await softphone.page.$eval(part("record"), (box) => box.click());
  await softphone.click("sign-out");
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1003" });
  await softphone.shows("status", /Connected/);
  await softphone.dial("9196");
  await softphone.reaches("active");

  await softphone.click("view-recording");

  const viewer = await until("the viewer is open", async () => (await here.browser.pages()).find((page) => page.url().endsWith("trace.html")));
  // Its address is there before it is.
  const isThere = () => document.readyState === "complete" && document.querySelector("[data-testid=scrubber]");
  await viewer.waitForFunction(isThere);
  await shows(viewer, "notice", /did all that was recorded/);
  await viewer.focus(part("scrubber"));
  await viewer.keyboard.press("End");
  await shows(viewer, "call-state", /^active$/);
  await viewer.close();
  await softphone.page.$eval(part("record"), (box) => box.click());
  await softphone.page.close();
});
