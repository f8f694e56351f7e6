// The widget as it is shipped, in conversation with the gateway's own agent: spoken, written, interrupted, reloaded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { standsAlone } from "../harness/alone.mjs";
import { testOnce } from "../harness/once.mjs";
import { nothingIsLeft, openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { openWidget } from "../harness/widget.mjs";

const here = stage({ gateway: { detachTime: 20 }, browser: { isNetworkWatched: true } });

const onceTest = testOnce("what a hash is worth is the browser's own affair");

/** The smallest picture there is: one pixel. */
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Runs in the page: a mouth that says a tone while it is told to, in place of the microphone. */
function giveMouth() {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    if (!blockedURI.endsWith("favicon.ico")) window.refused.push(`${violatedDirective} ${blockedURI}`);
  });
  watched.microphone = async () => {
    const context = new AudioContext();
    context.resume();
    const oscillator = new OscillatorNode(context, { frequency: 300 });
    const gain = new GainNode(context, { gain: 0 });
    const out = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(gain).connect(out);
    oscillator.start();
    window.say = (isLoud) => void (gain.gain.value = isLoud ? 0.5 : 0);
    window.shut = () => context.close();
    return out.stream;
  };
}

/** A widget in the page as it is shipped, whose agent is the gateway's. */
async function open(attributes = {}) {
  return openWidget(here.browser, here.gateway, {
    path: "widget-real.html", attributes: { url: here.gateway.telnyx, dialect: "telnyx", ...attributes }, before: giveMouth,
  });
}

/** Loads the page again, which has the same widget in it. */
async function loadAgain(widget) {
  const { page } = widget;
  await page.reload({ waitUntil: "load" });
  await page.waitForFunction(() => customElements.get("offhook-agent") !== undefined);
  await page.evaluate(giveMouth);
  await widget.put({ "agent-id": "assistant-demo", language: "en", url: here.gateway.telnyx, dialect: "telnyx" });
}

const SPOKEN = { within: 40_000 };

/** What was said so far, as "role: text". */
const said = (widget) => widget.run((element) => element.transcript.map(({ role, text }) => `${role}: ${text}`).join("\n"));

async function close(widget) {
  await widget.page.evaluate(() => {
    window.widget.remove();
    window.shut?.();
  });
  await nothingIsLeft(widget.page);
  assert.deepEqual(await widget.page.evaluate(() => [watched.reported, window.refused]), [[], []]);
  await widget.page.close();
}

test("a spoken conversation: greeted, interrupted, answered", async () => {
  const widget = await open();
  await widget.run(async (element) => {
    await element.open();
    // It moves while somebody speaks, and rests after.
    window.loudest = 0;
    const note = ([{ target: { style } }]) => {
      window.loudest = Math.max(window.loudest, Number(style.getPropertyValue("--heard")));
    };
    new MutationObserver(note).observe(element.shadowRoot.querySelector(".orb"), { attributeFilter: ["style"] });
    // Only who is quick interrupts.
    const interrupt = new AbortController();
    element.addEventListener("offhook-transcript", ({ detail: { item } }) => {
      if (!/I am/.test(item.text)) return;
      interrupt.abort();
      window.say(true);
    }, { signal: interrupt.signal });
  });
  await widget.click("[data-name=start]");

  await widget.shows(".assistant[data-status=interrupted]", /Hello/, SPOKEN);
  await until("the agent listens", () => widget.run((element) => element.state === "listening"), SPOKEN);
  await widget.page.evaluate(() => window.say(false));
  await widget.shows(".user", /can you hear me/, SPOKEN);
  await widget.passes("speaking", { count: 2, ...SPOKEN });

  await until("the orb has moved", () => widget.page.evaluate(() => window.loudest > 0), SPOKEN);
  await widget.click("[data-name=end]");
  await widget.shows(".why", /You ended/);
  const [{ reason, seconds }] = await widget.heard("end");
  assert.equal(reason.by, "local");
  assert.ok(seconds > 0);
  await close(widget);
});

test("a conversation in writing: a text, a picture, a tool, without a microphone", async () => {
  const widget = await open();
  await widget.run((element) => {
    element.registerTool({ name: "current_page", approval: true, handler: () => document.title });
    return element.open();
  });

  await widget.type("textarea", "What page am I on?");
  await widget.click("[data-name=send]");
  await widget.click("[data-name=allow]");
  await widget.shows(".log", /A page with an agent/, SPOKEN);
  await widget.shows("[part=tool]", /current_page.*done/);

  await widget.page.evaluate((base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], "dot.png", { type: "image/png" }));
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "dataTransfer", { value: data });
    window.widget.shadowRoot.querySelector("textarea").dispatchEvent(event);
  }, PICTURE);
  await widget.click("[data-name=send]");
  await widget.shows(".log", /image of/i, SPOKEN);
  assert.equal(await widget.page.evaluate(() => watched.requests), 0);
  assert.match(await said(widget), /user: What page am I on\?/);
  await close(widget);
});

test("the page is loaded again, and the conversation goes on with all that was said", async () => {
  const widget = await open();
  await widget.run((element) => element.start());
  await widget.passes("speaking", SPOKEN);
  await widget.reaches("listening", SPOKEN);
  const before = await said(widget);
  assert.match(before, /assistant: /);

  await loadAgain(widget);
  await widget.reaches("listening", SPOKEN);
  assert.equal(await widget.run((element) => element.opened), true);
  assert.ok((await said(widget)).startsWith(before), await said(widget));

  await widget.run((element) => element.sendText("bye"));
  await widget.shows(".why", /The assistant ended/, SPOKEN);
  await close(widget);
});

test("a conversation in writing goes on after a reload, and opens no microphone", async () => {
  const widget = await open();
  await widget.run((element) => element.start({ mode: "text" }));
  await widget.run((element) => element.sendText("What do you know?"));
  await widget.shows(".user", /What do you know/, SPOKEN);

  await loadAgain(widget);
  await until("the conversation is back", () => widget.run((element) => element.call?.state === "active"), SPOKEN);
  await widget.run((element) => element.sendText("account"));

  await widget.shows(".log", /What do you know.*Your account is/s, SPOKEN);
  assert.equal(await widget.page.evaluate(() => watched.requests), 0);
  await close(widget);
});

test("a microphone that a conversation in writing was given is there after a reload, as muted as it was", async () => {
  const widget = await open();
  await widget.run((element) => element.start({ mode: "text" }));
  await widget.reaches("listening", SPOKEN);
  await widget.click("[data-name=switch]");
  await until("the microphone is open", () => widget.page.evaluate(() => "say" in window), SPOKEN);
  await widget.page.evaluate(() => window.say(true));
  await widget.shows(".user", /Hello/, SPOKEN);
  await widget.page.evaluate(() => window.say(false));
  await widget.shows(".user", /can you hear me/, SPOKEN);
  await widget.click("[data-name=mute]");

  await loadAgain(widget);
  await until("it is open again", () => widget.page.evaluate(() => "say" in window), SPOKEN);
  assert.equal(await widget.run((element) => element.muted), true);
  await widget.click("[data-name=mute]");
  await widget.page.evaluate(() => window.say(true));
  await until("it is heard", async () => /user: What else/.test(await said(widget)), SPOKEN);
  await close(widget);
});

test("behind FreeSWITCH the agent has a number, and the page's credentials are a property", async () => {
  const attributes = { url: here.gateway.freeswitch, dialect: "freeswitch", number: "3000" };
  const widget = await open(attributes);
  await widget.run((element) => {
    element.removeAttribute("agent-id");
    element.credentials = { login: "1000", password: "1234" };
    return element.start({ mode: "text" });
  });

  await widget.run((element) => element.sendText("What do you know?"));
  await widget.shows(".log", /What do you know/, SPOKEN);
  assert.doesNotMatch(await widget.page.evaluate(() => window.widget.outerHTML), standsAlone("1234"));
  await close(widget);
});

test("who is muted and speaks is told", async () => {
  const widget = await open();
  await widget.run((element) => element.start());
  await widget.passes("speaking", SPOKEN);
  await widget.click("[data-name=mute]");

  await until("the microphone is open", () => widget.page.evaluate(() => "say" in window), SPOKEN);
  await widget.page.evaluate(() => window.say(true));
  await widget.shows("[part=notice]", /You are speaking, but you are muted/, SPOKEN);
  await widget.click("[data-name=mute]");
  await widget.lacks("[part=notice]");

  await widget.run((element) => element.mute());
  await widget.shows("[part=notice]", /You are speaking, but you are muted/, SPOKEN);
  await widget.click("[data-name=switch]");
  await widget.lacks("[part=notice]");
  await close(widget);
});

/** Whether the widget opens, defined by this entry, while its panel comes with something foreign in it; and whether that ran. */
async function openWithForeign(entry) {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  await page.setRequestInterception(true);
  page.on("request", async (request) => {
    if (!request.url().endsWith("/widget/panel.js")) return request.continue();
    const body = `${await (await fetch(request.url())).text()}\nwindow.isForeign = true;`;
    return request.respond({ contentType: "text/javascript", headers: { "access-control-allow-origin": "*" }, body });
  });
  return page.evaluate(async (path) => {
    await import(path);
    const element = document.createElement("offhook-agent");
    element.agentId = "assistant-demo";
    document.body.append(element);
    const isOpen = await element.open().then(() => true, () => false);
    return { isOpen, hasRun: "isForeign" in window };
  }, entry);
}

onceTest("a file that is not the one that the loader was built with is not run", async () => {
  assert.deepEqual(await openWithForeign("/pkg/embed.js"), { isOpen: false, hasRun: false });
  // What a bundler makes of the entry is nobody's to know beforehand.
  assert.deepEqual(await openWithForeign("/pkg/widget.js"), { isOpen: true, hasRun: true });
});

test("a session that was lost before anybody talked is waited for", async () => {
  const widget = await open();
  await widget.run((element) => element.open());
  await until("it is there", () => widget.run((element) => element.client?.ready), SPOKEN);

  await widget.run(async (element) => {
    watched.sockets.at(-1).close();
    while (element.client.ready) await new Promise((resolve) => element.client.on("reconnecting", resolve, { once: true }));
    await element.start({ mode: "text" });
  });

  await widget.passes("speaking", SPOKEN);
  assert.deepEqual(await widget.heard("error"), []);
  await close(widget);
});

test("a gateway that is not there is told, and found again", async () => {
  const widget = await open({ url: "ws://127.0.0.1:9/" });
  await widget.run((element) => element.start());
  await widget.shows("[part=error]", /No connection/, { within: 40_000 });

  await widget.run((element, double, url) => element.setAttribute("url", url), here.gateway.telnyx);
  await widget.click("[data-name=retry]");
  await widget.passes("speaking", SPOKEN);
  await close(widget);
});
