import assert from "node:assert/strict";
import { test } from "node:test";
import { VOICES, person, talking } from "../harness/people.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

async function endsAs(call, expected) {
  const { cause, causeCode, by } = await call.ends();
  assert.deepEqual({ cause, causeCode, by }, expected);
}

test("a blind transfer: the other party goes on at another number, and this side is out of it", async () => {
  const [alice, bob, carol] = await Promise.all(["1000", "1001", "1002"].map((user) => person(here, user)));
  const { out, incoming } = await talking(alice, bob, "1001", VOICES[1000]);

  await out.does("transfer", "1002");
  await endsAs(out, { cause: "NORMAL_CLEARING", causeCode: 16, by: "remote" });
  const atCarol = await carol.incoming();
  await atCarol.does("answer");
  await atCarol.hears(VOICES[1001]);
  await incoming.hears(VOICES[1002]);
  assert.equal((await incoming.look()).state, "active");

  for (const phone of [alice, bob, carol]) await phone.close();
});

test("an attended transfer: hold, ask the other, and join the two", async () => {
  const [alice, bob, carol] = await Promise.all(["1000", "1001", "1002"].map((user) => person(here, user)));
  const { out, incoming } = await talking(alice, bob, "1001", VOICES[1000]);
  await out.does("hold");
  const consultation = await talking(alice, carol, "1002", VOICES[1000]);
  await until("who is on hold is not heard", async () => {
    return (await consultation.incoming.tones()).every((hz) => Math.abs(hz - VOICES[1001]) > 12);
  });

  const { error } = await alice.page.evaluate((id, other) => window.phone.join(id, other), out.id, consultation.out.id);
  assert.equal(error, undefined, JSON.stringify(error));
  assert.equal((await out.ends()).by, "remote");
  await endsAs(consultation.out, { cause: "ATTENDED_TRANSFER", causeCode: 801, by: "remote" });
  await incoming.hears(VOICES[1002]);
  await consultation.incoming.hears(VOICES[1001]);

  for (const phone of [alice, bob, carol]) await phone.close();
});

test("what the gateway cannot transfer goes on as it was", async () => {
  const alice = await person(here, "1000");
  const echo = await alice.dial("9196");
  await echo.reaches("active");

  const { error } = await echo.order("transfer", "1001");
  assert.deepEqual([error.kind, error.code, error.serverMessage], ["refused", 60103, "call is not bridged"]);
  assert.equal((await echo.look()).state, "active");
  await echo.hears(VOICES[1000]);

  await alice.close();
});
