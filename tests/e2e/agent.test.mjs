// Conversations with the gateway's agent, spoken and written, over real media.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openTalk } from "../harness/agent.mjs";
import { nothingIsLeft, openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

/** The agent has answered in full. */
const answered = (text) => ({ transcript }) => {
  const { role, text: said, status } = transcript.at(-1);
  return role === "assistant" && status === "final" && said.includes(text);
};

const last = (transcript, role) => transcript.findLast((item) => item.role === role);

/** The agent has greeted, and it is the person's turn. */
function greeted(talk) {
  return talk.sees("the greeting is over", ({ state, transcript }) => {
    return state === "listening" && last(transcript, "assistant")?.status === "final";
  });
}

for (const dialect of ["telnyx", "freeswitch"]) {
  test(`a spoken conversation: greeting, a turn, a barge-in (${dialect})`, async () => {
    const talk = await openTalk(here, { dialect });
    await talk.start();

    const { transcript: [greeting], latencies } = await greeted(talk);
    assert.equal(greeting.text, "Hello, I am the demo agent of Offhook. Ask me something, or type a message.");
    const begun = await talk.toldAt("state", ({ state }) => state === "connecting");
    const measured = await talk.toldAt("latency", ({ kind }) => kind === "greeting");
    const { greeting: took } = latencies;
    assert.ok(took > 0 && took <= measured - begun, `${took} ms until the greeting`);
    const partial = (await talk.told("transcript")).filter(({ item }) => item.status === "partial");
    assert.ok(partial.length > 2, "the words come in time with the speech");

    const interrupting = talk.interrupt(3);
    await talk.speak(1.5);
    const { transcript } = await talk.sees("it gives way", ({ transcript }) => transcript.some(({ status }) => status === "interrupted"));
    await interrupting;
    const items = (await talk.told("transcript")).map(({ item }) => item);
    const ofPerson = items.filter(({ role }) => role === "user").map(({ status }) => status);
    assert.ok(ofPerson.includes("partial") && ofPerson.indexOf("final") > ofPerson.indexOf("partial"), `${ofPerson}`);

    const [turn] = (await talk.look()).latencies.turns;
    const spoke = await talk.toldAt("spoke", ({ seconds }) => seconds === 1.5);
    const replied = await talk.toldAt("latency", ({ kind }) => kind === "turn");
    assert.ok(turn > 100 && turn < replied - spoke, `${turn} ms until the answer`);
    const interrupted = transcript.find(({ status }) => status === "interrupted");
    assert.equal(interrupted.role, "assistant");
    assert.equal((await talk.told("bargeIn"))[0]?.item?.id, interrupted.id);
    const states = (await talk.told("state")).map(({ state }) => state);
    for (const state of ["connecting", "thinking", "speaking", "listening"]) assert.ok(states.includes(state), `${state} in ${states}`);

    await talk.do("end");
    await until("the end is told", async () => (await talk.told("ended")).length === 1);
    assert.equal((await talk.look()).state, "ended");
    await talk.close();
  });

  test(`writing, a picture and what it knows, without a microphone (${dialect})`, async () => {
    const talk = await openTalk(here, { dialect });
    await talk.start({ audio: false });
    await greeted(talk);

    const { id, confirmed } = await talk.do("sendMessage", "Hello there");
    assert.equal(confirmed, true);
    const { transcript } = await talk.sees("it answers", answered("I have read your message: Hello there"));
    assert.deepEqual(transcript.map(({ role }) => role), ["assistant", "user", "assistant"]);
    assert.deepEqual([transcript[1].id, transcript[1].status, transcript[1].text], [id, "final", "Hello there"]);

    await talk.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(3_000, 2_000);
      canvas.getContext("2d").fillRect(100, 100, 900, 900);
      const picture = await canvas.convertToBlob({ type: "image/png" });
      await talk.agent.sendMessage("", { images: [picture] });
    });
    await talk.sees("it sees", ({ transcript }) => /I see an image of \d/.test(transcript.at(-1).text));
    const [image] = (await talk.look()).transcript.at(-2).images;
    assert.match(image, /^data:image\/jpeg;base64,/);
    const { width } = await talk.page.evaluate(async (url) => {
      const picture = new Image();
      picture.src = url;
      await picture.decode();
      return { width: picture.width };
    }, image);
    assert.equal(width, 1_568, "smaller than it was");

    await talk.do("sendContext", "The basket holds three lamps");
    await talk.do("sendMessage", "What do you know?");
    await talk.sees("it knows", answered("three lamps"));
    assert.ok(!(await talk.look()).transcript.some(({ text, role }) => role === "user" && text.includes("lamps")));
    assert.equal(await talk.page.evaluate(() => watched.requests), 0, "the microphone stayed closed");
    await talk.close();
  });

  test(`a tool of the page answers, is approved, refused and missing (${dialect})`, async () => {
    const talk = await openTalk(here, { dialect });
    await talk.start({ audio: false });
    await greeted(talk);

    await talk.do("sendMessage", "What page am I on?");
    await talk.sees("it is told that there is no such tool", answered("The page did not tell me: there is no tool"));
    await talk.page.evaluate(() => {
      window.allowed = true;
      talk.agent.registerTool({
        name: "current_page", parameters: { type: "object" }, approval: () => window.allowed, handler: () => ({ title: "Lamps" }),
      });
    });
    await talk.do("sendMessage", "What page is it?");
    await talk.sees("it knows the page", answered('{"title":"Lamps"}'));
    await talk.page.evaluate(() => (window.allowed = false));
    await talk.do("sendMessage", "And what page now?");
    await talk.sees("it is refused", answered("the person has not allowed it"));

    const runs = (await talk.told("tool")).map(({ name, status }) => `${name} ${status}`);
    assert.deepEqual(runs, [
      "current_page failed", "current_page approval", "current_page running", "current_page done", "current_page approval",
      "current_page refused",
    ]);
    await talk.close();
  });

  test(`a reload in the middle: the conversation goes on, with all that was said (${dialect})`, async () => {
    const talk = await openTalk(here, { dialect, onReload: "resume" });
    await talk.start();
    await greeted(talk);
    await talk.do("sendMessage", "Hello there");
    const before = await talk.sees("it answers", answered("Hello there"));

    await talk.page.reload({ waitUntil: "load" });
    await talk.begin({ dialect, onReload: "resume" });
    await talk.sees("the call is back", ({ call }) => call === "active");
    const after = await talk.sees("what was said is back", ({ transcript }) => transcript.length === before.transcript.length);
    const words = ({ transcript }) => transcript.map(({ role, text }) => `${role}: ${text}`);
    assert.deepEqual(words(after), words(before));
    assert.equal(after.latencies.greeting, undefined, "nobody greets twice");

    await talk.do("sendMessage", "Still there?");
    await talk.sees("it answers", answered("Still there?"));
    await talk.close();
  });
}

test("what an earlier page has kept is taken up where the server repeats nothing", async () => {
  const talk = await openTalk(here);
  await talk.start({ audio: false });
  await greeted(talk);
  const kept = await talk.do("exportTranscript", "json");
  const text = await talk.do("exportTranscript", "text");
  assert.match(text, /^\[\d{4}-[\dT:.-]+Z\] Agent: Hello, I am the demo agent/);
  await talk.do("clearTranscript");
  await talk.sees("nothing was said", ({ transcript }) => transcript.length === 0);
  await talk.close();

  const later = await openTalk(here, { agent: { transcript: kept } });
  await later.sees("it is there", ({ transcript }) => transcript[0]?.text.startsWith("Hello, I am"));
  assert.equal(await later.do("exportTranscript", "json"), kept);
  await later.close();
});

test("the server's settings for a widget are there before the call, and headers reach the agent", async () => {
  const talk = await openTalk(here);
  const { settings } = await talk.sees("the settings", (seen) => seen.settings);
  assert.deepEqual([settings.theme, settings.startCallText, settings.logoIconUrl], ["dark", "Talk to the demo agent", undefined]);

  await talk.start({ audio: false, customHeaders: { "X-Account-Number": "4711" } });
  await greeted(talk);
  await talk.do("sendMessage", "Which account do I have?");
  await talk.sees("it knows the header", answered("Your account is 4711"));
  await talk.close();
});

test("whom the sign-in is for is said with it, and who does not exist refuses", async () => {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  const outcome = await page.evaluate(async (url) => {
    const { connect } = await import("/pkg/agent.js");
    const target = { targetId: "nobody", targetVersionId: "v7", conversationId: "c1", parameters: { tenant: "north" } };
    return connect({ url, dialect: "telnyx", anonymous: target }).catch(({ kind, code, serverMessage }) => ({ kind, code, serverMessage }));
  }, here.gateway.telnyx);
  assert.deepEqual([outcome.kind, outcome.code], ["refused", 46001]);
  const sent = await page.evaluate(() => watched.frames.map(({ text }) => text).find((text) => text.includes("anonymous_login")));
  const { target_id: id, target_version_id: version, target_params: given } = JSON.parse(sent).params;
  assert.deepEqual([id, version, given], ["nobody", "v7", { tenant: "north", conversation_id: "c1" }]);
  await nothingIsLeft(page);
  await page.close();
});

test("pictures arrive upright, on white, and without what a camera wrote beside them", async () => {
  const talk = await openTalk(here);
  await talk.start({ audio: false });
  await greeted(talk);
  const seen = await talk.page.evaluate(takePictures);
  assert.deepEqual(seen.photo, { width: 20, height: 60, top: "red", bottom: "blue", isExif: false });
  assert.equal(seen.clear.top, "white", "what is transparent");
  assert.equal(seen.vector, 44002);
  await talk.close();
});

/** Runs in the page. Sends a photo taken with the telephone on its side, a transparent picture, and one of lines. */
async function takePictures() {
  const draw = (width, height, paint) => {
    const canvas = new OffscreenCanvas(width, height);
    paint(canvas.getContext("2d"));
    return canvas;
  };
  const onItsSide = draw(60, 20, (context) => {
    for (const [color, x] of [["red", 0], ["blue", 30]]) {
      context.fillStyle = color;
      context.fillRect(x, 0, 30, 20);
    }
  });
  const jpeg = await onItsSide.convertToBlob({ type: "image/jpeg", quality: 0.95 });
  // Where the first row is, and nothing else: a TIFF header and a table of one entry.
  const exif = [...new TextEncoder().encode("Exif\0\0MM\0*"), 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const header = new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif]);
  const photo = new Blob([header, jpeg.slice(2)], { type: "image/jpeg" });
  const clear = await draw(40, 40, () => {}).convertToBlob({ type: "image/png" });

  const sent = async (image) => {
    const { id } = await talk.agent.sendMessage("", { images: [image] });
    const [url] = talk.agent.transcript.find((item) => item.id === id).images;
    const shown = new Image();
    shown.src = url;
    await shown.decode();
    const { width, height } = shown;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(shown, 0, 0);
    const color = (y) => {
      const [red, green, blue] = [...context.getImageData(width / 2, y, 1, 1).data].map((value) => value > 128);
      return red && green && blue ? "white" : red ? "red" : blue ? "blue" : "black";
    };
    return { width, height, top: color(4), bottom: color(height - 5), isExif: atob(url.split(",")[1]).includes("Exif") };
  };
  const vector = new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'], { type: "image/svg+xml" });
  return {
    photo: await sent(photo), clear: await sent(clear),
    vector: await talk.agent.sendMessage("", { images: [vector] }).then(() => "sent", ({ code }) => code),
  };
}

test("what cannot be is said so, and nothing is sent", async () => {
  const talk = await openTalk(here);
  const refusal = async (method, ...args) => (await talk.order(method, ...args)).error;

  assert.equal((await refusal("sendMessage", "Hello")).code, 60072);
  assert.equal((await refusal("sendMessage", " ")).code, 44002);
  assert.equal((await refusal("exportTranscript", "pdf")).code, 44002);
  assert.equal((await refusal("attach", {})).code, 44002);
  assert.equal((await refusal("registerTool", { name: "a b" })).code, 44002);
  await talk.start({ audio: false });
  assert.equal((await refusal("start")).code, 60074);
  await greeted(talk);
  assert.equal((await refusal("sendMessage", "", { images: ["data:text/html;base64,AA=="] })).code, 44002);
  assert.equal((await refusal("sendMessage", "", { images: ["data:image/png;base64,AA=="] })).code, 44002);
  const second = await talk.page.evaluate(async () => {
    const { createAgent } = await import("/pkg/agent.js");
    try {
      createAgent(talk.client);
    } catch ({ code }) {
      return code;
    }
  });
  assert.equal(second, 60073);
  await talk.close();
});

test("a message whose socket is lost is taken back, and the conversation comes back", async () => {
  const talk = await openTalk(here, { dialect: "freeswitch" });
  await talk.start({ audio: false });
  await greeted(talk);

  await here.gateway.fault("deaf&user=1000");
  const sending = talk.order("sendMessage", "Lost words");
  await talk.sees("it is shown", ({ transcript }) => transcript.at(-1).text === "Lost words");
  await here.gateway.fault("drop&user=1000");
  assert.equal((await sending).error?.kind, "lost");
  const { transcript } = await talk.sees("the call is back", ({ call }) => call === "active");
  assert.ok(!transcript.some(({ text }) => text === "Lost words"));

  await talk.do("sendMessage", "Here again");
  await talk.sees("it answers", answered("Here again"));
  await talk.close();
});
