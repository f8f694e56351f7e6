// The softphones of the documentation, as their readers have them: each is the code of its page, and makes a person's
// calls.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { transform } from "esbuild";
import { nothingIsLeft, openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { scratchFolder } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT, attempt } from "../../scripts/process.mjs";
import { application, bundlePage } from "./application.mjs";
import { filesOf } from "./docs.mjs";

const www = scratchFolder();
const here = stage({ gateway: { www } });

const SOFTPHONES = { react: "main.tsx", vue: "main.js", svelte: "main.js" };

for (const [name, main] of Object.entries(SOFTPHONES)) {
  test(`the softphone for ${name} calls and is called`, async () => {
    const folder = application(filesOf(`${name}.md`, here.gateway.freeswitch));
    await bundlePage(join(folder, main), www, name);
    const page = await openPage(here.browser, `${here.gateway.page}${name}.html`);
    const phone = new Softphone(page);

    await phone.signIn("1000", "wrong");
    await phone.shows('[role="alert"]', /refused the sign-in/);
    await phone.press("Dismiss");
    await phone.shows('[role="alert"]', undefined);
    await phone.signIn("1000", "1234");

    await phone.fill("number", "9196");
    await phone.press("Call");
    await phone.shows("li b", /9196/);
    await phone.shows("li i", /^active$/);
    await phone.shows("li small", /[1-9]\d* packets/);
    await phone.press("Hold");
    await phone.shows("li i", /^held$/);
    await phone.press("Resume");
    await phone.shows("li i", /^active$/);
    await phone.press("Mute");
    await phone.press("Unmute");
    await phone.press("Hang up");
    await phone.shows("li", undefined);
    await phone.shows('[role="status"]', /NORMAL_CLEARING/);

    await here.gateway.ring("1000");
    await phone.shows("li i", /^ringing$/);
    await phone.press("Answer");
    await phone.shows("li i", /^active$/);
    await here.gateway.ring("1000");
    await phone.press("Reject");
    await phone.shows('[role="status"]', /USER_BUSY/);

    await phone.press("Sign out");
    await until("the form is there again", () => page.$('input[name="login"]'));
    await nothingIsLeft(page);
    assert.deepEqual(await page.evaluate(() => watched.reported), []);
  });
}

test("the code for React compiles", async () => {
  const files = filesOf("react.md");
  const compilerOptions = {
    target: "es2022", lib: ["es2022", "dom", "dom.iterable"], module: "esnext", moduleResolution: "bundler",
    strict: true, jsx: "react-jsx", noEmit: true, types: [],
  };
  const include = Object.keys(files);
  const folder = application({ ...files, "tsconfig.json": JSON.stringify({ compilerOptions, include }) });

  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const { code, output } = await attempt(tsc, ["--project", folder, "--listFiles"], { quiet: true, limit: 120 });

  assert.equal(code, 0, output);
  for (const name of include) assert.ok(output.includes(join(folder, name)), `${name} was not compiled:\n${output}`);
});

test("the rest of the code in the documentation can be parsed", async () => {
  for (const name of Object.keys(SOFTPHONES)) {
    for (const [file, code] of Object.entries(filesOf(`${name}.md`))) {
      const loader = file.split(".").at(-1);
      if (loader === "js") await transform(code, { loader });
    }
  }
});

/** A softphone as a person uses it. */
class Softphone {
  constructor(page) {
    this.page = page;
  }

  async signIn(user, password) {
    await until("the form is ready", () => this.page.$("form button:not(:disabled)"));
    await this.fill("login", user);
    await this.fill("password", password);
    await this.press("Sign in");
  }

  async fill(name, text) {
    const field = await until(`a field ${name}`, () => this.page.$(`input[name="${name}"]`));
    await field.evaluate((input) => {
      input.value = "";
    });
    await field.type(text);
  }

  /** Waits until there is a button with these words, and presses it. */
  async press(words) {
    await until(`a button «${words}»`, () => this.page.evaluate((wanted) => {
      const buttons = [...document.querySelectorAll("button:not(:disabled)")];
      const button = buttons.find(({ innerText }) => innerText.trim() === wanted);
      button?.click();
      return button !== undefined;
    }, words));
  }

  /** Waits until the text of the last such element is like this; `undefined` where none may be left. */
  async shows(selector, pattern) {
    let text;
    const look = async () => {
      const last = (wanted) => [...document.querySelectorAll(wanted)].at(-1)?.innerText.trim();
      text = await this.page.evaluate(last, selector);
      return pattern === undefined ? text === undefined : pattern.test(text ?? "");
    };
    await untilEqual(`${selector} shows ${pattern}`, true, look).catch((error) => {
      assert.fail(`${error.message}; it shows ${JSON.stringify(text)}`);
    });
  }
}
