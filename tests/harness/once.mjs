// What another browser would answer alike is asked of one.

import { describe, test } from "node:test";
import { BROWSER } from "./browser.mjs";

/** A `test` that runs in Chromium only; `why` says what makes the browser of no account. */
export function testOnce(why) {
  return inChromium(test, why);
}

/** A `describe` that runs in Chromium only; `why` says what makes the browser of no account. */
export function describeOnce(why) {
  return inChromium(describe, why);
}

function inChromium(run, why) {
  if (!why) throw new Error("why not in every browser?");
  return BROWSER === "chromium" ? run : () => {};
}
