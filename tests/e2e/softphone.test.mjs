import assert from "node:assert/strict";
import { test } from "node:test";
import { standsAlone } from "../harness/alone.mjs";
import { BROWSER } from "../harness/browser.mjs";
import { startCable } from "../harness/cable.mjs";
import { freePort } from "../harness/gateway.mjs";
import { are } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { CARD, ENDED, openSoftphone, part, signedInSoftphone } from "../harness/softphone.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www", detachTime: 20 } });

const near = (hz) => (heard) => heard.some((found) => Math.abs(found - hz) < 12);

/** Windows of these users, opened one after the other: each takes the focus. */
async function people(...users) {
  const windows = [];
  for (const user of users) windows.push(await signedInSoftphone(here.browser, here.gateway, user));
  return windows;
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a person signs in, dials 9196, hears themselves, mutes, sends digits, holds and hangs up`, async () => {
    const softphone = await signedInSoftphone(here.browser, here.gateway, "1000", { server: here.gateway[dialect], dialect });

    await softphone.dial("9196");
    await softphone.reaches("active");
    await until("the microphone's tone comes back", async () => near(MICROPHONE_TONE)(await softphone.tones()));
    await until("RTP and energy both ways", async () => {
      const { packetsSent, packetsReceived, energyReceived, energySent } = await softphone.traffic();
      // Firefox measures no energy of a microphone.
      return packetsSent > 20 && packetsReceived > 20 && energyReceived > 0.005 && (BROWSER === "firefox" || energySent > 0.005);
    });
    await softphone.shows("timer", /\d:\d\d/, { scope: CARD });

    await softphone.click("mute", CARD);
    await until("silence", async () => (await softphone.tones()).length === 0);
    await softphone.click("mute", CARD);
    await until("the tone is back", async () => near(MICROPHONE_TONE)(await softphone.tones()));

    await softphone.click("keypad", CARD);
    await softphone.click("dtmf-5", CARD);
    await softphone.shows("dtmf-sent", /5/, { scope: CARD });

    await softphone.click("hold", CARD);
    await softphone.reaches("held");
    await softphone.click("hold", CARD);
    await softphone.reaches("active");

    await softphone.click("hangup", CARD);
    await softphone.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
    await softphone.click("sign-out");
    await softphone.shows("status", /Signed out/);
    assert.deepEqual(await softphone.page.evaluate(() => watched.reported), []);
  });
}

test("in two windows 1000 calls 1001: it rings there, is answered, both talk, one hangs up", async () => {
  const alice = await signedInSoftphone(here.browser, here.gateway, "1000");
  const bob = await signedInSoftphone(here.browser, here.gateway, "1001");

  await alice.dial("1001");
  await bob.shows("name", /1000/, { scope: part("incoming") });
  await bob.answer();
  await Promise.all([alice.reaches("active"), bob.reaches("active")]);
  await until("Alice hears Bob", async () => near(MICROPHONE_TONE)(await alice.tones()));
  await until("Bob hears Alice", async () => near(MICROPHONE_TONE)(await bob.tones()));

  await bob.click("hangup", CARD);
  await alice.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
});

test("a call is transferred to a number, and a refusal is told in words", async () => {
  const [alice, bob, carol] = await people("1000", "1001", "1002");
  const { keyboard } = alice.page;
  await alice.dial("9196");
  await alice.reaches("active");
  await alice.click("transfer", CARD);
  await keyboard.type("1002");
  await keyboard.press("Enter");
  await alice.shows("transfer-problem", /another person can be transferred/, { scope: CARD });
  await alice.reaches("active");
  await keyboard.press("Escape");
  await keyboard.press("Escape");
  assert.equal(await alice.page.$eval(`${CARD} ${part("transfer-form")}`, ({ hidden }) => hidden), true);
  await alice.click("hangup", CARD);

  await alice.dial("1001");
  await bob.answer();
  await alice.reaches("active");
  await alice.click("transfer", CARD);
  await keyboard.type("1002");
  await keyboard.press("Enter");
  await alice.shows("reason", /Transferred to 1002/, { scope: ENDED });
  await carol.answer();
  await until("Carol hears Bob", async () => near(MICROPHONE_TONE)(await carol.tones()));
});

test("two calls are joined", async () => {
  const [alice, bob, carol] = await people("1000", "1001", "1002");
  await alice.dial("1001");
  await bob.answer();
  await alice.reaches("active");
  await alice.click("hold", CARD);
  await alice.reaches("held");
  await alice.dial("1002");
  await carol.answer();
  await alice.reaches("active");

  await alice.click("transfer", CARD);
  await alice.click("join", CARD);

  await alice.shows("reason", /Joined with/, { scope: ENDED });
  await untilEqual("both calls are over here", "0", () => alice.page.evaluate(() => document.body.dataset.calls));
  await until("Bob hears Carol", async () => near(MICROPHONE_TONE)(await bob.tones()));
  await until("Carol hears Bob", async () => near(MICROPHONE_TONE)(await carol.tones()));
});

test("one window tries an incoming call with «ring me», and rejects a second", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1004");

  await softphone.click("ring-me");
  await softphone.answer();
  await softphone.reaches("active");
  await softphone.click("hangup", CARD);
  await softphone.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
  await softphone.click("ring-me");
  await softphone.click("reject");
  await softphone.shows("cause", /USER_BUSY/, { scope: ENDED });
});

test("keys type a number, Enter calls, Escape hangs up", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");

  for (const key of "9196") await softphone.page.keyboard.press(key);
  await softphone.page.keyboard.press("Enter");
  await softphone.reaches("active");
  await softphone.page.keyboard.press("Escape");
  await softphone.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
});

test("what comes to be known of a call moves no control that somebody is about to press", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.page.evaluate((card, control) => {
    window.places = new Set();
    const look = () => {
      const up = document.querySelector(`${card}[data-state="active"]`);
      if (up) places.add(up.querySelector(control).getBoundingClientRect().y - up.getBoundingClientRect().y);
      requestAnimationFrame(look);
    };
    look();
  }, CARD, part("hangup"));

  await softphone.dial("9196");
  await softphone.shows("media", /^Media connected$/, { scope: CARD });
  await softphone.shows("packets-sent", /[1-9]/, { scope: CARD });

  // The card comes in with a movement of its own.
  const seen = await softphone.page.evaluate(() => [...places]);
  assert.ok(Math.max(...seen) - Math.min(...seen) < 8, `${seen}`);
  await softphone.click("hangup", CARD);
});

test("Escape clears the field that somebody types in, and leaves the call", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.dial("9196");
  await softphone.reaches("active");

  for (const name of ["destination", "log-filter"]) {
    await softphone.page.$eval(part(name), (field) => field.focus());
    await softphone.page.keyboard.type("12");
    await softphone.page.keyboard.press("Escape");
    await untilEqual(`${name} is empty`, "", () => softphone.page.$eval(part(name), ({ value }) => value));
    await softphone.reaches("active");
  }

  await softphone.page.keyboard.press("Escape");
  await softphone.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
});

test("a call that comes in takes the focus from nothing that has it", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1004");
  const focused = () => softphone.page.evaluate(() => document.activeElement?.closest("[data-testid]")?.dataset.testid);

  await softphone.page.$eval(part("sign-out"), (button) => button.focus());
  await here.gateway.ring("1004");
  await softphone.shows("name", /\w/, { scope: part("incoming") });
  assert.equal(await focused(), "sign-out");
  await softphone.click("reject");
  await softphone.shows("cause", /USER_BUSY/, { scope: ENDED });

  await softphone.page.evaluate(() => document.activeElement.blur());
  await here.gateway.ring("1004");
  await softphone.shows("name", /\w/, { scope: part("incoming") });
  assert.equal(await focused(), "incoming");
  await softphone.click("reject");
});

test("the region that was chosen is chosen again after a sign-out", async () => {
  const softphone = await openSoftphone(here.browser, here.gateway);
  const chosen = () => softphone.page.$eval(part("region"), ({ value }) => value);
  await softphone.page.select(part("dialect"), "telnyx");
  await softphone.page.select(part("region"), "eu");

  await softphone.signIn({ server: here.gateway.telnyx, dialect: "telnyx", user: "1000" });
  await softphone.shows("status", /Connected/);
  await softphone.shows("region-hint", /served by local/);
  await softphone.click("sign-out");
  assert.equal(await chosen(), "eu");
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000" });
  await softphone.shows("status", /Connected/);
  await softphone.click("sign-out");

  assert.equal(await chosen(), "eu");
});

test("the pad's keys dial", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");

  for (const key of ["4", "8", "6"]) await softphone.click(`key-${key}`);
  await softphone.click("call");
  await softphone.shows("cause", /USER_BUSY.*17|17.*USER_BUSY/, { scope: ENDED });
});

test("a wrong password is told in the form, and the right one then signs in", async () => {
  const softphone = await openSoftphone(here.browser, here.gateway);

  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000", password: "wrong" });
  await softphone.shows("sign-in-problem", /\w/);
  await softphone.fill("password", "");
  await softphone.page.type(part("password"), "1234");
  await softphone.page.keyboard.press("Enter");
  await softphone.shows("status", /Connected/);
});

test("a test token signs in to the Telnyx dialect", async () => {
  const softphone = await openSoftphone(here.browser, here.gateway);

  await softphone.fill("server", here.gateway.telnyx);
  await softphone.page.select(part("dialect"), "telnyx");
  await softphone.page.$eval(part("method-token"), (choice) => choice.click());
  await softphone.click("get-token");
  await until("a token is there", () => softphone.page.$eval(part("token"), ({ value }) => value.length > 20));
  await softphone.click("sign-in");
  await softphone.shows("status", /Connected/);
});

test("a server that is not there is told in the form", async () => {
  const softphone = await openSoftphone(here.browser, here.gateway);

  const port = await freePort();
  await softphone.signIn({ server: `ws://127.0.0.1:${port}/`, user: "1000" });
  await softphone.shows("sign-in-problem", new RegExp(`127\\.0\\.0\\.1:${port}`), { within: 13_000 });
  await untilEqual("it can be tried again", false, () => softphone.page.$eval(part("sign-in"), ({ disabled }) => disabled));
});

test("the log holds what happened", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");

  await softphone.dial("486");
  await softphone.shows("cause", /USER_BUSY/, { scope: ENDED });
  const log = await softphone.text(part("log"));
  for (const words of [/Session /, /Ready/, /connecting/, /done/, /USER_BUSY/]) assert.match(log, words);
  assert.doesNotMatch(log, standsAlone("1234"), "the log shows the password");
});

/**
 * In the page: notes how a lost connection is told once an attempt has failed, and presses "Reconnect now" in the same
 * moment. The wait for the next attempt is a second, and a hand may be late for it.
 */
function reconnectAtOnce(card) {
  const find = (name, root = document) => root.querySelector(`[data-testid="${name}"]`);
  const words = (name, root) => find(name, root).textContent;
  const places = () => ["sign-out", "keys", "log"].map((name) => {
    const { x, y } = find(name).getBoundingClientRect();
    return [name, x, y];
  });
  const before = places();
  const watching = new MutationObserver(() => {
    const [attempt, when] = [words("reconnecting-attempt"), words("reconnecting-when")];
    if (Number(attempt) < 2 || !when.startsWith("in ")) return;
    watching.disconnect();
    const call = document.querySelector(card);
    const told = { state: call.dataset.state, status: words("status"), interruption: words("interruption", call) };
    const [now, sockets] = [places(), watched.sockets.length];
    find("reconnect-now").click();
    const opened = watched.sockets.length - sockets;
    window.seen = { ...told, attempt, when, before, places: now, opened, after: words("reconnecting-when") };
  });
  watching.observe(find("reconnecting"), { childList: true, characterData: true, subtree: true });
}

test("a lost connection is told with what is done about it, and the call goes on when it is back", async () => {
  const cable = await startCable(here.gateway.freeswitch);
  try {
    const softphone = await openSoftphone(here.browser, here.gateway);
    await softphone.signIn({ server: cable.url, user: "1000" });
    await softphone.shows("status", /Connected/);
    await softphone.dial("9198");
    await softphone.reaches("active");
    await softphone.page.evaluate(reconnectAtOnce, CARD);

    cable.pull(1);
    const seen = await until("it was told", () => softphone.page.evaluate(() => window.seen));
    assert.equal(seen.state, "reconnecting");
    assert.match(seen.status, /Reconnecting/);
    assert.match(seen.interruption, /network|gateway/);
    assert.match(seen.attempt, /^[2-9]$/);
    assert.match(seen.when, /^in \d+ s$/);
    assert.deepEqual(seen.places, seen.before, "the banner moved what somebody may be about to press");
    assert.deepEqual([seen.opened, seen.after], [1, "is under way"]);

    await softphone.reaches("active");
    await softphone.shows("status", /Connected as 1000/);
    assert.equal(await softphone.page.$eval(part("reconnecting"), ({ hidden }) => hidden), true);
    await until("440 Hz is heard", async () => are(440, await softphone.tones()));
    assert.equal(await softphone.page.$eval(part("notices"), ({ hidden }) => hidden), true);
  } finally {
    await cable.stop();
  }
});

test("a call comes back after a reload without typing, and nothing of the password stays", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await softphone.dial("9198");
  await softphone.reaches("active");
  const stored = () => softphone.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  assert.doesNotMatch(await stored(), standsAlone("1234"));
  const asked = [];
  softphone.page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    return dialog.accept();
  });

  await softphone.page.reload({ waitUntil: "load" });

  assert.deepEqual(asked, ["beforeunload"]);
  await softphone.shows("status", /Connected as 1000/);
  await softphone.reaches("active");
  await until("440 Hz is heard", async () => are(440, await softphone.tones()));
  assert.doesNotMatch(await stored(), standsAlone("1234"));
  await softphone.click("hangup", CARD);
  await softphone.shows("cause", /NORMAL_CLEARING/, { scope: ENDED });
  assert.doesNotMatch(await stored(), /sessid/);

  await softphone.page.reload({ waitUntil: "load" });
  await softphone.shows("status", /Signed out/);
});
