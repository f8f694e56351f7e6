// A call on a page that nobody has touched yet: browsers let nothing be heard of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingIsLeft, openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ browser: { isQuiet: true } });

/**
 * A page that signs in and calls by itself, unheard. Until `touch()` nothing is asked of it: what the driver runs in it
 * counts as a person's touch.
 */
async function callingUnheard() {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await page.evaluateOnNewDocument(`(${callByItself})(${JSON.stringify(here.gateway.freeswitch)})`);
  await page.goto(`${here.gateway.page}bare.html`, { waitUntil: "load" });
  await until("the call is up", () => said.includes("active"));
  await until("it is told that it is blocked", () => said.includes("blocked"));
  return { page, said };
}

/** Runs in the page. */
function callByItself(url) {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    window.element = this;
    return play.call(this);
  };
  // A page that keeps every touch to itself.
  for (const event of ["pointerup", "click", "keydown"]) document.addEventListener(event, (touch) => touch.stopPropagation(), true);
  addEventListener("load", async () => {
    await window.phone.connect({ login: "1000", password: "1234", url, dialect: "freeswitch" });
    window.client.on("callState", ({ state }) => console.log(state));
    window.client.on("warning", ({ code, call, resume }) => {
      if (code !== 61101) return;
      window.blocked = { call, resume };
      console.log("blocked");
    });
    // Who may listen may also be heard: it opens no microphone.
    window.client.newCall({ destinationNumber: "9198", audio: false });
  });
}

async function isHeard({ page, said }) {
  await until("it plays", () => page.evaluate(() => !element.paused && element.currentTime > 0.2));
  assert.equal(said.filter((word) => word === "blocked").length, 1, "it is told once");
}

async function isOver({ page }) {
  await page.evaluate(() => client.close());
  await nothingIsLeft(page);
  await page.close();
}

test("a call that the browser refuses to play is told, and is heard from the next click on", async () => {
  const phone = await callingUnheard();

  await phone.page.mouse.click(10, 10);

  await isHeard(phone);
  assert.equal(await phone.page.evaluate(() => blocked.call === client.calls[0]), true);
  await isOver(phone);
});

test("resume() lets it be heard, and resolves to that, and to nothing when the call is over", async () => {
  const phone = await callingUnheard();

  assert.equal(await phone.page.evaluate(() => blocked.resume()), true);

  await isHeard(phone);
  await phone.page.evaluate(() => client.calls[0].hangup());
  assert.equal(await phone.page.evaluate(() => blocked.resume()), false);
  await isOver(phone);
});
