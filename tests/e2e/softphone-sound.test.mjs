// What the softphone shows and does about sound: levels, a microphone that is muted, silent or taken, devices that go.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tellsTracks } from "../harness/audio.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { CARD, part, signedInSoftphone } from "../harness/softphone.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ gateway: { www: "www" } });

const OURS = 620;

/** Somebody who hears themselves. */
async function atEcho(hz) {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");
  await tellsTracks(softphone.page);
  if (hz !== undefined) await softphone.speakTone(hz);
  await softphone.dial("9196");
  await softphone.hears(hz ?? MICROPHONE_TONE);
  return softphone;
}

const isLoud = (level) => level > 0.3;
const isSilent = (level) => level < 0.05;

function levelIs(softphone, name, isSo, scope = "") {
  return until(`${name} is so`, async () => isSo(await softphone.page.$eval(`${scope} ${part(name)}`, (meter) => {
    return Number(meter.style.getPropertyValue("--level"));
  })));
}

function nudgeIsGone(softphone) {
  const isHidden = () => softphone.page.$eval(`${CARD} ${part("nudge")}`, ({ hidden }) => hidden);
  return untilEqual("nothing is said of the sound", true, isHidden);
}

test("who speaks while muted is told beside the button, and unmutes there", async () => {
  const softphone = await atEcho();
  await levelIs(softphone, "local-level", isLoud, CARD);
  await levelIs(softphone, "remote-level", isLoud, CARD);

  // Numbers that grow wrap in a narrow window.
  await softphone.page.setViewport({ width: 1280, height: 800 });
  await softphone.shows("packets-sent", /[1-9]/, { scope: CARD });
  const place = () => softphone.page.$eval(`${CARD} ${part("mute")}`, (button) => button.getBoundingClientRect().y);
  const before = await place();
  await softphone.click("mute", CARD);
  await softphone.shows("nudge-words", /^You are speaking while muted\.$/, { scope: CARD });
  assert.equal(await place(), before, "the notice moved what somebody may be about to press");
  // It goes by itself after ten seconds, and is told once.
  await softphone.click("nudge-act", CARD);

  await softphone.hears(MICROPHONE_TONE);
  await nudgeIsGone(softphone);
  assert.equal(await softphone.page.evaluate(() => document.activeElement.dataset.testid), "mute");
  await softphone.click("mute", CARD);
  await softphone.hearsNoMore(MICROPHONE_TONE);
  await levelIs(softphone, "local-level", isSilent, CARD);
  await softphone.click("hangup", CARD);
});

test("a microphone that says nothing is told of, until it is heard", async () => {
  const softphone = await atEcho(OURS);

  await softphone.page.evaluate(() => { voice.gain.value = 0; });
  // It counts as nothing after five seconds.
  await softphone.shows("nudge-words", /says nothing/, { scope: CARD, within: 20_000 });
  await softphone.page.evaluate(() => { voice.gain.value = 0.5; });

  await nudgeIsGone(softphone);
  await softphone.hears(OURS);
  await softphone.click("hangup", CARD);
});

/** What a system does to a microphone that it needs for something else. */
async function systemMutes(softphone, muted) {
  await until("the page looks after the microphone", () => softphone.page.evaluate(() => {
    const track = watched.tracks.findLast(({ readyState }) => readyState === "live");
    return trackListeners.some((one) => one.track === track && one.event === "mute");
  }));
  await softphone.page.evaluate((isMuted) => {
    const track = watched.tracks.findLast(({ readyState }) => readyState === "live");
    Object.defineProperty(track, "muted", { configurable: true, value: isMuted });
    tellTrack(track, isMuted ? "mute" : "unmute");
  }, muted);
}

test("a call whose microphone the system takes says so on hold, and goes on when it is back", async () => {
  const softphone = await atEcho(OURS);

  await systemMutes(softphone, true);
  await softphone.reaches("held");
  await softphone.shows("nudge-words", /^The system has muted your microphone/, { scope: CARD });
  await softphone.shows("nudge-act", /^Resume$/, { scope: CARD });
  await systemMutes(softphone, false);

  await softphone.reaches("active");
  await softphone.hears(OURS);
  await nudgeIsGone(softphone);
  await softphone.click("hangup", CARD);
});

/** Plugs in these and no others; ids are names. */
async function plugIn(softphone, ...names) {
  // Firefox lists nothing for a page that another hides.
  await softphone.page.bringToFront();
  await softphone.page.evaluate((labels) => {
    const both = (label) => ["audioinput", "audiooutput"].map((kind) => ({ kind, label, deviceId: label }));
    const list = labels.flatMap(both);
    navigator.mediaDevices.enumerateDevices = async () => list;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  }, names);
}

/** Waits for a notice: others may stand above it. */
function isTold(softphone, what, advice) {
  const isThere = (notices, words) => notices.some((notice) => {
    return words.every(([css, text]) => notice.querySelector(css).textContent.includes(text));
  });
  const words = [[part("notice-what"), what], [part("notice-advice"), advice]];
  return until(`it is told: ${what}`, () => softphone.page.$$eval(part("notice"), isThere, words));
}

const chosen = (softphone, name) => softphone.page.$eval(part(name), ({ value }) => value);

test("a headset that is pulled out gives way with a word, and is used again when it is back, also later", async () => {
  const softphone = await atEcho(OURS);
  await plugIn(softphone, "Desk", "Headset");
  await until("it is listed", () => softphone.page.$(`${part("microphone")} [value="Headset"]`));
  for (const device of ["Desk", "Headset"]) {
    await softphone.page.select(part("microphone"), device);
    await softphone.shows("log", new RegExp(`Microphone: ${device}`));
  }
  await softphone.page.select(part("ring-device"), "Headset");
  await softphone.shows("log", /rings through: Headset/);

  await plugIn(softphone, "Desk");
  await isTold(softphone, "Headset is gone.", "You speak through Desk.");
  await untilEqual("the other is chosen", "Desk", () => chosen(softphone, "microphone"));
  await untilEqual("it rings through the system's", "", () => chosen(softphone, "ring-device"));
  await plugIn(softphone, "Desk", "Headset");
  await untilEqual("it is used again", "Headset", () => chosen(softphone, "microphone"));
  await softphone.hears(OURS);
  await softphone.click("hangup", CARD);
  await softphone.page.reload({ waitUntil: "load" });
  await plugIn(softphone, "Desk", "Headset");
  await softphone.signIn({ server: here.gateway.freeswitch, user: "1000" });
  await softphone.shows("status", /Connected/);

  await untilEqual("the headset is chosen", "Headset", () => chosen(softphone, "microphone"));
  await untilEqual("it rings through it", "Headset", () => chosen(softphone, "ring-device"));
  await softphone.page.evaluate(() => localStorage.removeItem("offhook.devices"));
});

test("the microphone and the speaker can be tried without a call, and nothing stays open", async () => {
  const softphone = await signedInSoftphone(here.browser, here.gateway, "1000");

  await softphone.click("test-microphone");
  await levelIs(softphone, "microphone-level", isLoud);
  await softphone.click("test-microphone");
  await softphone.shows("microphone-hint", /was heard well\.$/);
  await softphone.click("test-speaker");
  await softphone.shows("speaker-hint", /^The tone was played\.$/, { within: 20_000 });
  await plugIn(softphone, "Desk");
  await until("it is listed", () => softphone.page.$(`${part("microphone")} [value="Desk"]`));
  assert.equal(await softphone.text(part("speaker-hint")), "The tone was played.");

  const isClosed = () => watched.tracks.length > 0 && watched.tracks.every(({ readyState }) => readyState === "ended");
  assert.equal(await softphone.page.evaluate(isClosed), true);
});
