import assert from "node:assert/strict";
import { test } from "node:test";
import { testOnce } from "../harness/once.mjs";
import { are, signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

const DIALECTS = ["freeswitch", "telnyx"];

const NUMBERS = [
  { number: "486", cause: "USER_BUSY", causeCode: 17 },
  { number: "404", cause: "UNALLOCATED_NUMBER", causeCode: 1 },
  { number: "603", cause: "CALL_REJECTED", causeCode: 21 },
  { number: "503", cause: "NORMAL_TEMPORARY_FAILURE", causeCode: 41 },
  { number: "9182", cause: "NO_ANSWER", causeCode: 19 },
  { number: "9183", cause: "NORMAL_CLEARING", causeCode: 16 },
  { number: "9186", cause: "USER_BUSY", causeCode: 17 },
  { number: "5550000", cause: "NO_ROUTE_DESTINATION", causeCode: 3 },
];

testOnce("causes go through the core alone")("every cause reaches the application as it was sent", async () => {
  // All at once: each waits for its own end.
  const phones = [];
  for (const dialect of DIALECTS) {
    const phone = await signedIn(here.browser, here.gateway, { dialect });
    const calls = [];
    for (const { number } of NUMBERS) calls.push(await phone.dial(number));
    phones.push({ dialect, phone, calls });
  }

  for (const { dialect, phone, calls } of phones) {
    for (const [n, { number, cause, causeCode }] of NUMBERS.entries()) {
      const reason = await calls[n].ends();
      const said = { cause: reason.cause, causeCode: reason.causeCode, by: reason.by };
      assert.deepEqual(said, { cause, causeCode, by: "remote" }, `${number} on ${dialect}`);
    }
    await phone.close();
  }
});

for (const dialect of DIALECTS) {
  test(`${dialect}: what is played before the answer is heard before it`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });

    const isEarly = ({ state, earlyMedia, tones }) => are(440, tones) && earlyMedia && ["connecting", "ringing"].includes(state);
    const call = await phone.dialUntilHeard("9180", isEarly);
    await call.reaches("active");
    await call.hears(MICROPHONE_TONE);

    await phone.close();
  });

  test(`${dialect}: a busy tone is heard, and then the call ends as busy`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });

    const call = await phone.dialUntilHeard("9186", ({ tones }) => are([480, 620], tones));
    const { cause, causeCode } = await call.ends();
    assert.deepEqual({ cause, causeCode }, { cause: "USER_BUSY", causeCode: 17 });
    assert.ok(!(await call.states()).includes("active"));

    await phone.close();
  });

  test(`${dialect}: silent ringing, then the answer`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });

    const call = await phone.dial("9181");
    await call.reaches("active");
    await call.hears(MICROPHONE_TONE);
    assert.equal((await call.states()).includes("ringing"), dialect === "telnyx");

    await phone.close();
  });

  test(`${dialect}: a changed display is shown`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });

    const call = await phone.dial("9184");
    await until("the display has changed", async () => (await call.look()).remoteName === "Display Test");
    assert.equal((await call.look()).remoteNumber, "5551234");

    await phone.close();
  });

  test(`${dialect}: digits reach the other end`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });
    const call = await phone.dial("9185");
    await call.reaches("active");

    await call.does("dtmf", "12");
    await call.does("dtmf", "#*");
    await until("the digits are shown", async () => {
      const { remoteName, remoteNumber } = await call.look();
      return `${remoteName} ${remoteNumber}`.includes("12#*");
    });

    await phone.close();
  });
}

test("no number at all reaches the spoken welcome", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  const call = await phone.dial(undefined);
  await call.reaches("active");
  await until("speech is heard", async () => (await call.look()).stats?.energyReceived > 0.001);

  await phone.close();
});
