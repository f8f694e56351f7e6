// The softphone, in each of its states, is for everybody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isForEverybody } from "../harness/everybody.mjs";
import { until } from "../harness/poll.mjs";
import { press } from "../harness/press.mjs";
import { CARD, ENDED, openSoftphone, part, signedInSoftphone } from "../harness/softphone.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" } });

/** Opens details. Figures that change while a call is up may move them. */
async function unfold({ page }, css) {
  await press(page, css, () => page.$(`${css} > summary`));
  await until(`${css} is open`, () => page.$eval(css, ({ open }) => open));
}

test("signed out", async () => {
  await isForEverybody((await openSoftphone(here.browser, here.gateway)).page, "signed out");
});

test("signing in has failed", async () => {
  const softphone = await openSoftphone(here.browser, here.gateway);
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000", password: "wrong" });
  await softphone.shows("sign-in-problem", /\w/);

  await isForEverybody(softphone.page, "failed");
});

test("signed in", async () => {
  await isForEverybody((await signedInSoftphone(here.browser, here.gateway, "1000")).page, "signed in");
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

  await isForEverybody(softphone.page, "in a call");
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

test("in a call that stays poor, with its figures open, then diagnostics of it, then when it is over", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1002");
  await softphone.dial("9198");
  await softphone.reaches("active");
  assert.equal(await here.gateway.fault("network&user=1002&loss=12&seed=1"), 1);
  await softphone.shows("quality-word", /^(Poor|Bad)$/, { scope: CARD, within: 30_000 });
  await softphone.shows("advice-what", /get lost/, { scope: CARD, within: 30_000 });
  await softphone.click("quality", CARD);
  await unfold(softphone, `${CARD} .table-of`);
  await isForEverybody(softphone.page, "poor");

  await softphone.click("diagnostics", CARD);
  await unfold(softphone, part("support-look"));
  await isForEverybody(softphone.page, "diagnostics");
  await softphone.click("support-close");

  await softphone.click("hangup", CARD);
  await softphone.shows("why-first", /\w/, { scope: ENDED });
  await unfold(softphone, `${ENDED} ${part("why")}`);
  await isForEverybody(softphone.page, "verdict");
});

test("while a second call rings", async () => {
  await isForEverybody((await secondCall("1000")).page, "second call");
});

test("two calls, of which one is held, and both in a conference", async () => {
  const softphone = await secondCall("1000");
  await softphone.click("answer");
  await softphone.shows("several-words", /on hold/);
  await isForEverybody(softphone.page, "two calls");

  await softphone.click("conference");
  await softphone.shows("conference-words", /Leave/);
  await isForEverybody(softphone.page, "conference");
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

  await isForEverybody(softphone.page, "muted");
});

test("while a call waits for the microphone", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.page.evaluate(() => {
    watched.microphone = async () => { throw new DOMException("on order", "NotReadableError"); };
  });
  await softphone.dial("9196");
  await softphone.shows("needed-what", /\w/);

  await isForEverybody(softphone.page, "no microphone");
});

test("while it rings", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1005");
  await softphone.click("ring-me");
  await softphone.shows("name", /\w/, { scope: part("incoming") });

  await isForEverybody(softphone.page, "ringing");
});

test("after a call", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000", { server: here.gateway.telnyx, dialect: "telnyx" });
  await softphone.dial("486");
  await softphone.shows("cause", /USER_BUSY/, { scope: ENDED });
  await softphone.click("clear-recent");

  await isForEverybody(softphone.page, "after a call");
});
