// What a machine can say of whether everybody can use a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** From a small telephone held upright to a desk. */
const WIDTHS = [360, 768, 1280];

/** Holds a page to having no violation in light and in dark at every width, and nothing that sticks out sideways. */
export async function isForEverybody(page, view) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    for (const width of WIDTHS) {
      await page.setViewport({ width, height: 800 });
      if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      assert.deepEqual(told, [], `${view}, ${scheme}, ${width} px`);
      assert.ok(passes.length > 10, "axe looked at nothing");
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(overhang, 0, `${view}, ${scheme}: sticks out of ${width} px by ${overhang} px`);
    }
  }
}
