import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchBrowser } from "../harness/browser.mjs";
import { startGateway } from "../harness/gateway.mjs";
import { closePages, signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";

for (const [microphone, media, code] of [["refused", "permissionDenied", 42001], ["missing", "deviceNotFound", 42002]]) {
  describe(`with a microphone that is ${microphone}`, () => {
    let gateway;
    let browser;
    before(async () => {
      gateway = await startGateway();
      browser = await launchBrowser({ microphone });
    });
    after(async () => {
      await closePages();
      await browser?.close();
      await gateway?.stop();
    });

    test("a call ends with a reason, says what was wrong, and leaves nothing open", async () => {
      const phone = await signedIn(browser, gateway);

      const call = await phone.dial("9196");
      const reason = await call.ends();
      assert.equal(reason.by, "local");
      const { error } = await phone.heard("error");
      assert.deepEqual([error.kind, error.media, error.code], ["media", media, code]);

      await phone.close();
    });

    test("an answer is refused with what was wrong, and the caller's call ends", async () => {
      const phone = await signedIn(browser, gateway, { user: "1003" });
      await gateway.ring("1003");
      const call = await phone.incoming();

      const { error } = await call.order("answer");
      assert.deepEqual([error?.kind, error?.media], ["media", media]);
      await until("the call ended", async () => (await call.look()).state === "done");
      assert.ok((await call.look()).reason);

      await phone.close();
    });
  });
}
