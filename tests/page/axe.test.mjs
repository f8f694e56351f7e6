// What a machine can say of whether everybody can use the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { CARD, ENDED, openSoftphone, part, signedInSoftphone } from "../harness/softphone.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" } });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** From a small telephone held upright to a desk. */
const WIDTHS = [360, 768, 1280];

/** Whether the page has no violation in light and in dark at every width, and nothing that sticks out sideways. */
async function isForEverybody(softphone, view) {
  const { page } = softphone;
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    for (const width of WIDTHS) {
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

test("signed out", async () => {
  await isForEverybody(await openSoftphone(here.browser, here.gateway), "signed out");
});

test("signing in has failed", async () => {
  const softphone = await openSoftphone(here.browser, here.gateway);
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000", password: "wrong" });
  await softphone.shows("sign-in-problem", /\w/);

  await isForEverybody(softphone, "failed");
});

test("signed in", async () => {
  await isForEverybody(await signedInSoftphone(here.browser, here.gateway, "1000"), "signed in");
});

test("in a call, with its key pad and its transfer open", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.dial("9196");
  await softphone.reaches("active");
  await softphone.click("keypad", CARD);
  await softphone.click("transfer", CARD);
  await softphone.page.keyboard.type("1001");
  await softphone.page.keyboard.press("Enter");
  await softphone.shows("transfer-problem", /\w/, { scope: CARD });

  await isForEverybody(softphone, "in a call");
});

/** A user of its own, who talks, with a second call that rings. */
async function secondCall(user) {
  const softphone = await signedInSoftphone(here.browser, here.gateway, user);
  await softphone.dial("9196");
  await softphone.reaches("active");
  await here.gateway.ring(user);
  await softphone.shows("answer-words", /Hold & answer/);
  return softphone;
}

test("while a second call rings", async () => {
  await isForEverybody(await secondCall("1000"), "second call");
});

test("two calls, of which one is held, and both in a conference", async () => {
  const softphone = await secondCall("1000");
  await softphone.click("answer");
  await softphone.shows("several-words", /on hold/);
  await isForEverybody(softphone, "two calls");

  await softphone.click("conference");
  await softphone.shows("conference-words", /Leave/);
  await isForEverybody(softphone, "conference");
});

test("speaking while muted", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.dial("9196");
  await softphone.reaches("active");
  // Else it would be gone before all has been looked at.
  await softphone.page.evaluate(() => {
    const set = window.setTimeout;
    window.setTimeout = (work, ms, ...rest) => (ms === 10_000 ? 0 : set(work, ms, ...rest));
  });
  await softphone.click("mute", CARD);
  await softphone.shows("nudge-words", /muted/, { scope: CARD });

  await isForEverybody(softphone, "muted");
});

test("while a call waits for the microphone", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.page.evaluate(() => {
    watched.microphone = async () => { throw new DOMException("on order", "NotReadableError"); };
  });
  await softphone.dial("9196");
  await softphone.shows("needed-what", /\w/);

  await isForEverybody(softphone, "no microphone");
});

test("while it rings", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1005");
  await softphone.click("ring-me");
  await softphone.shows("name", /\w/, { scope: part("incoming") });

  await isForEverybody(softphone, "ringing");
});

test("after a call", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000", { server: here.gateway.telnyx, dialect: "telnyx" });
  await softphone.dial("486");
  await softphone.shows("cause", /USER_BUSY/, { scope: ENDED });
  await softphone.click("clear-recent");

  await isForEverybody(softphone, "after a call");
});
