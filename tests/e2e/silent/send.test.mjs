// Frames of the application's own, beside the client's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

test("a frame of one's own is sent as it is, and its answer is told as a message", async () => {
  const phone = await signedIn(here.browser, here.gateway, { dialect: "telnyx" });

  const frame = { jsonrpc: "2.0", id: "of-my-own", method: "telnyx_rtc.gatewayState", params: { é: [1] } };
  const told = await phone.page.evaluate((sent) => new Promise((resolve) => {
    window.client.on("message", ({ direction, frame }) => frame.id === sent.id && resolve({ direction, frame, wasSent }));
    const wasSent = window.client.send(sent);
  }), frame);

  assert.deepEqual((await phone.frames("out")).filter(({ id }) => id === "of-my-own"), [frame]);
  assert.deepEqual([told.wasSent, told.direction, told.frame.result.params.state], [true, "in", "REGED"]);
  await phone.close();
});

test("a frame of one's own is refused where it would wait: for the session, or in front of a call", async () => {
  const phone = await signedIn(here.browser, here.gateway, { dialect: "telnyx" });
  const refused = await phone.page.evaluate(() => {
    const frame = { jsonrpc: "2.0", id: "long", method: "telnyx_rtc.ping", params: { long: "x".repeat(40_000) } };
    return [1, 2, 3].map(() => window.client.send(frame));
  });
  assert.deepEqual(refused, [true, true, false]);

  await phone.page.evaluate(() => window.client.on("reconnecting", () => (window.whileLost = window.client.send({}))));
  await here.gateway.fault("drop&user=1000");

  await until("the session was lost", () => phone.page.evaluate(() => window.whileLost !== undefined));
  assert.equal(await phone.page.evaluate(() => window.whileLost), false);
  await phone.close();
});

test("what is no frame, and a client that was closed, are misuse", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  const [text, closed] = await phone.page.evaluate(async () => {
    const attempt = (frame) => {
      try {
        return window.client.send(frame);
      } catch ({ kind, code, option }) {
        return { kind, code, ...(option && { option }) };
      }
    };
    const text = attempt("{}");
    await window.client.close();
    return [text, attempt({})];
  });

  assert.deepEqual(text, { kind: "misuse", code: 44002, option: "frame" });
  assert.deepEqual(closed, { kind: "misuse", code: 60003 });
});
