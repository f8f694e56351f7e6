// What the softphone asks when a call cannot have the microphone, and what is done to its sound.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, untilEqual } from "../harness/poll.mjs";
import { CARD, ENDED, part, signedInSoftphone } from "../harness/softphone.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" } });

/** Takes the microphone from a page; `undefined` gives it back. */
function microphoneFails(softphone, name) {
  return softphone.page.evaluate((why) => {
    watched.microphone = why && (async () => { throw new DOMException("on order", why); });
  }, name);
}

/** Notes from now on what the browser is to do to the microphone's sound. */
function notesConstraints(softphone) {
  return softphone.page.evaluate(() => {
    window.asked = [];
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (constraints) => {
      window.asked.push(constraints.audio);
      return open(constraints);
    };
  });
}

const asked = (softphone) => softphone.page.evaluate(() => window.asked);

const isAsked = (softphone) => softphone.page.$eval(part("microphone-needed"), ({ open }) => open);

test("a call that gets no microphone waits for a person to mend it, and then is heard", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await microphoneFails(softphone, "NotReadableError");

  await softphone.dial("9196");
  await softphone.shows("needed-what", /in use elsewhere/);
  await softphone.shows("needed-time", /^[34]\d s$/);
  await microphoneFails(softphone, "NotFoundError");
  await softphone.click("needed-retry");
  await softphone.shows("needed-what", /No microphone was found/);
  await until("it is asked again", () => isAsked(softphone));
  await microphoneFails(softphone, undefined);
  await softphone.click("needed-retry");

  await softphone.reaches("active");
  await until("nothing is asked", async () => !(await isAsked(softphone)));
  await until("the microphone's tone comes back", async () => {
    return (await softphone.tones()).some((hz) => Math.abs(hz - MICROPHONE_TONE) < 12);
  });
  await softphone.click("hangup", CARD);
});

test("a person who cannot mend the microphone hangs up", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await microphoneFails(softphone, "NotAllowedError");

  await softphone.dial("9196");
  await softphone.shows("needed-what", /not allowed/);
  await softphone.page.keyboard.press("Escape");

  await softphone.shows("reason", /not allowed/, { scope: ENDED });
  await softphone.shows("outcome", /^Failed$/, { scope: ENDED });
  await until("nothing is asked", async () => !(await isAsked(softphone)));
});

test("a call that is answered without a microphone is listed as failed, with why", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await microphoneFails(softphone, "NotAllowedError");

  await here.gateway.ring("1000");
  await softphone.click("answer", part("incoming"));
  await softphone.shows("needed-what", /not allowed/);
  await softphone.click("needed-hangup");

  await softphone.shows("reason", /not allowed/, { scope: ENDED });
  await softphone.shows("outcome", /^Failed$/, { scope: ENDED });
});

test("what is done to the voice can be switched off in a call, and stays off the next time", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.dial("9196");
  await softphone.reaches("active");
  await notesConstraints(softphone);

  await softphone.click("echoCancellation");
  await softphone.shows("log", /Cancel echo: off/);
  assert.deepEqual(await asked(softphone), [{ echoCancellation: false, noiseSuppression: true, autoGainControl: true }]);
  await softphone.click("hangup", CARD);
  await softphone.shows("outcome", /^Answered$/, { scope: ENDED });
  await softphone.page.reload({ waitUntil: "load" });
  await notesConstraints(softphone);
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000" });
  await softphone.shows("status", /Connected/);
  await softphone.dial("9196");
  await softphone.reaches("active");

  assert.equal((await asked(softphone)).at(-1).echoCancellation, false);
  await softphone.click("hangup", CARD);
});
