// `npm run pictures`: takes the pictures of the documentation anew, of the pages as they are now, in calls as they are.

import { join } from "node:path";
import { launchBrowser } from "../tests/harness/browser.mjs";
import { openCheckPage } from "../tests/harness/checkpage.mjs";
import { startGateway } from "../tests/harness/gateway.mjs";
import { openPage } from "../tests/harness/phone.mjs";
import { until } from "../tests/harness/poll.mjs";
import { CARD, ENDED, part, signedInSoftphone } from "../tests/harness/softphone.mjs";
import { Widget } from "../tests/harness/widget.mjs";
import { ROOT } from "../scripts/process.mjs";

const IMAGES = join(import.meta.dirname, "images");

const OUTAGE = join(ROOT, "core/tests/traces/a-call-outlives-its-socket.trace");

/** Loss is judged over some seconds, and an advice waits for some more. */
const SOON = { within: 60_000 };

const SCENES = { softphone, verdict, widget, trace, check };

const wanted = process.argv.slice(2);
for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await photographed(name, scene);
  console.log(`docs/images/${name}.webp`);
}

/** A scene has a gateway and a browser of its own; it returns the page. */
async function photographed(name, scene) {
  const gateway = await startGateway({ www: "www" });
  const browser = await launchBrowser();
  try {
    const page = await scene({ browser, gateway });
    await page.bringToFront();
    await page.screenshot({ path: join(IMAGES, `${name}.webp`), type: "webp", quality: 75 });
  } finally {
    await browser.close();
    await gateway.stop();
  }
}

/** As on a screen of today, where a point is two pixels wide; and nothing is half way to where it will be. */
async function onADesk(page) {
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await page.setViewport({ width: 1120, height: 760, deviceScaleFactor: 2 });
  return page;
}

/** A call over a network that loses packets, with what is measured and what is advised. */
async function softphone(here) {
  const { page } = await inABadCall(here);
  return page;
}

/** The same call when it is over: what it was like, and why. */
async function verdict(here) {
  const phone = await inABadCall(here);
  await phone.click("hangup", CARD);
  await phone.shows("why-first", /\w/, { scope: ENDED });
  await phone.page.click(`${ENDED} ${part("why")} > summary`);
  return phone.page;
}

async function inABadCall({ browser, gateway }) {
  const phone = await signedInSoftphone(browser, gateway, "1000");
  await onADesk(phone.page);
  await phone.dial("9198");
  await phone.reaches("active");
  await phone.shows("quality-word", /^(Excellent|Good)$/, { ...SOON, scope: CARD });
  await gateway.fault("network&user=1000&loss=12&seed=1");
  await until("there is advice", () => phone.page.$(`${CARD} ${part("advice")}[data-kind="network"]`), SOON);
  await phone.click("quality", CARD);
  await phone.page.mouse.move(0, 0);
  return phone;
}

/** A conversation in writing with the gateway's agent, in the widget's panel over the page that is its example. */
async function widget({ browser, gateway }) {
  const page = await onADesk(await openPage(browser, `${gateway.page}widget.html`));
  const shown = new Widget(page);
  await page.evaluate(() => {
    window.widget = document.querySelector("offhook-agent");
    return window.widget.start({ mode: "text" });
  });
  // It stops where somebody breaks in, in writing too.
  await shown.shows(".log", /type a message\./, SOON);
  for (const [question, answer] of [["A table for two, please.", /message: .*for two/], ["What page am I on?", /Blue Harbor/]]) {
    await shown.reaches("listening", SOON);
    await shown.type("textarea", question);
    await shown.click("[data-name=send]");
    await shown.shows(".log", answer, SOON);
  }
  await shown.reaches("listening", SOON);
  return page;
}

/** A recording of a call that outlived its socket. */
async function trace({ browser, gateway }) {
  const page = await onADesk(await openPage(browser, `${gateway.page}trace.html`));
  await (await page.$(part("choose"))).uploadFile(OUTAGE);
  await until("it is open", () => page.evaluate(() => document.body.dataset.view === "open"), SOON);
  return page;
}

/** A check that came to its end. */
async function check(here) {
  const shown = await openCheckPage(here);
  await onADesk(shown.page);
  await shown.click("start");
  await shown.ends();
  return shown.page;
}
