// The widget in a page, as a person uses it. Its conversation is the double's, where the page has that.

import { openPage } from "./phone.mjs";
import { until, untilEqual } from "./poll.mjs";
import { press } from "./press.mjs";

/** A page with an agent that a test plays itself. */
export const SCRIPTED = "widget.html";

/** Opens a page, and puts a widget with these attributes into it. */
export async function openWidget(browser, gateway, { path = SCRIPTED, attributes = {}, before } = {}) {
  const page = await openPage(browser, `${gateway.page}${path}`);
  // Puppeteer's own way waits for frames, which a page that another one hides does not draw.
  await until("the widget is defined", () => page.evaluate(() => customElements.get("offhook-agent") !== undefined));
  if (before) await page.evaluate(before);
  const widget = new Widget(page);
  await widget.put({ "agent-id": "assistant-demo", language: "en", ...attributes });
  return widget;
}

/** A conversation that is up, in the page with the double. */
export async function openTalking(browser, gateway, attributes, mode = "voice") {
  const widget = await openWidget(browser, gateway, { attributes });
  await widget.run((element, double, how) => element.start({ mode: how }), mode);
  await widget.run((element, double) => double.becomes("listening"));
  return widget;
}

export class Widget {
  constructor(page) {
    this.page = page;
  }

  /** Puts one more into the page. */
  async put(attributes) {
    await this.page.evaluate(async (all) => {
      // The double is there before the widget asks for it.
      if (document.querySelector("script[type=importmap]")) window.double ??= (await import("/agent-double.js")).double;
      const element = document.createElement("offhook-agent");
      for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
      window.heard = [];
      for (const name of ["open", "close", "start", "state", "transcript", "tool", "mute", "consent", "end", "feedback", "error", "settings"]) {
        element.addEventListener(`offhook-${name}`, ({ detail }) => {
          window.heard.push({ name, detail, at: performance.now() });
        });
      }
      document.body.append(element);
      window.widget = element;
    }, attributes);
  }

  /** Runs in the page, with the element and the double. */
  run(work, ...args) {
    return this.page.evaluate((text, given) => {
      return new Function("widget", "double", "args", `return (${text})(widget, double, ...args)`)(window.widget, window.double, given);
    }, String(work), args);
  }

  /** What a part of the shadow root says, or undefined. */
  text(css) {
    return this.page.evaluate((selector) => window.widget.shadowRoot.querySelector(selector)?.textContent, css);
  }

  async shows(css, pattern = /(?:)/, bound = undefined) {
    let seen;
    await until(`${css} shows ${pattern}`, async () => {
      seen = await this.text(css);
      return seen !== undefined && pattern.test(seen);
    }, bound).catch((error) => {
      throw new Error(`${error.message}; ${css} says ${JSON.stringify(seen)}`);
    });
  }

  async lacks(css) {
    await until(`there is no ${css}`, async () => (await this.text(css)) === undefined);
  }

  async reaches(state, bound) {
    await untilEqual("the state", state, () => this.page.evaluate(() => window.widget.state), bound);
  }

  /** Waits until it has been in a state so many times, which may be over before anybody looks. */
  async passes(state, { count = 1, ...bound } = {}) {
    const known = async () => (await this.heard("state")).filter((told) => told.state === state).length >= count;
    await until(`it was ${state} ${count} times`, known, bound);
  }

  /** Presses a part as a hand does. */
  async click(css) {
    const found = (selector) => window.widget.shadowRoot.querySelector(`${selector}:not([disabled])`);
    await press(this.page, css, async () => (await this.page.evaluateHandle(found, css)).asElement());
  }

  async type(css, text) {
    const handle = await this.#reach(css);
    await handle.type(text);
    await handle.dispose();
  }

  async #reach(css) {
    await this.page.bringToFront();
    await until(`${css} can be used`, () => this.page.evaluate((selector) => {
      const found = window.widget.shadowRoot.querySelector(`${selector}:not([disabled])`);
      return found?.checkVisibility() ?? false;
    }, css));
    return this.page.evaluateHandle((selector) => window.widget.shadowRoot.querySelector(selector), css);
  }

  /** What has the focus within the widget: its name for tests, or its tag. */
  focus() {
    return this.page.evaluate(() => {
      const active = window.widget.shadowRoot.activeElement;
      return active && (active.dataset.name ?? active.getAttribute("part") ?? active.tagName.toLowerCase());
    });
  }

  /** The events of this name so far, without their prefix. */
  async heard(name) {
    const all = await this.page.evaluate(() => JSON.parse(JSON.stringify(window.heard)));
    return all.filter((event) => event.name === name).map(({ detail }) => detail);
  }
}
