// What is said and written in the widget: the transcript, the field for messages, and the change to speech. The agent is
// played by the test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, untilEqual } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";
import { openTalking, openWidget } from "../../harness/widget.mjs";

const here = stage();

const open = (options) => openWidget(here.browser, here.gateway, options);
const talking = (attributes, mode) => openTalking(here.browser, here.gateway, attributes, mode);

test("the transcript is a log: partial, final, and what nobody heard is struck", async () => {
  const widget = await talking();

  await widget.run((element, double) => {
    double.item({ id: "a", text: "Hel", status: "partial" });
    double.item({ id: "a", text: "Hello **there**, [look](https://example.com) <img src=x onerror=alert(1)>", status: "final" });
    double.item({ id: "b", role: "user", text: "**Stop**" });
    double.item({ id: "c", text: "As I was saying", status: "interrupted", unheardFrom: 5 });
    double.item({ id: "d", text: "See [our page](https://example.com/here) now", status: "interrupted", unheardFrom: 24 });
  });
  await widget.shows(".log", /See our page/);

  const log = await widget.page.evaluate(() => {
    const element = window.widget.shadowRoot.querySelector("[role=log]");
    const [first, second, third, fourth] = element.querySelectorAll(".item");
    return {
      busy: [...element.querySelectorAll(".item")].map((item) => item.getAttribute("aria-busy")),
      strong: first.querySelector("strong").textContent,
      link: [first.querySelector("a").href, first.querySelector("a").rel],
      images: element.querySelectorAll("img").length,
      said: second.querySelector(".bubble").textContent,
      struck: [third, fourth].map((item) => item.querySelector("s").textContent),
      isStop: element.tabIndex,
    };
  });
  assert.deepEqual(log, {
    busy: ["false", "false", "false", "false"], strong: "there", link: ["https://example.com/", "noopener noreferrer"], images: 0,
    said: "**Stop**", struck: ["was saying", " now"], isStop: 0,
  });

  await widget.run((element, double) => double.item({ id: "e", text: "", images: ["data:image/png;base64,AA=="] }));
  await widget.shows(".picture");
  const policy = await widget.page.evaluate(() => window.widget.shadowRoot.querySelector(".picture").referrerPolicy);
  assert.equal(policy, "no-referrer", "whoever has the picture is not told of the page");
});

test("of a long conversation only what has changed is drawn anew, and all of it in another language", async () => {
  const widget = await talking();
  await widget.run((element, double) => {
    for (let number = 0; number < 50; number += 1) double.item({ text: `Item ${number}` });
  });
  await widget.shows(".log", /Item 49/);

  const drawn = await widget.run(async (element, double) => {
    let times = 0;
    const { toLocaleTimeString } = Date.prototype;
    Date.prototype.toLocaleTimeString = function (...args) {
      times += 1;
      return toLocaleTimeString.apply(this, args);
    };
    double.item({ id: "last", text: "And one more", status: "partial" });
    await new Promise(requestAnimationFrame);
    Date.prototype.toLocaleTimeString = toLocaleTimeString;
    return { times, items: element.shadowRoot.querySelectorAll(".item").length };
  });
  assert.deepEqual(drawn, { times: 1, items: 51 });
  await widget.run((element) => element.setAttribute("language", "de"));
  await widget.shows(".item .unseen", /Assistent/);
});

test("marks that never end hold nobody up", async () => {
  const widget = await talking();
  // What reads marks is loaded where there are some: till then nothing would be looked for.
  await widget.run((element, double) => double.item({ text: "**One**" }));
  await widget.shows("strong", /One/);

  const took = await widget.run(async (element, double) => {
    const began = performance.now();
    double.item({ text: "[".repeat(100_000) });
    // It is drawn before the next task.
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - began;
  });
  await widget.shows(".item:last-child .bubble", /\[{100000}/);

  // With marks looked for from each bracket to the end it would be many times as long.
  assert.ok(took < 6_000, `${took} ms`);
});

test("a conversation is begun in writing, goes on aloud and comes back to writing", async () => {
  const widget = await open();
  await widget.run((element) => element.open());

  await widget.type("textarea", "Hello");
  await widget.page.keyboard.press("Enter");
  await until("somebody is called", () => widget.run((element, double) => double.starts.length === 1));
  await widget.run((element, double) => double.becomes("listening"));
  await widget.shows(".log", /Hello/);
  const { audio } = await widget.run((element, double) => double.starts[0]);
  assert.equal(audio, false);
  assert.equal(await widget.run((element, double) => double.client.volume), 0);

  await widget.click("[data-name=switch]");
  await until("it is spoken", () => widget.run((element, double) => double.agent.call.processor?.()?.kind === "audio"));
  assert.equal(await widget.run((element, double) => double.client.volume), 1);
  await widget.click("[data-name=mute]");
  assert.equal(await widget.run((element, double) => double.agent.call.processor().enabled), false);

  await widget.click("[data-name=switch]");
  await until("it is quiet", () => widget.run((element, double) => double.client.volume === 0));
  assert.deepEqual(await widget.run((element, double) => double.starts.length), 1);
  await widget.run((element, double) => double.ends({ by: "remote" }));
  await until("the microphone is closed", () => widget.page.evaluate(() => watched.tracks.every(({ readyState }) => readyState === "ended")));
});

test("a microphone that is granted too late is closed, and one that nobody wants any more is silent", async () => {
  const widget = await talking({}, "text");
  const ask = async () => {
    await widget.page.evaluate(() => {
      const real = new Promise((resolve) => void (window.grant = resolve));
      const open = MediaDevices.prototype.getUserMedia.bind(navigator.mediaDevices);
      watched.microphone = async (constraints) => real.then(() => open(constraints));
    });
    await widget.click("[data-name=switch]");
  };
  const tracks = () => widget.page.evaluate(() => {
    return watched.tracks.map(({ readyState, enabled }) => `${readyState} ${enabled ? "loud" : "silent"}`).join();
  });

  await ask();
  await widget.click("[data-name=switch]");
  await widget.page.evaluate(() => window.grant());
  await until("it is open", () => widget.run((element, double) => double.agent.call.processor !== undefined));
  assert.equal(await tracks(), "live silent");
  await widget.click("[data-name=switch]");
  await untilEqual("it is heard", "live loud", tracks);

  await widget.run((element, double) => double.ends({ by: "remote" }));
  await widget.run((element) => element.start({ mode: "text" }));
  await widget.run((element, double) => double.becomes("listening"));
  await ask();
  await widget.run((element, double) => double.ends({ by: "remote" }));
  await widget.page.evaluate(() => window.grant());
  await untilEqual("both are closed", "ended loud,ended loud", tracks);
});

test("a microphone that is pulled out leaves the conversation in writing, with a word to who was speaking", async () => {
  const widget = await talking({}, "text");
  const pull = () => widget.page.evaluate(() => watched.tracks.at(-1).dispatchEvent(new Event("ended")));
  const speaks = (times) => until("it is spoken", () => widget.page.evaluate((count) => watched.tracks.length === count, times));

  await widget.click("[data-name=switch]");
  await speaks(1);
  await widget.shows("[part=mute]");
  await pull();
  await widget.shows("[part=notice]", /No microphone found/);
  await widget.lacks("[part=mute]");
  assert.equal(await widget.run((element, double) => double.client.volume), 0);

  await widget.click("[data-name=switch]");
  await speaks(2);
  await widget.lacks("[part=notice]");
  await widget.click("[data-name=switch]");
  await pull();
  await widget.click("[data-name=switch]");
  await speaks(3);
  await widget.lacks("[part=notice]");
});

test("Enter that chooses a character sends nothing, Shift and Enter begin a line", async () => {
  const widget = await talking({}, "text");

  await widget.type("textarea", "こ");
  await widget.page.evaluate(() => {
    const area = window.widget.shadowRoot.querySelector("textarea");
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }));
  });
  await widget.page.keyboard.down("Shift");
  await widget.page.keyboard.press("Enter");
  await widget.page.keyboard.up("Shift");
  assert.deepEqual(await widget.run((element, double) => double.agent.sent), []);

  await widget.page.keyboard.press("Enter");
  await until("it was sent", () => widget.run((element, double) => double.agent.sent.length === 1));
});

test("what was not delivered is told, and is there to be sent again", async () => {
  const widget = await talking({}, "text");
  await widget.run((element, double) => void (double.refuses = { kind: "lost", code: 60405 }));

  await widget.type("textarea", "Hello");
  await widget.page.keyboard.press("Enter");

  await widget.shows("[part=notice]", /was not delivered/);
  assert.equal(await widget.page.evaluate(() => window.widget.shadowRoot.querySelector("textarea").value), "Hello");
});

test("a picture that cannot be sent is told as one", async () => {
  const widget = await talking({}, "text");
  await widget.run((element, double) => void (double.refuses = { kind: "misuse", code: 44002, option: "images[0]" }));

  await widget.type("textarea", "Look");
  await widget.page.keyboard.press("Enter");

  await widget.shows("[part=notice]", /image can’t be sent/);
});

test("the field is as high as what is written in it, and low again when that is sent", async () => {
  const widget = await talking({}, "text");
  const height = () => widget.page.evaluate(() => window.widget.shadowRoot.querySelector("textarea").offsetHeight);
  const low = await height();

  await widget.type("textarea", "One");
  await widget.page.keyboard.down("Shift");
  for (let line = 0; line < 3; line += 1) await widget.page.keyboard.press("Enter");
  await widget.page.keyboard.up("Shift");
  assert.ok((await height()) > 2 * low, `${await height()} px, and ${low} px when it is empty`);
  await widget.page.keyboard.press("Enter");
  await untilEqual("it is low", low, height);
});

test("what is pasted with its words is pasted as words", async () => {
  const widget = await talking({}, "text");

  const seen = await widget.page.evaluate(() => {
    const area = window.widget.shadowRoot.querySelector("textarea");
    const files = [new File([new Uint8Array(10)], "table.png", { type: "image/png" })];
    const pasted = new Event("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(pasted, "clipboardData", { value: { files, types: ["text/plain", "text/html", "Files"] } });
    return { isLeft: area.dispatchEvent(pasted), pictures: window.widget.shadowRoot.querySelectorAll(".thumbs li").length };
  });

  assert.deepEqual(seen, { isLeft: true, pictures: 0 }, "the browser pastes it");
});

test("images come by pasting and dropping, and leave again", async () => {
  const widget = await talking({}, "text");
  const give = (kind) => widget.page.evaluate((event) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(10)], `${event}.png`, { type: "image/png", lastModified: 7 }));
    data.items.add(new File(["x"], "x.txt", { type: "text/plain" }));
    const target = window.widget.shadowRoot.querySelector("textarea");
    // Firefox takes no files into a paste that a script makes.
    const given = new Event(event, { bubbles: true, cancelable: true });
    Object.defineProperty(given, event === "paste" ? "clipboardData" : "dataTransfer", { value: data });
    target.dispatchEvent(given);
  }, kind);

  await give("paste");
  await give("drop");
  // Chosen twice it is there twice.
  await give("drop");
  await until("three pictures", () => widget.page.evaluate(() => window.widget.shadowRoot.querySelectorAll(".thumbs li").length === 3));
  await widget.click(".thumbs button");
  await widget.click("[data-name=send]");

  await until("it was sent", () => widget.run((element, double) => double.agent.sent[0]?.images === 2));
});
