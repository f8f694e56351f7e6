// What the softphone asks when a call cannot have the microphone.

import { test } from "node:test";
import { until } from "../harness/poll.mjs";
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
  await until("nothing is asked", async () => !(await isAsked(softphone)));
});
