// The page goes, or its network does, as far as browsers tell.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leaveAndGoBack, offline } from "../harness/around.mjs";
import { BROWSER } from "../harness/browser.mjs";
import { hearing, heardSince, recording } from "../harness/gap.mjs";
import { openPhone } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

/** From `connect()` of a page to the sound of the call that the page before it had, in ms, for a machine under load. */
const BACK = 5_000;

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a page that is loaded again in a call is heard again soon`, async () => {
    const options = { dialect, onReload: "resume" };
    const { phone, call, level } = await hearing(here, options);

    await phone.reload();
    await recording(phone.page);
    const since = Date.now();
    await phone.signIn({ login: "1000", password: "1234", url: here.gateway[dialect], ...options });

    await until("the call is recovered", () => phone.heard("recoveredCall"));
    await call.reaches("active", { within: 15_000 });
    const heard = await until("it is heard", async () => {
      const { heardAfter } = await heardSince(phone.page, since, level);
      return heardAfter;
    });
    assert.ok(heard < BACK, `heard again after ${heard} ms`);
    await phone.close();
  });
}

test("a browser that says it is offline, and is not, costs no call", async () => {
  const { phone, call, level } = await hearing(here, { dialect: "freeswitch" });
  const since = Date.now();

  await offline(phone, true);
  await until("the page is told", async () => (await phone.all("warning")).some(({ code }) => code === 48001));
  assert.equal((await call.look()).state, "active");
  await offline(phone, false);

  await call.hears(440);
  const { gap } = await heardSince(phone.page, since, level);
  assert.ok(gap < 200, `nothing was heard for ${gap} ms`);
  assert.deepEqual((await call.states()).slice(-1), ["active"]);
  await phone.close();
});

test("an idle page is kept for who goes back like any with a socket, and is signed in again", async () => {
  const [plain, phone] = [await openPhone(here.browser, here.gateway), await openPhone(here.browser, here.gateway)];
  // Chromium closes the socket and keeps the page; Firefox does not keep it.
  await plain.page.evaluate((url) => new Promise((resolve) => {
    new WebSocket(url).onopen = () => resolve();
  }), here.gateway.freeswitch);
  await phone.signIn({ login: "1000", password: "1234", url: here.gateway.freeswitch, dialect: "freeswitch" });

  const expected = await leaveAndGoBack(plain);
  const { isKept, reasons } = await leaveAndGoBack(phone);

  assert.equal(isKept, expected.isKept, `not kept because of ${reasons}`);
  assert.equal(isKept, BROWSER === "chromium");
  if (isKept) {
    await until("ready again", () => phone.page.evaluate(() => window.client.ready));
    const call = await phone.dial("9198");
    await call.reaches("active");
    await phone.close();
  }
});
