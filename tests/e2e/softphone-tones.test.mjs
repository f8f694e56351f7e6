// What a person hears of the softphone besides voices, and what they may choose of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENDED, part, signedInSoftphone } from "../harness/softphone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { overhear } from "../harness/tones.mjs";

const here = stage({ gateway: { www: "www" } });

const RINGTONE = [660, 880];

/** A softphone that is signed in, and what its loudspeakers play. */
async function overheard(user) {
  const softphone = await signedInSoftphone(here.browser, here.gateway, user);
  await until("the ears are awake", () => softphone.page.evaluate(() => window.ears.isAwake()));
  return { softphone, tones: await overhear(softphone.page) };
}

function silence(page) {
  return until("nothing sounds", () => page.evaluate(() => loudspeakers.open() === 0));
}

test("it rings until the call is answered, and lets ringback and keys be heard", async () => {
  await signedInSoftphone(here.browser, here.gateway, "1005");
  const { softphone, tones } = await overheard("1004");

  await softphone.click("ring-me");
  await tones.sound(RINGTONE);
  await softphone.click("reject");
  await softphone.shows("cause", /USER_BUSY/, { scope: ENDED });
  await silence(softphone.page);
  let isHeard = false;
  const hearing = tones.include(1336).then(() => (isHeard = true));
  // Pressed again while it sounds, it goes on.
  await Promise.race([hearing, until("the key is heard", async () => {
    await softphone.page.keyboard.press("5");
    return isHeard;
  })]);
  await softphone.page.select(part("tone-region"), "uk");
  // Without early media, and where nobody gives up but the caller.
  await Promise.all([tones.sound([400, 450]), softphone.dial("71005")]);
  await softphone.page.keyboard.press("Escape");
  await softphone.shows("cause", /ORIGINATOR_CANCEL/, { scope: ENDED });

  await silence(softphone.page);
});

test("what a person chose of it is there the next time, and can be tried", async () => {
  const { softphone: before } = await overheard("1004");
  await before.page.select(part("tone-region"), "de");
  await before.page.$eval(part("ring-volume"), (range) => {
    range.value = "0.5";
    range.dispatchEvent(new Event("input"));
  });
  await before.page.close();

  const { softphone, tones } = await overheard("1004");
  const values = await softphone.page.evaluate((css) => [...document.querySelectorAll(css)].map(({ value }) => value),
    `${part("ring-volume")}, ${part("tone-region")}`);
  assert.deepEqual(values, ["0.5", "de"]);
  await Promise.all([tones.sound(RINGTONE), softphone.click("ring-test")]);
  await softphone.click("sign-out");

  await silence(softphone.page);
});
