// What a machine can say of whether everybody can use the widget: in every state, both themes, on a telephone and a desk,
// in a language that runs from the right.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { stage } from "../harness/stage.mjs";
import { openWidget } from "../harness/widget.mjs";

const here = stage({ gateway: { www: "tests/harness/www" } });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [360, 1280];

/** The least that a finger or a shaking hand needs (WCAG 2.5.8), in CSS pixels. */
const TARGET = 24;

const SAID = `
  double.item({ text: "Hello! I am **here**. See [this](https://example.com):\\n\\n- one\\n- two\\n\\n\\\`code\\\`" });
  double.item({ role: "user", text: "And where is that?" });
  double.item({ text: "Just round the corner, as I was saying", status: "interrupted", unheardFrom: 22 });
`;

/** How each state is reached, and what then is seen. */
const STATES = {
  closed: { attributes: { form: "pill" }, seen: ".label" },
  "closed in a conversation": { attributes: { form: "pill" }, work: `await widget.start(); double.becomes("listening"); widget.close();`, seen: ".label" },
  idle: { work: `await widget.open();`, seen: ".headline" },
  "asking for consent": { attributes: { terms: "This is recorded.", "terms-url": "https://example.com/terms" }, work: `void widget.start();`, seen: "[data-name=agree]" },
  "asking for the microphone": { work: `double.permission = "prompt"; await widget.start();`, seen: ".phase" },
  connecting: { work: `await widget.start();`, seen: ".phase" },
  listening: { work: `await widget.start(); double.becomes("listening"); widget.mute();`, seen: ".phase" },
  speaking: { work: `await widget.start(); double.becomes("speaking"); ${SAID}`, seen: "s" },
  thinking: { work: `await widget.start(); double.becomes("thinking"); ${SAID}`, seen: ".dots" },
  writing: { work: `await widget.start({ mode: "text" }); double.becomes("listening"); ${SAID}`, seen: "s" },
  "a tool asks": {
    work: `await widget.start(); double.becomes("listening"); ${SAID}
      widget.registerTool({ name: "buy", approval: true, handler() {} });
      double.tool({ id: "t", name: "buy", args: {}, status: "approval" });
      void double.agent.tools.get("buy").approval({ price: 3 }, { name: "buy", signal: new AbortController().signal });`,
    seen: "[data-name=allow]",
  },
  waiting: { work: `await widget.start(); double.becomes("waiting", "held"); ${SAID}`, seen: ".phase" },
  recovering: { work: `await widget.start(); double.becomes("waiting", "reconnecting"); ${SAID}`, seen: ".phase" },
  unheard: { work: `await widget.start(); double.becomes("speaking"); double.client.tell("warning", { code: 61101 });`, seen: "[part=notice]" },
  ended: { work: `await widget.start(); double.becomes("listening"); ${SAID} double.ends({ by: "remote" });`, seen: ".stars" },
  error: { work: `double.connectFails = { kind: "lost", code: 45001 }; await widget.start();`, seen: "[data-name=retry]" },
  settings: {
    attributes: { "show-latency": "" },
    work: `await widget.start(); double.becomes("listening"); ${SAID} widget.shadowRoot.querySelector("[data-name=settings]").click();`,
    seen: "[data-name=volume]",
  },
  "from the right": { attributes: { language: "ar" }, work: `await widget.start(); double.becomes("speaking"); ${SAID}`, seen: "s" },
};

async function isForEverybody({ page }, what) {
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(" ")} ${failureSummary}`).join(", ")}`);
  assert.deepEqual(told, [], what);
  assert.ok(passes.length > 5, "axe looked at nothing");
  const { small, overhang } = await page.evaluate((least) => {
    const root = window.widget.shadowRoot;
    const all = [...root.querySelectorAll("button, select, textarea, input:not(.unseen), label:has(> .unseen)")].filter((one) => one.checkVisibility());
    const isSmall = (one) => {
      const { width, height } = one.getBoundingClientRect();
      return width < least || height < least;
    };
    return { small: all.filter(isSmall).map((one) => one.outerHTML.slice(0, 80)), overhang: document.documentElement.scrollWidth - innerWidth };
  }, TARGET);
  assert.deepEqual(small, [], `${what}: too small to be hit`);
  assert.ok(overhang <= 0, `${what}: sticks out by ${overhang} px`);
}

for (const [name, { attributes, work = "", seen }] of Object.entries(STATES)) {
  test(name, async () => {
    const widget = await openWidget(here.browser, here.gateway, { attributes });
    await widget.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await widget.run(new Function("widget", "double", `return (async () => { ${work} })()`));
    await widget.shows(seen);
    await widget.page.evaluate(AXE);

    for (const scheme of ["light", "dark"]) {
      await widget.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
      for (const width of WIDTHS) {
        await widget.page.setViewport({ width, height: 720 });
        await isForEverybody(widget, `${name}, ${scheme}, ${width} px`);
      }
    }
  });
}
