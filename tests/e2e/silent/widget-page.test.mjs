// What a page and its server decide of the widget: where it is, who answers, how it begins, what it leaves. The agent is
// played by the test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, untilEqual } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";
import { openTalking, openWidget } from "../../harness/widget.mjs";

const here = stage({ browser: { isNetworkWatched: true } });

const open = (options) => openWidget(here.browser, here.gateway, options);
const talking = (attributes, mode) => openTalking(here.browser, here.gateway, attributes, mode);

test("moved, the conversation goes on; removed, it ends", async () => {
  const widget = await talking();

  await widget.page.evaluate(() => {
    const place = document.createElement("div");
    document.body.prepend(place);
    place.append(window.widget);
  });
  await widget.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.equal(await widget.run((element) => element.state), "listening");

  await widget.page.evaluate(() => window.widget.remove());
  await until("it has ended", () => widget.run((element, double) => double.agent.call === undefined && double.client.closed));
});

test("a page that may not keep so many pictures leaves the words to the next one", async () => {
  const widget = await talking({}, "text");
  await widget.run((element, double) => {
    double.item({ text: 'Say "images":["x"] or [x]' });
    const images = ["https://[::1]/a.png", ...Array(6).fill(`data:image/jpeg;base64,${"A".repeat(1_000_000)}`)];
    double.item({ role: "user", text: "Look", images });
    dispatchEvent(new Event("pagehide"));
  });

  const { mode, transcript } = await widget.page.evaluate(() => JSON.parse(sessionStorage.getItem("offhook-agent:assistant-demo")));
  const said = JSON.parse(transcript).map(({ text, images }) => [text, images.length]);
  assert.deepEqual([mode, said], ["text", [['Say "images":["x"] or [x]', 0], ["Look", 0]]]);
  await widget.page.evaluate(() => sessionStorage.clear());
});

test("what the server says of the widget is honoured; what the page says is stronger", async () => {
  const widget = await talking({ theme: "light" });
  await widget.page.evaluate(() => window.widget.style.setProperty("--offhook-radius", "3px"));

  await widget.run((element, double) => double.settings({
    theme: "dark", language: "de", agentThinkingText: "Moment …", audioVisualizer: { preset: "roundBars" },
    customStyles: { "--offhook-accent": "rgb(1, 2, 3)", ink: "nonsense", radius: "9px", "--offhook-surface": "url(https://elsewhere.example/x)" },
  }));
  await widget.run((element, double) => double.becomes("thinking"));

  await widget.shows("[part=status]", /Moment …/);
  // What applies a server's wishes is loaded when there are some.
  const looks = () => widget.page.evaluate(() => {
    const frame = window.widget.shadowRoot.querySelector("[part=frame]");
    const style = getComputedStyle(frame);
    const read = (name) => style.getPropertyValue(`--offhook-${name}`);
    const { dataset: { theme, visualizer }, lang } = frame;
    return JSON.stringify([theme, lang, visualizer, read("accent"), read("radius"), read("surface"), read("ink")]);
  });
  await untilEqual("the looks", JSON.stringify(["light", "en", "bars", "rgb(1, 2, 3)", "3px", "", ""]), looks);
});

test("the server's language is the widget's where neither the page nor the person has chosen one", async () => {
  const widget = await talking({ form: "pill" });
  await widget.page.evaluate(() => window.widget.removeAttribute("language"));
  const language = () => widget.page.evaluate(() => window.widget.shadowRoot.querySelector("[part=frame]").lang);

  await widget.run((element, double) => double.settings({ language: "fr" }));
  await untilEqual("the server's", "fr", language);
  await widget.page.evaluate(() => localStorage.setItem("offhook-language", "pl"));
  await widget.run((element, double) => double.settings({ language: "it" }));
  await untilEqual("the person's", "pl", language);
  await widget.page.evaluate(() => localStorage.clear());
});

test("who answers is whom the page names when it begins, under terms of their own", async () => {
  const attributes = { terms: "This is recorded.", "terms-version": "7" };
  const widget = await open({ attributes });
  await widget.run((element) => void element.start());
  await widget.click("[data-name=agree]");
  await until("somebody is called", () => widget.run((element, double) => double.starts.length === 1));
  await widget.run((element, double) => double.becomes("listening"));

  await widget.page.evaluate(() => void (window.widget.agentId = "another"));
  assert.equal(await widget.run((element) => element.state), "listening", "a conversation goes on");
  await widget.click("[data-name=end]");
  await widget.click("[data-name=again]");
  await widget.click("[data-name=agree]");
  const targets = () => widget.run((element, double) => double.connects.map(({ anonymous }) => anonymous.targetId).join());
  await untilEqual("the other one is called", "assistant-demo,another", targets);
});

test("a session that was made beforehand is given up when the page names another agent", async () => {
  const widget = await open();
  await widget.run((element) => element.open());
  await until("it is made", () => widget.run((element, double) => double.agent !== undefined));

  await widget.run((element, double) => {
    window.first = double.client;
    element.setAttribute("agent-id", "assistant-demo");
    window.isSame = !double.client.closed;
    element.setAttribute("agent-id", "another");
  });
  await widget.run((element) => element.start());

  const { isSame, isGone, target } = await widget.run((element, double) => ({
    isSame: window.isSame, isGone: window.first.closed, target: double.connects.at(-1).anonymous.targetId,
  }));
  assert.deepEqual({ isSame, isGone, target }, { isSame: true, isGone: true, target: "another" });
});

test("a session that is given up while it is being made takes no other one with it", async () => {
  const widget = await open();
  await widget.run((element, double) => {
    double.held = new Promise((resolve) => (window.letGo = resolve));
    void element.open();
  });
  const targets = () => widget.run((element, double) => {
    return double.connects.map(({ anonymous }) => anonymous.targetId).join();
  });
  await untilEqual("it is being made", "assistant-demo", targets);

  await widget.run((element) => {
    element.agentId = "another";
    void element.open();
  });
  await untilEqual("another one is being made", "assistant-demo,another", targets);
  await widget.run((element) => {
    window.letGo();
    return element.start();
  });

  assert.equal(await targets(), "assistant-demo,another");
});

test("a conversation that was ended before it began does not begin beside the next one", async () => {
  const widget = await open();
  await widget.run((element, double) => {
    double.permission = new Promise((resolve) => (window.answer = resolve));
    void element.start();
  });
  await until("it is about to begin", () => widget.run((element, double) => double.isAsked));

  await widget.run(async (element, double) => {
    double.permission = "granted";
    element.end();
    await element.start();
    window.answer("granted");
  });
  await widget.run((element, double) => double.becomes("listening"));

  await widget.shows(".phase", /Listening/);
  assert.equal(await widget.run((element, double) => double.starts.length), 1);
});

test("what starts with the page leaves the keyboard where it is, and what fails with it is told once", async () => {
  const widget = await open({ attributes: { "auto-start": "" } });
  await until("somebody is called", () => widget.run((element, double) => double.starts.length === 1));
  await widget.shows(".phase");
  assert.equal(await widget.focus(), null);

  await widget.page.reload();
  await widget.page.waitForFunction(() => customElements.get("offhook-agent") !== undefined);
  await widget.page.setRequestInterception(true);
  widget.page.on("request", (request) => (request.url().includes("panel.js") ? request.abort() : request.continue()));
  await widget.put({ "agent-id": "assistant-demo", "auto-start": "", form: "inline" });
  await until("it is told", async () => (await widget.heard("error")).length === 1);
  await widget.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.deepEqual(await widget.page.evaluate(() => watched.reported), []);
});

test("a server that wishes so has a conversation begin once the panel is open", async () => {
  const widget = await open();
  await widget.run((element) => element.open());
  await until("the session is made", () => widget.run((element, double) => double.agent !== undefined));

  await widget.run((element, double) => double.settings({ autoStart: true }));

  await until("somebody is called", () => widget.run((element, double) => double.starts.length === 1));
});

test("a page can keep a conversation from beginning", async () => {
  const widget = await open();
  await widget.page.evaluate(() => window.widget.addEventListener("offhook-start", (event) => event.preventDefault()));

  await widget.run((element) => element.start());
  await widget.run((element) => element.sendText("Hello").catch(() => {}));

  assert.equal(await widget.run((element, double) => double.starts.length), 0);
});
