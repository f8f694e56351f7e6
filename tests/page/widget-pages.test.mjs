// The two pages about the widget: the example, and the one that makes a snippet.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT } from "../../scripts/process.mjs";

const here = stage({ gateway: { www: "www" } });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const part = (name) => `[data-testid="${name}"]`;

async function open(path) {
  const page = await openPage(here.browser, `${here.gateway.page}${path}`);
  await page.waitForFunction(() => document.querySelector("offhook-agent")?.shadowRoot);
  return page;
}

for (const path of ["widget.html", "configure.html"]) {
  test(`${path} is for everybody: light and dark, on a telephone and at a desk`, async () => {
    const page = await openPage(here.browser, `${here.gateway.page}${path}`);
    await page.setBypassCSP(true);
    await page.reload();
    await page.waitForFunction(() => document.querySelector("offhook-agent")?.shadowRoot);
    await page.evaluate(AXE);
    for (const scheme of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
      for (const width of [360, 1280]) {
        await page.setViewport({ width, height: 800 });
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(" ")).join(", ")}`);
        assert.deepEqual(told, [], `${scheme}, ${width} px`);
        const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overhang, 0, `${scheme}: sticks out of ${width} px`);
      }
    }
  });
}

test("the example holds a conversation, and its tool answers", async () => {
  const page = await open("widget.html");

  await page.click(part("write"));
  await page.evaluate(() => document.querySelector("offhook-agent").sendText("What page am I on?"));

  await until("the agent was told", () => page.evaluate((css) => /current_page: done/.test(document.querySelector(css).textContent), part("told")), { within: 40_000 });
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
});

test("what is chosen is seen, and stands in the snippet with the hash of this build", async () => {
  const page = await open("configure.html");
  const { "embed.js": hash } = JSON.parse(readFileSync(join(ROOT, "pkg", "integrity.json"), "utf8"));
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

  await page.select("select[name=anchor]", "top-start");
  await page.type("input[name=label]", 'Ask "us"');
  await page.evaluate(() => {
    const field = document.querySelector('[name="--offhook-radius"]');
    field.value = "4";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const snippet = await page.$eval(part("snippet"), ({ textContent }) => textContent);
  assert.ok(snippet.includes(`https://cdn.jsdelivr.net/npm/offhook@${version}/pkg/embed.js"`), snippet);
  assert.ok(snippet.includes(`integrity="${hash}"`), snippet);
  assert.match(snippet, /anchor="top-start".*label="Ask &quot;us&quot;"/s);
  assert.match(snippet, /--offhook-radius: 4px;/);
  const seen = await page.evaluate(() => {
    const element = document.querySelector("offhook-agent");
    return { anchor: element.anchor, label: element.shadowRoot.querySelector(".label").textContent };
  });
  assert.deepEqual(seen, { anchor: "top-start", label: 'Ask "us"' });
  const read = await page.evaluate((text) => {
    const holder = document.createElement("template");
    holder.innerHTML = text;
    return holder.content.querySelector("offhook-agent").getAttribute("label");
  }, snippet);
  assert.equal(read, 'Ask "us"');
});
