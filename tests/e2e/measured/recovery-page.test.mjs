// The page goes and comes back, or its network does, as far as browsers tell.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leaveAndGoBack, offline } from "../../harness/around.mjs";
import { BROWSER } from "../../harness/browser.mjs";
import { hearing, heardSince } from "../../harness/gap.mjs";
import { openPhone } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 60 }, browser: { isNetworkWatched: true } });

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
  const options = { login: "1000", password: "1234", url: here.gateway.freeswitch, onReload: "resume" };
  await phone.signIn(options);

  const expected = await leaveAndGoBack(plain);
  const { isKept, reasons } = await leaveAndGoBack(phone);

  assert.equal(isKept, expected.isKept, `not kept because of ${reasons}`);
  assert.equal(isKept, BROWSER === "chromium");
  if (!isKept) await phone.connect(options);
  // The page that was kept has not heard yet that its socket is closed: it is ready once more when it says so again.
  const times = isKept ? 2 : 1;
  await until("it is ready", async () => (await phone.all("ready")).length === times);
  await here.gateway.ring("1000");
  await phone.incoming();
  await phone.close();
});
