// The incumbent through our gateway: two programs that share no line of code must understand each other.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { build } from "esbuild";
import { openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT } from "../../scripts/process.mjs";

const here = stage();

/** The package as one script that sets `window.foreign`. */
let bundle;
before(async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'import * as telnyx from "@telnyx/webrtc"; window.foreign = telnyx;', resolveDir: ROOT },
    bundle: true, write: false, format: "iife", platform: "browser", logLevel: "error",
  });
  bundle = outputFiles[0].text;
});

/** A page in which the incumbent is registered as `user`. */
async function registered(user) {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  await page.evaluate(bundle);
  await page.evaluate((login, host) => {
    window.told = [];
    const client = new window.foreign.TelnyxRTC({ login, password: "1234", host });
    window.client = client;
    client.remoteElement = document.body.appendChild(Object.assign(document.createElement("audio"), { autoplay: true }));
    for (const event of ["telnyx.ready", "telnyx.error", "telnyx.socket.close"]) {
      client.on(event, (detail) => window.told.push([event, String(detail?.error?.message ?? "")]));
    }
    client.on("telnyx.notification", ({ type, call }) => {
      if (type === "callUpdate") window.call = call;
    });
    client.connect();
  }, user, here.gateway.telnyx);
  await until("the incumbent is ready", async () => {
    const told = await page.evaluate(() => window.told);
    const errors = told.filter(([event]) => event === "telnyx.error");
    assert.deepEqual(errors, []);
    return told.some(([event]) => event === "telnyx.ready");
  });
  return page;
}

const state = (page) => page.evaluate(() => window.call?.state);
const tones = (page) => page.evaluate(() => window.ears.tones(window.call?.remoteStream));

/** Signs out, and holds the socket to closing. */
async function leave(page) {
  await page.evaluate(() => window.client.disconnect());
  await untilEqual("the socket is closed", 0, () => page.evaluate(() => watched.sockets.filter(({ readyState }) => readyState !== 3).length));
}

test("the incumbent registers, calls 9196 and hears itself", async () => {
  const page = await registered("1000");

  await page.evaluate(() => { window.call = window.client.newCall({ destinationNumber: "9196", audio: true }); });
  await untilEqual("the call is active", "active", () => state(page));
  await until("the microphone's tone comes back", async () => (await tones(page)).some((hz) => Math.abs(hz - MICROPHONE_TONE) < 12));
  await page.evaluate(() => window.call.hangup());
  await until("the call is over", async () => ["hangup", "destroy", "purge"].includes(await state(page)));

  await leave(page);
});

test("the incumbent is called by the gateway, answers and hears it", async () => {
  const page = await registered("1002");

  await here.gateway.ring("1002");
  await untilEqual("the call rings", "ringing", () => state(page));
  await page.evaluate(() => window.call.answer());
  await untilEqual("the call is active", "active", () => state(page));
  await until("speech is heard", async () => (await tones(page)).length > 0);
  await page.evaluate(() => window.call.hangup());
  await until("the call is over", async () => ["hangup", "destroy", "purge"].includes(await state(page)));

  await leave(page);
});

test("the incumbent is refused with a wrong password", async () => {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  await page.evaluate(bundle);

  const answer = await page.evaluate((host) => new Promise((resolve) => {
    const client = new window.foreign.TelnyxRTC({ login: "1000", password: "wrong", host });
    client.on("telnyx.error", ({ error }) => resolve([error.code, `${error.originalError?.message ?? ""} ${error.message}`]));
    client.connect();
    window.client = client;
  }), here.gateway.telnyx);

  assert.equal(answer[0], 46001, answer);
  await leave(page);
});
