// The page of the check before a call, from the click to the report.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openCheckPage, part } from "../harness/checkpage.mjs";
import { startCoturn } from "../harness/coturn.mjs";
import { nothingIsLeft } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" }, also: { relay: startCoturn } });

const LEVEL = `${part("step-microphone")} ${part("level")}`;

/** In the page: notes the level and the button's words whenever they change, as both go by themselves. */
function note(level, button) {
  const [meter, words] = [level, button].map((css) => document.querySelector(css));
  window.noted = [];
  const watching = new MutationObserver(() => noted.push([meter.getAttribute("aria-valuenow"), words.textContent]));
  watching.observe(meter, { attributes: true });
  watching.observe(words, { childList: true, characterData: true, subtree: true });
}

test("the list fills in while it runs, and the report can be copied", async () => {
  const { host, port, credentials } = here.relay;
  const check = await openCheckPage(here, { turn: `turn:${host}:${port}`, ...credentials });
  assert.match(await check.words("step-words", "gateway"), /Whether it answers/);

  await check.page.evaluate(note, LEVEL, part("copy-words"));
  await check.click("start");
  // A machine under load is a bad network.
  assert.match(await check.ends(), /^(ready|degraded)$/);

  const levels = (await check.page.evaluate(() => noted.map(([level]) => level))).map(Number);
  assert.ok(levels.some((level) => level > 20), `the level was ${levels}`);
  assert.match(await check.words("verdict"), /You can call/);
  assert.match(await check.words("marks", "gateway"), /ws:.*works.*there and back/);
  const ways = await check.words("ways", "ice");
  assert.match(ways, /Direct: works.*Relay, UDP: works.*Relay, TLS: not asked/, await check.words("reasons", "ice"));
  assert.match(await check.words("step-words", "call"), /^\w+, to itself over a relay \(UDP\)$/);
  assert.match(await check.words("figures", "call"), /Score \(MOS\)[34]\.\dRound trip.*Jitter.*Loss\d/);
  await check.page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => { window.copied = text; };
  });
  await check.click("copy");
  const copied = await until("it is copied", () => check.page.evaluate(() => window.copied));
  const report = JSON.parse(copied.slice(copied.indexOf("\n\n")));
  assert.deepEqual([report.version, report.call.via], [1, "relay"]);
  assert.match(copied, new RegExp(`^Offhook check: ${report.verdict}, \\d{4}-`));
  await until("it says so", () => check.page.evaluate(() => noted.some(([, words]) => words === "Copied")));
  await nothingHangs(check);
});

test("an echo call signs in, is measured and signs out", async () => {
  const check = await openCheckPage(here);
  await check.click("options");
  await check.click("call-echo");
  await check.click("start");
  assert.match(await check.ends(), /^(ready|degraded)$/);
  assert.match(await check.words("step-words", "signIn"), /Signed in/);
  assert.match(await check.words("step-words", "call"), /to the echo service, directly/);
  await nothingHangs(check);
});

test("it can be stopped, and made again", async () => {
  const check = await openCheckPage(here);
  await check.click("start");
  await until("it listens", async () => (await check.stateOf("microphone")) === "running");
  await check.click("stop");
  assert.equal(await check.ends(), undefined);
  await nothingIsLeft(check.page);

  await check.fill("url", "ws://127.0.0.1:9/");
  await check.page.$eval('[data-testid="call-none"]', (choice) => choice.click());
  await check.click("start");
  assert.equal(await check.ends(), "blocked");
  assert.match(await check.words("reasons", "gateway"), /no WebSocket could be opened/i);
  await nothingHangs(check);
});

async function nothingHangs(check) {
  await nothingIsLeft(check.page);
  assert.deepEqual(await check.page.evaluate(() => watched.reported), []);
  await check.page.close();
}
