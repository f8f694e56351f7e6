// The widget as a person meets it: what it shows in each state and what it does with the keyboard. The agent is played
// by the test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, untilEqual } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";
import { openWidget } from "../../harness/widget.mjs";

const here = stage();

const open = (options) => openWidget(here.browser, here.gateway, options);

/** A conversation that is up. */
async function talking(attributes, mode = "voice") {
  const widget = await open({ attributes });
  await widget.run((element, double, how) => element.start({ mode: how }), mode);
  await widget.run((element, double) => double.becomes("listening"));
  return widget;
}

test("closed, it asks for nothing but itself, and keeps nothing", async () => {
  const widget = await open({ attributes: { form: "pill" } });

  assert.equal(await widget.text(".label"), "Talk to us");
  const asked = await widget.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  assert.ok(!asked.some((path) => /panel|agent\.js|lang\/|wasm/.test(path)), asked.join());
  assert.equal(await widget.run((element, double) => double.connects.length), 0);
  assert.deepEqual(await widget.page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
});

test("each state is shown in words", async () => {
  const widget = await talking();

  for (const [state, words, callState] of [
    ["listening", "Listening"], ["thinking", "Thinking…"], ["speaking", "Speaking"], ["toolRunning", "Working on it…"],
    ["waiting", "On hold", "held"], ["waiting", "Reconnecting…", "reconnecting"],
  ]) {
    await widget.run((element, double, ...args) => double.becomes(...args), state, callState ?? "active");
    await untilEqual(`${state} is said`, words, () => widget.text("[part=status]"));
  }
  await widget.run((element, double) => double.ends({ by: "remote" }));
  await widget.shows(".why", /The assistant ended the conversation/);
  const states = (await widget.heard("state")).map(({ state }) => state);
  assert.deepEqual(states, [
    "connecting", "listening", "thinking", "speaking", "toolRunning", "waiting", "recovering", "ended",
  ]);
});

test("nobody is called and nothing kept before the terms are agreed to; another version asks again", async () => {
  const attributes = { terms: "This is recorded.", "terms-version": "2" };
  const widget = await open({ attributes });

  await widget.run((element) => void element.start());
  await widget.shows("[part=terms]", /This is recorded/);
  assert.equal(await widget.run((element, double) => double.connects.length), 0);
  assert.equal(await widget.page.evaluate(() => localStorage.length), 0);
  await widget.click("[data-name=agree]");
  await until("somebody is called", () => widget.run((element, double) => double.starts.length === 1));
  const [consent] = await widget.heard("consent");
  assert.equal(consent.version, "2");

  await widget.page.evaluate(() => window.widget.remove());
  await widget.put({ "agent-id": "assistant-demo", language: "en", ...attributes, "terms-version": "3" });
  await widget.run((element) => void element.start());
  await widget.shows("[part=terms]", /This is recorded/);
});

test("who does not agree is left alone", async () => {
  const widget = await open({ attributes: { terms: "This is recorded." } });

  await widget.run((element) => void element.start());
  await widget.click("[data-name=decline]");

  await widget.shows(".headline", /How can we help/);
  assert.equal(await widget.run((element, double) => double.connects.length), 0);
});

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
  await widget.run((element, double) => void (double.refuses = true));

  await widget.type("textarea", "Hello");
  await widget.page.keyboard.press("Enter");

  await widget.shows("[part=notice]", /was not delivered/);
  assert.equal(await widget.page.evaluate(() => window.widget.shadowRoot.querySelector("textarea").value), "Hello");
});

test("images come by pasting and dropping, and leave again", async () => {
  const widget = await talking({}, "text");
  const give = (kind) => widget.page.evaluate((event) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(10)], `${event}.png`, { type: "image/png" }));
    data.items.add(new File(["x"], "x.txt", { type: "text/plain" }));
    const target = window.widget.shadowRoot.querySelector("textarea");
    // Firefox takes no files into a paste that a script makes.
    const given = new Event(event, { bubbles: true, cancelable: true });
    Object.defineProperty(given, event === "paste" ? "clipboardData" : "dataTransfer", { value: data });
    target.dispatchEvent(given);
  }, kind);

  await give("paste");
  await give("drop");
  await until("two pictures", () => widget.page.evaluate(() => window.widget.shadowRoot.querySelectorAll(".thumbs li").length === 2));
  await widget.click(".thumbs button");
  await widget.click("[data-name=send]");

  await until("it was sent", () => widget.run((element, double) => double.agent.sent[0]?.images === 1));
});

test("a tool asks the person, and what they say decides", async () => {
  const widget = await talking();
  await widget.run((element, double) => {
    element.registerTool({ name: "buy", approval: true, handler: () => "bought" });
    const { approval } = double.agent.tools.get("buy");
    window.verdicts = [];
    const ask = (signal) => approval({ price: 3 }, { name: "buy", signal }).then((isAllowed) => window.verdicts.push(isAllowed));
    window.given = new AbortController();
    ask(new AbortController().signal);
    ask(window.given.signal);
  });

  await widget.shows("[part=approval]", /buy.*"price": 3/s);
  assert.equal(await widget.run((element) => element.state), "toolRunning");
  await widget.click("[data-name=allow]");
  await until("it is allowed", () => widget.page.evaluate(() => window.verdicts.length === 1));
  await widget.page.evaluate(() => window.given.abort());
  await widget.lacks("[part=approval]");
  assert.deepEqual(await widget.page.evaluate(() => window.verdicts), [true, false]);
});

test("a failure says what to do, and names itself", async () => {
  const widget = await open({ before: () => {} });
  await widget.run((element, double) => void (double.connectFails = { kind: "lost", code: 45001 }));

  await widget.run((element) => element.start());
  await widget.shows("[part=error]", /No connection.*Check your internet connection/s);
  await widget.shows("[data-name=reference]", /45001/);

  await widget.run((element, double) => void (double.connectFails = undefined));
  await widget.click("[data-name=retry]");
  await until("somebody is called", () => widget.run((element, double) => double.starts.length === 1));
});

test("a microphone that cannot be had is mended, or done without", async () => {
  const widget = await talking();
  await widget.run((element, double) => {
    double.client.tell("microphoneNeeded", {
      call: double.agent.call, error: Object.assign(new Error("no"), { kind: "media", media: "permissionBlocked", code: 42001 }),
      deadline: new Date(), resume: () => void (window.resumed = true), giveUp: () => double.ends({ by: "local" }),
    });
  });

  await widget.shows("[part=error]", /can’t be used here/);
  await widget.click("[data-name=retry]");
  assert.equal(await widget.page.evaluate(() => window.resumed), true);
  await widget.shows(".phase", /Listening/);

  await widget.run((element, double) => {
    double.client.tell("microphoneNeeded", {
      call: double.agent.call, error: Object.assign(new Error("no"), { kind: "media", media: "deviceNotFound", code: 42001 }),
      deadline: new Date(), resume: () => {}, giveUp: () => double.ends({ by: "local" }),
    });
  });
  await widget.click("[data-name=write]");
  await until("it goes on in writing", () => widget.run((element, double) => double.starts.at(-1).audio === false));
});

test("what a person thinks of it goes to the page", async () => {
  const widget = await talking();
  await widget.run((element, double) => double.ends({ by: "local" }));

  await widget.shows(".stars");
  await widget.page.evaluate(() => window.widget.shadowRoot.querySelectorAll(".star input")[3].click());
  await widget.type(".feedback textarea", "Quick");
  await widget.click("[data-name=feedback]");

  await widget.shows(".thanks", /Thank you/);
  const [feedback] = await widget.heard("feedback");
  assert.deepEqual([feedback.rating, feedback.text], [4, "Quick"]);
});

test("the keyboard goes in with it, out with Escape, and is never lost", async () => {
  const widget = await open();

  await widget.page.evaluate(() => window.widget.shadowRoot.querySelector("button").focus());
  await widget.page.keyboard.press("Enter");
  await untilEqual("the focus is on the start", "start", () => widget.focus());
  await widget.page.keyboard.press("Enter");
  await untilEqual("the focus stays in the panel", "panel", () => widget.focus());
  await widget.page.keyboard.press("Escape");
  await untilEqual("the focus is where it was", "launcher", () => widget.focus());
  assert.equal(await widget.run((element) => element.opened), false);
});

test("on a telephone it fills the screen, and the keyboard stays in it", async () => {
  const widget = await open();
  await widget.page.setViewport({ width: 360, height: 700 });

  await widget.run((element) => element.open());
  await untilEqual("it fills the screen", "0 0 360 700", () => widget.page.evaluate(() => {
    const { x, y, width, height } = window.widget.shadowRoot.querySelector("[part=panel]").getBoundingClientRect();
    return [x, y, width, height].join(" ");
  }));
  for (let stop = 0; stop < 12; stop += 1) {
    await widget.page.keyboard.press("Tab");
    assert.notEqual(await widget.focus(), null, `stop ${stop}`);
  }
});

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

test("what the server says of the widget is honoured; what the page says is stronger", async () => {
  const widget = await talking({ theme: "light" });
  await widget.page.evaluate(() => window.widget.style.setProperty("--offhook-radius", "3px"));

  await widget.run((element, double) => double.settings({
    theme: "dark", language: "de", agentThinkingText: "Moment …", audioVisualizer: { preset: "roundBars" },
    customStyles: { "--offhook-accent": "rgb(1, 2, 3)", radius: "9px", "--offhook-surface": "url(https://elsewhere.example/x)" },
  }));
  await widget.run((element, double) => double.becomes("thinking"));

  await widget.shows("[part=status]", /Moment …/);
  const looks = await widget.page.evaluate(() => {
    const frame = window.widget.shadowRoot.querySelector("[part=frame]");
    const style = getComputedStyle(frame);
    const read = (name) => style.getPropertyValue(`--offhook-${name}`);
    return [frame.dataset.theme, frame.lang, frame.dataset.visualizer, read("accent"), read("radius"), read("surface")];
  });
  assert.deepEqual(looks, ["light", "en", "bars", "rgb(1, 2, 3)", "3px", ""]);
});

test("a page can keep a conversation from beginning", async () => {
  const widget = await open();
  await widget.page.evaluate(() => window.widget.addEventListener("offhook-start", (event) => event.preventDefault()));

  await widget.run((element) => element.start());

  assert.equal(await widget.run((element, double) => double.starts.length), 0);
});

test("the settings change devices, volume and language, and the person's language is kept", async () => {
  const widget = await talking();
  await widget.click("[data-name=settings]");
  await widget.shows("[data-name=microphone]", /Headset/);
  const choose = (name, value) => widget.page.evaluate((css, wanted) => {
    const field = window.widget.shadowRoot.querySelector(css);
    field.value = wanted;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }, `[data-name=${name}]`, value);

  await choose("microphone", "b");
  await choose("speaker", "c");
  await choose("volume", "0.25");
  await until("the devices are chosen", () => widget.run((element, { client: { devices, volume } }) => {
    return devices.microphoneId === "b" && devices.speakerId === "c" && volume === 0.25;
  }));
  await choose("language", "de");
  await widget.shows("[part=heading]", /Einstellungen/);
  assert.equal(await widget.page.evaluate(() => localStorage.getItem("offhook-language")), "de");
  await widget.page.keyboard.press("Escape");
  await widget.shows("[part=status]", /Hört zu/);

  await widget.page.evaluate(() => window.widget.remove());
  await widget.put({ "agent-id": "assistant-demo", form: "pill" });
  await widget.page.evaluate(() => window.widget.removeAttribute("language"));
  await untilEqual("the kept language", "Sprechen Sie mit uns", () => widget.text(".label"));
});

test("the test tone sounds through the chosen loudspeaker, as loud as the conversation", async () => {
  const widget = await talking();
  await widget.page.evaluate(() => {
    window.played = [];
    HTMLMediaElement.prototype.play = async function () {
      window.played.push({ volume: this.volume, isLive: this.srcObject.getAudioTracks()[0].readyState === "live" });
    };
    HTMLMediaElement.prototype.setSinkId = async function (id) {
      window.played.push({ id });
    };
  });
  await widget.run((element, double) => {
    double.client.devices.speakerId = "c";
  });

  await widget.click("[data-name=settings]");
  await widget.click("[data-name=test]");

  await until("it was played", () => widget.page.evaluate(() => window.played.length === 2));
  assert.deepEqual(await widget.page.evaluate(() => window.played), [{ id: "c" }, { volume: 1, isLive: true }]);
});

test("the transcript can be saved", async () => {
  const widget = await talking();
  await widget.run((element, double) => {
    double.item({ text: "Hello" });
    double.ends({ by: "local" });
  });
  await widget.page.evaluate(() => {
    window.saved = new Promise((resolve) => {
      HTMLAnchorElement.prototype.click = async function () {
        resolve({ name: this.download, text: await (await fetch(this.href)).text() });
      };
    });
  });

  await widget.click("[data-name=download]");

  const { name, text } = await widget.page.evaluate(() => window.saved);
  assert.match(name, /^conversation-[\d-]+\.txt$/);
  assert.equal(text, "assistant: Hello");
});
