// How good a call is, as the softphone tells it: over a network that is bad by command, and when the call is over.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { standsAlone } from "../../harness/alone.mjs";
import { until } from "../../harness/poll.mjs";
import { press } from "../../harness/press.mjs";
import { CARD, ENDED, part, signedInSoftphone } from "../../harness/softphone.mjs";
import { scratchFolder } from "../../harness/sound.mjs";
import { stage } from "../../harness/stage.mjs";

const downloads = scratchFolder();
const here = stage({ gateway: { www: "www" }, browser: { downloads } });

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** Loss counts for five seconds, and what is shown waits until three looks agree. */
const SOON = { within: 40_000, scope: CARD };

const NETWORK = `${CARD} ${part("advice")}[data-kind="network"]`;

test("a bad network is told in a word and with advice, once, and no more when it is well again", async () => {
  const softphone = await inACall("1000");
  const { page } = softphone;
  await softphone.shows("quality-word", /^(Excellent|Good)$/, SOON);
  // A beginning that was poor leaves its advice for one more look.
  await until("there is no advice", async () => (await page.$(NETWORK)) === null, SOON);
  await softphone.click("quality", CARD);
  await page.evaluate((css) => {
    window.polite = [];
    new MutationObserver(() => window.polite.push(document.querySelector(css).textContent))
      .observe(document.querySelector(css), { childList: true });
  }, part("polite"));

  assert.equal(await here.gateway.fault("network&user=1000&loss=12&seed=1"), 1);

  await softphone.shows("quality-word", /^(Poor|Bad)$/, SOON);
  await until("there is advice", () => page.$(NETWORK), SOON);
  assert.match(await softphone.text(NETWORK), /get lost on the way\. Go nearer to the Wi-Fi router/);
  const loss = `${CARD} [data-metric="loss"]`;
  await softphone.shows("plot-mark", /^high$/, { scope: loss });
  assert.ok(Number(await softphone.text(`${loss} ${part("plot-now")}`)) > 3);
  assert.match(await page.$eval(`${loss} svg`, (drawing) => drawing.getAttribute("aria-label")), /^Loss: from 0\.0 to \d+\.\d %$/);
  const points = await page.$eval(`${loss} ${part("plot-line")}`, (line) => line.getAttribute("d").match(/[ML]/g).length);
  const rows = await page.$$eval(`${CARD} ${part("figures")} tr`, (lines) => lines.map(({ cells }) => cells.length));
  assert.ok(points > 5, `${points} points`);
  assert.deepEqual(rows, [5, 5, 5, 5]);

  assert.equal(await here.gateway.fault("network&user=1000"), 1);

  await until("the advice is gone", async () => (await page.$(NETWORK)) === null, SOON);
  await softphone.shows("quality-word", /^(Excellent|Good)$/, SOON);
  const told = await page.evaluate(() => window.polite.filter((words) => /get lost/.test(words)).length);
  assert.equal(told, 1, "told to a screen reader");

  await softphone.click("diagnostics", CARD);
  await page.keyboard.press("Escape");
  await until("the dialog is closed", () => page.$eval(part("support"), ({ open }) => !open));
  assert.equal(await page.$eval(CARD, ({ dataset }) => dataset.state), "active", "that key was not for the call");
  await softphone.click("hangup", CARD);
  await softphone.shows("outcome", /^Answered$/, { scope: ENDED });
});

test("after a call stands what it was like and why, and its samples can be saved", async () => {
  const softphone = await inACall("1001");
  const { page } = softphone;
  await here.gateway.fault("network&user=1001&loss=12&seed=2");
  await softphone.shows("quality-word", /^(Poor|Bad)$/, SOON);
  await until("it lasts", () => page.$(NETWORK), SOON);

  await softphone.click("hangup", CARD);

  // Which rules find what is tested where the rules are.
  const first = await softphone.shows("why-first", /\w+ .*\d.*\.$/, { scope: ENDED });
  await softphone.shows("why-word", /^(Fair|Poor|Bad)$/, { scope: ENDED });
  await press(page, "why", () => page.$(`${ENDED} ${part("why")} > summary`));
  const findings = await until("all findings", async () => {
    const lines = await page.$$eval(`${ENDED} ${part("findings")} li`, (found) => found.map(({ innerText }) => innerText));
    return lines.length > 0 && lines;
  });
  assert.ok(findings[0].includes(first), `${first} in ${findings[0]}`);
  assert.match(await softphone.text(`${ENDED} [data-metric="mos"]`), /low\s+[123]\.\d\s+mean/);

  await softphone.click("save-csv", ENDED);

  const [header, ...samples] = await table();
  const column = (name) => samples.map((cells) => cells[header.indexOf(name)]);
  const drawn = await page.$eval(`${ENDED} [data-metric="mos"] ${part("plot-line")}`, (line) => line.getAttribute("d").match(/[ML]/g).length);
  const scores = column("mos").filter((text) => text !== "").map(Number);
  assert.equal(scores.length, drawn);
  assert.ok(scores.every((mos) => mos >= 1 && mos <= 4.5), `${scores}`);
  assert.ok(column("time").every((text) => !Number.isNaN(Date.parse(text))), "times");
  assert.ok(column("quality").some((word) => word === "poor" || word === "bad"));
  assert.ok(Math.max(...column("loss").map(Number)) > 0.03, "loss");
});

test("why a call was bad that ended with its session stands in the log", async () => {
  const { page } = await inACall("1004");

  assert.equal(await here.gateway.fault("punt&user=1004"), 1);

  const log = () => page.$eval(part("log"), ({ textContent }) => textContent);
  await until("the verdict is told", async () => /The gateway ended the session\./.test(await log()));
  assert.equal(await page.$eval("body", ({ dataset }) => dataset.view), "signed-out");
});

test("diagnostics hold ids, times and the log, no password, and other people only if that is wanted", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1002", {
    server: here.gateway.telnyx, dialect: "telnyx",
  });
  const { page } = softphone;
  await page.evaluate(() => {
    window.copied = [];
    navigator.clipboard.writeText = async (text) => void window.copied.push(text);
  });
  await softphone.dial("9198");
  await softphone.reaches("active");
  await softphone.shows("quality-word", /^(?!Measuring)/, SOON);
  const callId = await page.$eval(CARD, ({ dataset }) => dataset.callId);
  await softphone.click("hangup", CARD);
  await softphone.shows("why-first", /\w/, { scope: ENDED });
  await press(page, "why", () => page.$(`${ENDED} ${part("why")} > summary`));
  await softphone.click("diagnostics", ENDED);
  await softphone.shows("support-text", /module [0-9a-f]{16}\n/);

  await softphone.click("support-copy");
  await softphone.shows("support-words", /^Copied$/);
  await softphone.click("support-named");
  await softphone.click("support-copy");
  const [text, named] = await until("both are copied", () => page.evaluate(() => window.copied.length === 2 && window.copied));

  const frames = await page.evaluate(() => watched.frames.map(({ text: frame }) => frame).join("\n"));
  const ids = ["telnyx_call_control_id", "telnyx_session_id", "telnyx_leg_id"]
    .map((name) => frames.match(new RegExp(`"${name}":\\s*"([^"]+)"`))?.[1]);
  const sessid = await softphone.text(part("sessid"));
  for (const known of [version, callId, sessid, ...ids, new URL(here.gateway.page).host, "telnyx", "1002"]) {
    assert.ok(known && text.includes(known), `${known} in:\n${text}`);
  }
  assert.match(text, /States\n {2}\S+Z new\n {2}\S+Z connecting\n(?: {2}\S+Z ringing\n)? {2}\S+Z active\n {2}\S+Z done \(NORMAL_CLEARING\)\n/);
  assert.match(text, /callSetup +\d+\n/);
  assert.match(text, /MOS +\d\.\d\d \(/);
  assert.match(text, /Verdict\n {2}\w+ \(\d+\), /);
  assert.match(text, /info {2}signed in; session /, "the log, from the sign-in on");
  assert.doesNotMatch(text, standsAlone("1234"), "the password");
  assert.doesNotMatch(text, standsAlone("9198"));
  assert.match(named, /Other side +9198\n/);
  assert.match(named, /outgoing, 9198\n/);
  assert.doesNotMatch(named, standsAlone("1234"), "the password");

  // The log that was shown is over with the session, and the dialog with it.
  await softphone.click("support-close");
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError")); });
  await softphone.click("session-diagnostics");
  await softphone.click("support-copy");
  await softphone.shows("support-words", /^Selected$/);
  const selected = await page.evaluate(() => String(getSelection()));
  assert.match(selected, /^Offhook diagnostics/);
  assert.doesNotMatch(selected, /States/, "of no call");
});

/** A call that hears the tone, of a user of its own. */
async function inACall(user) {
  const softphone = await signedInSoftphone(here.browser, here.gateway, user);
  await softphone.dial("9198");
  await softphone.reaches("active");
  return softphone;
}

/** The cells of what was saved. */
async function table() {
  const name = await until("a table is saved", () => readdirSync(downloads).find((file) => file.endsWith(".csv")));
  assert.match(name, /^call-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.csv$/);
  const text = await until("all of it", () => {
    const read = readFileSync(join(downloads, name), "utf8");
    return read.endsWith("\r\n") && read;
  });
  const rows = text.trimEnd().split("\r\n").map((line) => line.split(","));
  assert.ok(rows.every(({ length }) => length === rows[0].length), "as many cells as the header has");
  return rows;
}
