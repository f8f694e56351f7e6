// Words that the module names by a character, beside words that are somebody else's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OffhookError } from "../../js/offhook-error.js";

const fields = { kind: "refused", code: 46001, fatal: true };

test("an error's words are put in, and the gateway's are left as they came", () => {
  const serverMessage = "\ue001 \ue00b no";

  const error = new OffhookError({ ...fields, message: `\ue00b\ue00c: ${serverMessage} (-32001)`, serverMessage });

  assert.equal(error.message, `the gateway refused the sign-in: ${serverMessage} (-32001)`);
  assert.equal(error.serverMessage, serverMessage);
});

test("where the gateway said nothing, or the core says it for it, there are words", () => {
  const silent = new OffhookError({ ...fields, message: "\ue00b\ue00c", serverMessage: "" });
  const taken = new OffhookError({ ...fields, message: "\ue00b\ue018: \ue04f", serverMessage: "\ue04f" });

  assert.equal(silent.message, "the gateway refused the sign-in");
  assert.equal(taken.serverMessage, "the session was taken over by another connection");
  assert.equal(taken.message, `the gateway refused to keep the session: ${taken.serverMessage}`);
  assert.equal(new OffhookError({ ...fields, message: "\ue006" }).message, "the call has ended");
});
