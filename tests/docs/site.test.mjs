// The documentation as it is published: made without a complaint, with no link that leads nowhere, true to the code.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { before, test } from "node:test";
import { launchBrowser } from "../harness/browser.mjs";
import { until } from "../harness/poll.mjs";
import { renewTables } from "../../scripts/docs-tables.mjs";
import { SITE, buildSite, serveSite, setUpDocs } from "../../scripts/docs.mjs";
import { ROOT } from "../../scripts/process.mjs";

const PAGES = join(ROOT, "docs");

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

before(setUpDocs);

test("what the pages have from the code is as the code is (npm run docs -- --update)", async () => {
  assert.deepEqual(await renewTables(), []);
});

test("the site is made without a complaint, and everything in the API is told", async () => {
  await buildSite({ quiet: true });

  const made = htmlFiles().map((file) => relative(SITE, file));
  assert.ok(made.includes("index.html"));
  const pages = readdirSync(PAGES).filter((name) => name.endsWith(".md"));
  const documents = made.filter((name) => name.startsWith("documents"));
  // The first page is index.html.
  assert.equal(documents.length, pages.length - 1, `${pages.join()} became ${documents.join()}`);
  for (const name of ["Client", "Call", "Devices", "OffhookError"]) {
    assert.ok(made.some((file) => file.endsWith(`.${name}.html`)), `${name} is not in the reference`);
  }
});

test("no link within the site leads nowhere", () => {
  const files = new Map(htmlFiles().map((file) => [file, readFileSync(file, "utf8")]));
  let looked = 0;
  const broken = [...files].flatMap(([file, text]) => links(text).filter((link) => {
    const [path, anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), decodeURIComponent(path));
    looked += 1;
    if (!existsSync(target)) return true;
    return anchor && files.has(target) && !files.get(target).includes(`id="${decodeURIComponent(anchor)}"`);
  }).map((link) => `${relative(SITE, file)}: ${link}`));

  assert.deepEqual(broken, []);
  assert.ok(looked > 500, `only ${looked} links were looked at`);
});

test("the pages are for everybody: light and dark, on a telephone and at a desk", async () => {
  const site = await serveSite();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    for (const path of ["index", "documents/Getting_started", "documents/Calls", "documents/Error_codes"]) {
      for (const width of [360, 1280]) {
        await page.setViewport({ width, height: 800 });
        await page.goto(`${site.address}${path}.html`, { waitUntil: "load" });
        await until("the page is shown", () => page.evaluate(() => !!document.querySelector("#tsd-nav-container details")));
        await page.evaluate(AXE);
        for (const scheme of ["light", "dark"]) {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
          await isForEverybody(page, `${path}, ${scheme}, ${width} px`);
        }
      }
    }
  } finally {
    await browser.close();
    site.stop();
  }
});

async function isForEverybody(page, what) {
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  assert.deepEqual(told, [], what);
  assert.ok(passes.length > 10, "axe looked at nothing");
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    return { scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth };
  });
  assert.equal(scrollWidth, clientWidth, `${what}: sticks out`);
}

test("every page has a title and its place in the navigation", () => {
  for (const name of readdirSync(PAGES).filter((page) => page.endsWith(".md") && page !== "index.md")) {
    const text = readFileSync(join(PAGES, name), "utf8");
    assert.match(text, /^---\ntitle: .+\ngroup: (?:Guide|Frameworks|Recipes|Help)\n---\n\n# /, name);
  }
});

function htmlFiles() {
  const names = readdirSync(SITE, { recursive: true });
  return names.filter((name) => name.endsWith(".html")).map((name) => join(SITE, name));
}

/** Where a page leads within the site. */
function links(text) {
  const found = [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
  return found.filter((link) => !/^[a-z]+:/i.test(link));
}
