// What a person does with an application of these tests, and sees and hears of it.

import assert from "node:assert/strict";
import { are } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";

/** Presses the button as soon as it can be pressed. */
export async function dial(page) {
  await page.waitForSelector("button:not([disabled])");
  await page.click("button");
}

/** Waits until the page says what `words` matches. */
export async function says(page, words) {
  const isSaid = async () => words.test(await page.$eval("output", (output) => output.textContent));
  await until(`the page says ${words}`, isSaid);
}

/** Calls the echo, hears the microphone in it, and hangs up. Nothing may be thrown in the page that nobody catches. */
export async function callsTheEcho(page) {
  await until("the ears are awake", () => page.evaluate(() => window.ears.isAwake()));
  await dial(page);
  await says(page, /^active$/);
  await until("the microphone's tone comes back", async () => are(MICROPHONE_TONE, await tones(page)));
  await dial(page);
  await says(page, /^done$/);
  assert.deepEqual(await page.evaluate(() => window.watched.reported), []);
}

/** What is heard through the page's newest peer connection. */
function tones(page) {
  return page.evaluate(() => {
    const receivers = window.watched.peers.at(-1).getReceivers();
    return window.ears.tones(new MediaStream(receivers.map(({ track }) => track)));
  });
}
