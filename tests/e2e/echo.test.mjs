import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

const CLEARED = { cause: "NORMAL_CLEARING", causeCode: 16, by: "local" };

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call to 9196 carries RTP and sound both ways, and what was said comes back`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });

    const call = await phone.dial("9196");
    await call.reaches("active");
    await call.flowsBothWays();
    await call.hears(MICROPHONE_TONE);

    const { mediaConnected, startedConnectingAt, connectedAt } = await call.look();
    assert.equal(mediaConnected, true);
    assert.ok(startedConnectingAt <= connectedAt);
    await call.does("hangup");
    assert.deepEqual(await call.ends(), CLEARED);
    assert.deepEqual((await call.states()).filter((state) => state !== "ringing"), ["connecting", "active", "done"]);
    await phone.close();
  });

  test(`${dialect}: a muted microphone is not heard, an unmuted one is`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });
    const call = await phone.dial("9196");
    await call.hears(MICROPHONE_TONE);

    await call.does("mute");
    await call.hearsNothing();
    assert.equal((await call.look()).muted, true);
    await call.does("unmute");
    await call.hears(MICROPHONE_TONE);

    await phone.close();
  });

  test(`${dialect}: a call is held and taken off hold`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });
    const call = await phone.dial("9196");
    await call.hears(MICROPHONE_TONE);

    await call.does("hold");
    assert.equal((await call.look()).state, "held");
    await call.does("unhold");
    assert.equal((await call.look()).state, "active");
    await call.hears(MICROPHONE_TONE);

    await phone.close();
  });

  test(`${dialect}: a call that starts muted says nothing until it is unmuted`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { dialect });

    const call = await phone.dial("9196", { muted: true });
    await call.reaches("active");
    await call.hearsNothing();
    // A hundredth of a percent of full scale, for all of the call.
    assert.ok((await call.look()).stats.energySent < 1e-6, "the microphone was heard");
    await call.does("unmute");
    await call.hears(MICROPHONE_TONE);

    await phone.close();
  });
}

test("telnyx: a call that is to wait for its candidates sends them with the INVITE, and is heard", async () => {
  const phone = await signedIn(here.browser, here.gateway, { dialect: "telnyx", trickle: false });
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.hears(MICROPHONE_TONE);

  const sent = await phone.frames("out");
  const invite = sent.find(({ method }) => method === "telnyx_rtc.invite");
  assert.match(invite.params.sdp, /a=candidate:/);
  assert.deepEqual(sent.filter(({ method }) => /candidate/i.test(method)), []);
  await phone.close();
});

test("two calls at once each have their own sound, and the end of one leaves the other", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  const echo = await phone.dial("9196");
  const tone = await phone.dial("9198");
  await echo.hears(MICROPHONE_TONE);
  await tone.hears(440);
  await echo.does("hangup");
  await echo.ends();
  await tone.hears(440);
  assert.equal((await tone.look()).state, "active");

  await phone.close();
});

test("an id that the application chose is the call's, on the wire too", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  const callId = crypto.randomUUID();

  const call = await phone.dial("9196", { callId });
  await call.reaches("active");
  assert.equal(call.id, callId);
  const invite = (await phone.frames("out")).find(({ method }) => method === "verto.invite");
  assert.equal(invite.params.dialogParams.callID, callId);

  await phone.close();
});
