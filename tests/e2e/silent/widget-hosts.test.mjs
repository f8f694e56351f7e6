// The widget in pages that make it hard for what they embed. The agent is played by the test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSER } from "../../harness/browser.mjs";
import { openPage } from "../../harness/phone.mjs";
import { until, untilEqual } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";
import { Widget, openWidget } from "../../harness/widget.mjs";

const here = stage({ browser: { isNetworkWatched: true } });

const open = (options) => openWidget(here.browser, here.gateway, options);

/** Lives through a conversation, in every view that a person may see. */
async function lives(widget) {
  await widget.run((element) => element.start());
  await widget.run((element, double) => {
    double.becomes("speaking");
    double.levels(0.1, 0.2);
    double.item({ text: "Hello, **you**:\n\n- one\n- two\n\n`code`" });
    double.item({ role: "user", text: "Hello" });
    element.registerTool({ name: "look", approval: true, handler() {} });
    double.agent.tools.get("look").approval({}, { name: "look", signal: new AbortController().signal });
  });
  await widget.shows(".log", /Hello, you/);
  await widget.click("[data-name=allow]");
  await widget.click("[data-name=mute]");
  await widget.click("[data-name=settings]");
  await widget.shows(".settings", /Volume/);
  await widget.click("[data-name=settings]");
  await widget.click("[data-name=end]");
  await widget.shows(".why", /You ended/);
}

const complaints = (widget) => widget.page.evaluate(() => watched.reported);

test("a page that unsets everything changes nothing of it", async () => {
  const look = (widget) => widget.page.evaluate(() => {
    const root = window.widget.shadowRoot;
    return ["[part=panel]", "[part=heading]", "[data-name=mute]", "textarea", "[part=frame]"].map((css) => {
      const { font, color, backgroundColor, borderRadius, display, padding, position, textAlign, width, height } = getComputedStyle(root.querySelector(css));
      return { css, font, color, backgroundColor, borderRadius, display, padding, position, textAlign, width, height };
    });
  });
  const seen = [];
  for (const rules of ["", "* { all: unset } body { font: italic 40px/3 serif; color: red; text-align: right; letter-spacing: 9px; }"]) {
    const widget = await open();
    await widget.page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets = [sheet];
    }, rules);
    await widget.run((element) => element.start());
    await widget.run((element, double) => double.becomes("listening"));
    await widget.shows(".phase", /Listening/);
    seen.push(await look(widget));
  }

  assert.deepEqual(seen[1], seen[0]);
});

test("it adds no rule, no global and no node to the page", async () => {
  const widget = await open();
  const before = await widget.page.evaluate(() => Reflect.ownKeys(globalThis).map(String));

  await lives(widget);

  const { added, sheets, nodes } = await widget.page.evaluate((known) => ({
    added: Reflect.ownKeys(globalThis).map(String).filter((name) => !known.includes(name)),
    sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    nodes: document.head.querySelectorAll("style, link").length,
  }), before);
  assert.deepEqual({ added, sheets, nodes }, { added: [], sheets: 0, nodes: 0 });
});

test("frozen prototypes stop nothing", async () => {
  const widget = await open({
    before: () => {
      for (const owner of [
        Object, Array, Function, String, Number, Boolean, Symbol, RegExp, Date, Promise, Map, Set, WeakMap, Error, TypeError,
        EventTarget, Node, Element, HTMLElement, HTMLDivElement, HTMLButtonElement, ShadowRoot, Event, CustomEvent,
      ]) {
        Object.freeze(owner);
        Object.freeze(owner.prototype);
      }
    },
  });

  await lives(widget);

  assert.deepEqual(await complaints(widget), []);
});

test("a strict policy and Trusted Types find nothing to refuse", async () => {
  const widget = await open({
    path: "widget-strict.html",
    before: () => {
      window.refused = [];
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        // The browser itself looks for the page's icon.
        if (!blockedURI.endsWith("favicon.ico")) window.refused.push(`${violatedDirective} ${blockedURI}`);
      });
    },
  });

  await lives(widget);

  assert.deepEqual(await widget.page.evaluate(() => window.refused), []);
  assert.deepEqual(await complaints(widget), []);
});

test("two widgets do not mix", async () => {
  const widget = await open();
  const first = await widget.run((element) => void (window.first = element) ?? element.getAttribute("agent-id"));
  await widget.put({ "agent-id": "another", language: "de", anchor: "top-left" });

  await widget.run((element) => element.start());
  await widget.run((element, double) => double.becomes("listening"));

  await widget.shows("[part=status]", /Hört zu/);
  const other = await widget.page.evaluate(() => ({ state: window.first.state, isOpen: window.first.opened }));
  assert.deepEqual({ first, other }, { first: "assistant-demo", other: { state: "idle", isOpen: false } });
  assert.equal(await widget.run((element, double) => double.connects.at(-1).anonymous.targetId), "another");
});

test("a single-page application that draws itself anew loses no conversation that it keeps", async () => {
  const widget = await open();
  await widget.run((element) => element.start());
  await widget.run((element, double) => double.becomes("listening"));

  await widget.page.evaluate(() => {
    history.pushState({}, "", "#elsewhere");
    const next = document.createElement("body");
    next.append(window.widget);
    document.body.replaceWith(next);
  });
  await widget.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.equal(await widget.run((element) => element.state), "listening");
  await widget.click("[data-name=mute]");

  await widget.page.evaluate(() => document.body.replaceChildren());
  await until("it has ended", () => widget.run((element, double) => double.client.closed));
  assert.deepEqual(await complaints(widget), []);
});

test("in a frame without the microphone it says so, and goes on in writing", async () => {
  const outer = await open();
  await outer.page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.allow = "microphone 'none'";
    frame.src = "/widget.html";
    document.body.append(frame);
  });
  const frame = await until("the frame", () => outer.page.frames().find((one) => one !== outer.page.mainFrame() && one.url().endsWith("widget.html")));
  await frame.waitForFunction(() => customElements.get("offhook-agent") !== undefined);
  await frame.evaluate(async () => {
    const { double } = await import("/agent-double.js");
    const element = document.createElement("offhook-agent");
    element.agentId = "assistant-demo";
    element.language = "en";
    document.body.append(element);
    window.widget = element;
    await element.start({ mode: "text" });
    double.becomes("listening");
  });
  const widget = new Widget(frame);
  await widget.shows("[data-name=switch]");
  await frame.evaluate(() => window.widget.shadowRoot.querySelector("[data-name=switch]").click());
  await widget.shows("[part=notice]", BROWSER === "chromium" ? /microphone/ : /microphone|went wrong/);
  assert.equal(await frame.evaluate(() => window.widget.state), "listening");
  await widget.shows("textarea");
});

test("what was set before it was defined is taken up", async () => {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  await page.evaluate(async () => {
    const element = document.createElement("offhook-agent");
    element.agentId = "early";
    element.texts = { talk: "Ask me" };
    element.form = "pill";
    element.language = "en";
    document.body.append(element);
    window.widget = element;
    await import("/js/widget.js");
  });

  const widget = new Widget(page);
  await untilEqual("the words", "Ask me", () => widget.text(".label"));
  assert.equal(await page.evaluate(() => window.widget.getAttribute("agent-id")), "early");
});

test("a file that cannot be loaded leaves a widget that tries again", async () => {
  const widget = await open();
  await widget.page.setRequestInterception(true);
  let isAway = true;
  widget.page.on("request", (request) => (isAway && request.url().includes("panel.js") ? request.abort() : request.continue()));

  await widget.run((element) => element.open().catch(() => {}));
  const [failure] = await widget.heard("error");
  assert.ok(failure, "nothing was told");
  isAway = false;

  assert.equal(await widget.run((element) => element.opened), false);
  await widget.click(".main");
  // Firefox keeps to what it could not load until the page is loaded again.
  if (BROWSER === "chromium") await widget.shows(".headline");
});
