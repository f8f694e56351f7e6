// A page that nobody has touched yet: browsers let nothing be heard of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingIsLeft } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { untouched } from "../harness/tones.mjs";

const here = stage({ browser: { isQuiet: true } });

/** A phone that rings, unheard. */
async function ringingUnheard() {
  const phone = await untouched(here.browser, here.gateway, { region: "us" });
  await until("it is ready", () => phone.said.includes("ready"));
  await here.gateway.ring("1000");
  await until("it is told that it is blocked", () => phone.said.includes("blocked"));
  assert.ok(!phone.said.includes("unblocked"));
  return phone;
}

/** Waits until it is heard: the ears, too, need the page to be touched. */
async function isHeard({ page, tones }) {
  await until("the ears are awake", () => page.evaluate(() => ears.isAwake()));
  await tones.sound([660, 880]);
  assert.equal((await tones.log("unblocked")).length, 1);
  assert.equal(await page.evaluate(() => tones.blocked), false);
}

/** Rejects the call, and signs out. */
async function isOver({ page, tones }) {
  await page.evaluate(() => client.calls[0]?.hangup());
  await tones.areOver();
  await page.evaluate(() => client.close());
  await nothingIsLeft(page);
}

test("a ringtone that the browser refuses is told, and begins by itself at the next click", async () => {
  const phone = await ringingUnheard();

  await phone.touch();
  await until("it is told that it is heard", () => phone.said.includes("unblocked"));

  await isHeard(phone);
  await isOver(phone);
});

test("resume() from a button's click lets it be heard, and resolves to that", async () => {
  const phone = await ringingUnheard();
  // From here on the driver's own word counts as a click, and nothing of the page's own is heard of any.
  const resumed = await phone.page.evaluate(() => tones.resume());

  assert.equal(resumed, true);
  await isHeard(phone);
  await isOver(phone);
});

test("a call that ends unheard takes its refusal with it, and nothing waits for a click any more", async () => {
  const phone = await ringingUnheard();

  await here.gateway.fault("kill=ORIGINATOR_CANCEL&user=1000");
  await until("nothing is blocked", () => phone.said.includes("unblocked"));
  await phone.touch();

  assert.equal(await phone.page.evaluate(() => tones.blocked), false);
  await until("it is closed", () => phone.page.evaluate(() => loudspeakers.open() === 0));
  await isOver(phone);
});
