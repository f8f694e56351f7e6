// The list of calls in the softphone, and the callers that it keeps away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, untilEqual } from "../harness/poll.mjs";
import { CARD, ENDED, part, signedInSoftphone } from "../harness/softphone.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" } });

const MISSED = /^Missed$/;
const BLOCKED = /^Blocked$/;

const focused = (page) => page.evaluate(() => document.activeElement.id);

test("calls are listed with what became of them, also after a reload, and can be called again or cleared", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.shows("no-recent", /No calls yet/);
  await softphone.dial("9196");
  await softphone.reaches("active");
  await softphone.click("hangup", CARD);
  await softphone.shows("outcome", /^Answered$/, { scope: ENDED });
  await softphone.dial("486");
  await softphone.shows("outcome", /^Busy$/, { scope: ENDED });

  await softphone.page.reload({ waitUntil: "load" });
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000" });

  await softphone.shows("outcome", /^Busy$/, { scope: ENDED });
  assert.equal(await softphone.page.$$eval(ENDED, ({ length }) => length), 2);
  await softphone.click("fill", `${ENDED}[data-outcome="answered"]`);
  assert.equal(await softphone.page.$eval(part("destination"), ({ value }) => value), "9196");
  await softphone.click("clear-recent");
  await softphone.click("clear-no");
  assert.equal(await softphone.page.$$eval(ENDED, ({ length }) => length), 2);
  await softphone.click("clear-recent");
  await softphone.click("clear-yes");
  await untilEqual("the list is empty", 0, () => softphone.page.$$eval(ENDED, ({ length }) => length));
  await untilEqual("its heading is where one goes on", "recent-title", () => focused(softphone.page));
});

test("a call of another page that ends late stands where it began, and not on top of newer ones", async () => {
  const before = await signedInSoftphone(here.browser, here.gateway, "1000");
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await before.dial("9196");
  await before.reaches("active");
  await softphone.dial("486");
  await softphone.shows("outcome", /^Busy$/, { scope: ENDED });

  await before.click("hangup", CARD);

  const outcomes = () => softphone.page.$$eval(`${ENDED} ${part("outcome")}`, (words) => words.map(({ textContent }) => textContent));
  await until("it is listed", async () => (await outcomes()).length === 2);
  assert.deepEqual(await outcomes(), ["Busy", "Answered"]);
});

test("who is at something else by the time all calls are forgotten stays at it", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  const { page } = softphone;
  await softphone.dial("486");
  await softphone.shows("outcome", /^Busy$/, { scope: ENDED });
  await softphone.click("clear-recent");

  await page.evaluate((yes, elsewhere) => {
    document.querySelector(yes).click();
    document.querySelector(elsewhere).focus();
  }, part("clear-yes"), part("sign-out"));

  await until("they are forgotten", () => page.$eval(part("clear-question"), ({ hidden }) => hidden));
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "sign-out");
});

test("a caller who is blocked does not ring, is listed as blocked, and can be let in again", async () => {
  const bob = await signedInSoftphone(here.browser, here.gateway, "1001");
  const alice = await signedInSoftphone(here.browser, here.gateway, "1000");
  await alice.dial("1001");
  await bob.shows("name", /1000/, { scope: part("incoming") });
  await alice.click("hangup", CARD);
  await bob.shows("outcome", MISSED, { scope: ENDED });

  await bob.click("block", ENDED);
  await bob.shows("blocked-count", /^1$/);
  await bob.page.evaluate((css) => {
    window.rang = 0;
    new MutationObserver(() => { window.rang += document.querySelectorAll(css).length; })
      .observe(document.body, { childList: true, subtree: true });
  }, part("incoming"));
  await alice.dial("1001");
  await alice.shows("cause", /USER_BUSY/, { scope: ENDED });
  await bob.shows("outcome", BLOCKED, { scope: ENDED });
  assert.equal(await bob.page.evaluate(() => window.rang), 0);

  await bob.click("block", ENDED);
  await untilEqual("nobody is blocked", true, () => bob.page.$eval(part("blocked"), ({ hidden }) => hidden));
  await alice.dial("1001");
  await bob.click("reject");
  await bob.shows("outcome", /^Rejected$/, { scope: ENDED });
});
