// The widget as a person meets it: what it shows in each state and what it does with the keyboard. The agent is played
// by the test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, untilEqual } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";
import { openTalking, openWidget } from "../../harness/widget.mjs";

const here = stage({ browser: { isNetworkWatched: true } });

const open = (options) => openWidget(here.browser, here.gateway, options);
const talking = (attributes, mode) => openTalking(here.browser, here.gateway, attributes, mode);

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

test("what is written calls nobody, either, before the terms are agreed to", async () => {
  const widget = await open({ attributes: { terms: "This is recorded.", "terms-version": "8" } });
  const starts = () => widget.run((element, double) => double.starts.length);

  await widget.run((element) => {
    window.said = element.sendText("Hello").catch(({ kind, code }) => ({ kind, code }));
    return element.open();
  });
  await widget.click("[data-name=decline]");
  assert.deepEqual(await widget.page.evaluate(() => window.said), { kind: "misuse", code: 60072 });
  assert.equal(await starts(), 0);

  await widget.type("textarea", "Hello");
  await widget.page.keyboard.press("Enter");
  await widget.click("[data-name=decline]");
  await untilEqual("what was written is still there", "Hello", () => widget.page.evaluate(() => {
    return window.widget.shadowRoot.querySelector("textarea")?.value;
  }));
  assert.equal(await starts(), 0);

  await widget.click("[data-name=send]");
  await widget.click("[data-name=agree]");
  await until("somebody is called", async () => (await starts()) === 1);
  await widget.run((element, double) => double.becomes("listening"));
  await widget.shows(".log", /Hello/);
});

test("what is written ends with what would have taken it", async () => {
  const widget = await open();

  const [context, text] = await widget.run(async (element) => {
    const because = ({ kind, code }) => ({ kind, code });
    const told = await element.sendContext("The person looks at lamps").catch(because);
    const said = element.sendText("Hello").catch(because);
    await new Promise((resolve) => element.addEventListener("offhook-state", resolve, { once: true }));
    element.remove();
    return [told, await said];
  });

  assert.deepEqual([context, text], [{ kind: "misuse", code: 60072 }, { kind: "misuse", code: 60072 }]);
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
  assert.equal(await widget.text("[role=status]"), "The assistant wants to use “buy”.", "and is announced");
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

test("that the network is gone is told without it", async () => {
  const widget = await talking();
  await widget.run((element, double) => double.item({ text: "Hello" }));
  await until("what tells it is asked for", () => widget.page.evaluate(() => {
    return performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/trouble.js"));
  }));
  // An import ends when all has come that a file stands on.
  await widget.page.evaluate(() => {
    return Promise.all(["trouble", "ground", "lang/later/en"].map((name) => import(`/js/widget/${name}.js`)));
  });
  await widget.page.setRequestInterception(true);
  widget.page.on("request", (request) => request.abort());

  await widget.run((element, double) => double.fails({ kind: "lost", code: 45001 }, false));

  await widget.shows("[part=error]", /No connection/);
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

test("a page that allows only one mode gets only that", async () => {
  const spoken = await talking({ mode: "voice" }, "text");
  assert.equal(await spoken.run((element, double) => double.starts[0].audio), true);
  await spoken.run((element, double) => double.client.tell("microphoneNeeded", {
    call: double.agent.call, error: Object.assign(new Error("no"), { kind: "media", media: "deviceNotFound", code: 42001 }),
    deadline: new Date(), resume: () => {}, giveUp: () => {},
  }));
  await spoken.shows("[part=error]", /No microphone found/);
  await spoken.lacks("[data-name=write]");

  const written = await talking({ mode: "text" }, "voice");
  assert.equal(await written.run((element, double) => double.starts.at(-1).audio), false);
  await written.shows("textarea");
});

test("who begins in writing has the keyboard where it is written", async () => {
  const widget = await open();

  await widget.run((element) => element.start({ mode: "text" }));
  await widget.run((element, double) => double.becomes("listening"));

  await untilEqual("the focus is on the message", "message", () => widget.focus());
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

  const isModal = () => widget.page.evaluate(() => window.widget.shadowRoot.querySelector("[part=panel]").ariaModal);
  await untilEqual("nothing else can be used", "true", isModal);
  await widget.page.setViewport({ width: 800, height: 700 });
  await untilEqual("the page beside it can be used", null, isModal);
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

test("a language that is chosen while words of another are loaded is the one that is spoken", async () => {
  const widget = await talking();
  let held;
  await widget.page.setRequestInterception(true);
  widget.page.on("request", (request) => {
    if (request.url().endsWith("/lang/later/en.js")) held = request;
    else void request.continue();
  });

  await widget.run((element, double) => double.ends({ by: "local" }));
  await until("English is on its way", () => held !== undefined);
  await widget.run((element) => void element.setAttribute("language", "de"));
  await widget.shows("[part=status]", /Gespräch beendet/);
  await held.continue();

  await widget.shows(".why", /Sie haben/);
  await widget.page.close();
});

/** Opens a widget, and holds its panel back; what lets it come. */
async function opening() {
  const widget = await open();
  let held;
  await widget.page.setRequestInterception(true);
  widget.page.on("request", (request) => {
    if (request.url().endsWith("/panel.js")) held = request;
    else void request.continue();
  });
  await widget.run((element) => void (window.opening = element.start().then(() => "begun", ({ name }) => name)));
  await until("the panel is on its way", () => held !== undefined);
  return { widget, letCome: () => held.continue() };
}

test("a language that is chosen while the panel is loaded is the one that is spoken", async () => {
  const { widget, letCome } = await opening();

  await widget.run((element) => void element.setAttribute("language", "de"));
  await letCome();

  await widget.shows("[part=status]", /Verbindung/);
  await widget.page.close();
});

test("a panel that is closed while it is loaded does not open when it comes", async () => {
  const { widget, letCome } = await opening();
  await widget.run((element) => element.close());

  await letCome();

  assert.equal(await widget.page.evaluate(() => window.opening), "begun");
  const { isOpen, isSeen } = await widget.run((element) => ({
    isOpen: element.opened, isSeen: element.shadowRoot.querySelector("[part=panel]").checkVisibility(),
  }));
  assert.deepEqual({ isOpen, isSeen }, { isOpen: false, isSeen: false });
  await widget.page.close();
});

test("who removes it while the panel is loaded calls nobody, and who puts it back has one", async () => {
  const { widget, letCome } = await opening();
  await widget.run(async (element) => {
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    document.body.append(element);
    window.again = element.open();
  });

  await letCome();

  assert.equal(await widget.page.evaluate(() => window.opening), "AbortError");
  await widget.page.evaluate(() => window.again);
  const { panels, starts } = await widget.run((element, double) => ({
    panels: element.shadowRoot.querySelectorAll("[part=panel]").length, starts: double.starts.length,
  }));
  assert.deepEqual({ panels, starts }, { panels: 1, starts: 0 });
  assert.equal(await widget.run((element) => element.opened), true);
  await widget.page.close();
});

test("a language that cannot be loaded is told to the page, and the one before goes on", async () => {
  const widget = await talking();
  await widget.page.setRequestInterception(true);
  widget.page.on("request", (request) => (request.url().endsWith("/lang/de.js") ? request.abort() : request.continue()));

  await widget.run((element) => void element.setAttribute("language", "de"));

  await until("the page hears of it", async () => (await widget.heard("error")).length === 1);
  assert.deepEqual(await widget.page.evaluate(() => watched.reported), []);
  assert.equal(await widget.text(".phase"), "Listening");
  await widget.page.close();
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
    double.item({ text: "Hello, how can I help?", status: "interrupted", unheardFrom: 5 });
    double.item({ role: "user", text: "", images: ["data:,"] });
    double.item({ role: "user", text: "What is this?" });
    double.ends({ by: "local" });
  });
  await widget.run((element) => void element.setAttribute("language", "de"));
  await widget.shows(".why", /beendet/);
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
  assert.equal(text, "09:41 Assistent: Hello\n09:41 Sie: [Bild]\n09:41 Sie: What is this?");
});
