// The page of the check before a call, as a person uses it.

import { openPage } from "./phone.mjs";
import { until, untilEqual } from "./poll.mjs";
import { press } from "./press.mjs";

/** The CSS selector of a part of the page. */
export const part = (name) => `[data-testid="${name}"]`;

/** Opens it, with these words in its fields. */
export async function openCheckPage({ browser, gateway }, fields = {}) {
  const page = new CheckPage(await openPage(browser, `${gateway.page}check.html`));
  await until("the page is ready", () => page.page.$eval(part("start"), ({ disabled }) => !disabled));
  for (const [name, text] of Object.entries(fields)) await page.fill(name, text);
  return page;
}

class CheckPage {
  constructor(page) {
    this.page = page;
  }

  fill(name, text) {
    return this.page.$eval(part(name), (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }

  async click(name) {
    await press(this.page, name, () => this.page.$(part(name)));
  }

  /** Waits until it has come to an end; the words of the verdict, and its name. */
  async ends({ within = 40_000 } = {}) {
    await untilEqual("the check is over", "done", () => this.state(), { within });
    return this.page.$eval(part("check"), ({ dataset }) => dataset.verdict);
  }

  state() {
    return this.page.$eval(part("check"), ({ dataset }) => dataset.state);
  }

  words(name, step) {
    return this.page.$eval(`${step ? `${part(`step-${step}`)} ` : ""}${part(name)}`, (element) => element.textContent);
  }

  stateOf(step) {
    return this.page.$eval(part(`step-${step}`), ({ dataset }) => dataset.state);
  }
}
