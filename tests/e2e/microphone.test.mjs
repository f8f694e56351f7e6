import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

for (const [microphone, media, code] of [["refused", "permissionDenied", 42001], ["missing", "deviceNotFound", 42002]]) {
  describe(`with a microphone that is ${microphone}`, () => {
    const here = stage({ browser: { microphone } });

    test("a call ends with a reason, says what was wrong, and leaves nothing open", async () => {
      const phone = await signedIn(here.browser, here.gateway, { isListening: false });

      const call = await phone.dial("9196");
      const reason = await call.ends();
      assert.equal(reason.by, "local");
      const { error } = await phone.heard("error");
      assert.deepEqual([error.kind, error.media, error.code], ["media", media, code]);

      await phone.close();
    });

    test("an answer is refused with what was wrong, and the call ends", async () => {
      const phone = await signedIn(here.browser, here.gateway, { user: "1003", isListening: false });
      await here.gateway.ring("1003");
      const call = await phone.incoming();

      const { error } = await call.order("answer");
      assert.deepEqual([error?.kind, error?.media], ["media", media]);
      await until("the call ended", async () => (await call.look()).state === "done");
      assert.ok((await call.look()).reason);

      await phone.close();
    });
  });
}
