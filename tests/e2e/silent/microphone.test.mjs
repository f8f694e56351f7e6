import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

for (const [microphone, media, code] of [["refused", "permissionDenied", 42001], ["missing", "deviceNotFound", 42002]]) {
  describe(`with a microphone that is ${microphone}`, () => {
    const here = stage({ browser: { microphone } });

    test("a call ends with a reason, says what was wrong, and leaves nothing open", async () => {
      const phone = await signedIn(here.browser, here.gateway);

      const call = await phone.dial("9196");
      const reason = await call.ends();
      assert.equal(reason.by, "local");
      const { error } = await phone.heard("error");
      assert.deepEqual([error.kind, error.media, error.code], ["media", media, code]);

      await phone.close();
    });

    // Where the permission is granted the answer does not wait for the microphone: it may be accepted before that fails.
    test("an answer says once what was wrong, and the call ends", async () => {
      const phone = await signedIn(here.browser, here.gateway, { user: "1003" });
      await here.gateway.ring("1003");
      const call = await phone.incoming();

      const { error: refusal } = await call.order("answer");
      await until("the call ended", async () => (await call.look()).state === "done");
      const told = (await phone.log()).filter((entry) => entry.event === "error" && entry.id === call.id).map(({ error }) => error);
      const errors = refusal ? [refusal, ...told] : told;
      assert.deepEqual(errors.map(({ kind, media }) => [kind, media]), [["media", media]]);
      assert.ok((await call.look()).reason);

      await phone.close();
    });
  });
}
