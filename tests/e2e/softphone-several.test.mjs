// Several calls in the softphone, as a person takes them: who hears whom while they answer, swap and confer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { VOICES } from "../harness/people.mjs";
import { untilEqual } from "../harness/poll.mjs";
import { CARD, ENDED, part, signedInSoftphone } from "../harness/softphone.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www", detachTime: 20 } });

const ACTIVE = `${CARD}[data-state="active"]`;

/** People with a window and a voice each. */
async function people(...users) {
  const windows = [];
  for (const user of users) {
    const softphone = await signedInSoftphone(here.browser, here.gateway, user);
    await softphone.speakTone(VOICES[user]);
    windows.push(softphone);
  }
  return windows;
}

/** Bob calls Alice, who answers. */
async function inCall(bob, alice) {
  await bob.dial("1000");
  await alice.shows("name", /1001/, { scope: part("incoming") });
  await alice.answer();
  await alice.hears(VOICES[1001]);
  await bob.hears(VOICES[1000]);
}

/** Bob talks to Alice, and Carol calls her. */
async function secondCall(policy = "ring") {
  const [alice, bob, carol] = await people("1000", "1001", "1002");
  await alice.page.select(part("second-call"), policy);
  await inCall(bob, alice);
  await carol.dial("1000");
  return [alice, bob, carol];
}

/** Whether the page complains of nothing. */
async function isContent(softphone) {
  assert.equal(await softphone.page.$eval(part("notices"), ({ textContent }) => textContent.trim()), "");
}

test("a second call is answered with Enter while the first is held, swapped, and the first comes back", async () => {
  const [alice, bob, carol] = await secondCall();
  await alice.shows("answer-words", /^Hold & answer$/, { scope: part("incoming") });

  await alice.page.bringToFront();
  await alice.page.keyboard.press("Enter");
  await alice.hears(VOICES[1002]);
  await carol.hears(VOICES[1000]);
  await bob.hearsNoMore(VOICES[1000]);
  await alice.hearsNoMore(VOICES[1001]);
  await alice.shows("several-words", /^Talking to .*1002.*1001.* on hold\.$/);

  await alice.click("swap");
  await bob.hears(VOICES[1000]);
  await alice.hears(VOICES[1001]);
  await carol.hearsNoMore(VOICES[1000]);
  await alice.shows("several-words", /^Talking to .*1001.*1002.* on hold\.$/);

  await bob.click("hangup", CARD);
  await alice.hears(VOICES[1002]);
  await carol.hears(VOICES[1000]);
  await untilEqual("one call is left", "1", () => alice.page.evaluate(() => document.body.dataset.calls));
  assert.equal(await alice.page.$eval(part("several"), ({ hidden }) => hidden), true);
  await isContent(alice);
});

test("End & answer hangs up on the first, and Reject leaves it alone", async () => {
  const [alice, bob, carol] = await secondCall();

  await alice.click("reject", part("incoming"));
  await carol.shows("cause", /USER_BUSY/, { scope: ENDED });
  await bob.hears(VOICES[1000]);
  await carol.dial("1000");
  await alice.click("end-and-answer");

  await bob.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
  await alice.hears(VOICES[1002]);
  await carol.hears(VOICES[1000]);
  await isContent(alice);
});

test("in a conference three people hear each other, and who leaves it talks to the first", async () => {
  const [alice, bob, carol] = await secondCall("holdAndAnswer");
  await alice.hears(VOICES[1002]);

  await alice.click("conference");
  await bob.hears(VOICES[1000], VOICES[1002]);
  await carol.hears(VOICES[1000], VOICES[1001]);
  await alice.hears(VOICES[1001], VOICES[1002]);
  await alice.shows("several-words", /^Conference: .*1002 and .*1001/);
  const states = () => alice.page.$$eval(`${CARD} ${part("state")}`, (cards) => cards.map(({ textContent }) => textContent));
  await untilEqual("both cards say so", "In conference, In conference", async () => (await states()).join(", "));
  await alice.click("mute", ACTIVE);
  await bob.hearsNoMore(VOICES[1000]);
  await carol.hearsNoMore(VOICES[1000]);
  await bob.hears(VOICES[1002]);
  await alice.click("mute", ACTIVE);
  await alice.click("conference");

  await carol.hears(VOICES[1000]);
  await carol.hearsNoMore(VOICES[1001]);
  await bob.hearsNoMore(VOICES[1000]);
  await bob.hearsNoMore(VOICES[1002]);
  await alice.shows("conference-words", /^Conference$/);
  await isContent(alice);
});

test("where a second call is to be rejected, its caller hears busy, and nothing rings here", async () => {
  const [alice, bob, carol] = await secondCall("reject");

  await carol.shows("cause", /USER_BUSY/, { scope: ENDED });
  await alice.shows("reason", /you were in a call/, { scope: ENDED });
  await bob.hears(VOICES[1000]);
  assert.equal(await alice.page.$(part("incoming")), null);
});

test("who calls somebody in a call holds it, and has it back after", async () => {
  const [alice, bob] = await people("1000", "1001");
  await inCall(bob, alice);

  await alice.dial("9198");
  await alice.hears(440);
  await bob.hearsNoMore(VOICES[1000]);
  await alice.click("hangup", ACTIVE);

  await bob.hears(VOICES[1000]);
  await alice.hears(VOICES[1001]);
  await isContent(alice);
});

test("what was chosen for a second call is there the next time", async () => {
  const [alice] = await people("1000");
  await alice.page.select(part("second-call"), "reject");
  await alice.click("resume-held");
  await alice.page.reload({ waitUntil: "load" });

  const chosen = () => alice.page.evaluate((policy, resumes) => {
    return [document.querySelector(policy).value, document.querySelector(resumes).checked];
  }, part("second-call"), part("resume-held"));
  assert.deepEqual(await chosen(), ["reject", false]);
});
