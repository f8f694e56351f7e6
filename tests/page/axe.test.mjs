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

  await isForEverybody(softphone, "after a call");
});
