// One conversation with everything in it, as a person has it: spoken with recorded speech, interrupted, written, with a
// picture, a tool and a reload in the middle.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { openWidget } from "../harness/widget.mjs";

const here = stage({ gateway: { detachTime: 20 } });

const SPEECH = readFileSync(new URL("../../gateway/voices/second.opus", import.meta.url)).toString("base64");

const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const SOON = { within: 40_000 };

/** Runs in the page: `speak()` says the recording in place of the microphone. */
function giveSpeech(base64) {
  watched.microphone = async () => {
    const context = new AudioContext();
    context.resume();
    const out = new MediaStreamAudioDestinationNode(context);
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const buffer = await context.decodeAudioData(bytes.buffer);
    window.speak = () => {
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(out);
      source.start();
    };
    return out.stream;
  };
}

/** The recording is read while the microphone is being opened. */
async function speak({ page }) {
  await until("the microphone is open", () => page.evaluate(() => "speak" in window), SOON);
  await page.evaluate(() => window.speak());
}

/** What was heard so far. */
const said = (widget) => widget.run((element) => {
  return element.transcript.map(({ role, text, unheardFrom }) => `${role}: ${text.slice(0, unheardFrom).trim()}`).join("\n");
});

test("one conversation, with everything in it", async () => {
  const attributes = { url: here.gateway.telnyx, dialect: "telnyx" };
  const widget = await openWidget(here.browser, here.gateway, { path: "widget-real.html", attributes });
  await widget.page.evaluate(giveSpeech, SPEECH);
  await widget.run((element) => {
    element.registerTool({ name: "current_page", handler: () => document.title });
    // Only who is quick interrupts.
    const interrupt = new AbortController();
    element.addEventListener("offhook-transcript", ({ detail: { item } }) => {
      if (!/I am/.test(item.text)) return;
      interrupt.abort();
      window.speak();
    }, { signal: interrupt.signal });
    return element.start();
  });

  await widget.shows(".assistant[data-status=interrupted]", /Hello/, SOON);
  await widget.shows(".user", /can you hear me/, SOON);
  await widget.passes("speaking", { count: 2, ...SOON });
  await widget.reaches("listening", SOON);

  await widget.type("textarea", "What page am I on?");
  await widget.page.keyboard.press("Enter");
  await widget.shows(".log", /This is what the page told me: A page with an agent/, SOON);
  await widget.shows("[part=tool]", /current_page.*done/, SOON);

  const before = await said(widget);
  await widget.page.reload({ waitUntil: "load" });
  await widget.page.waitForFunction(() => customElements.get("offhook-agent") !== undefined);
  await widget.page.evaluate(giveSpeech, SPEECH);
  await widget.put({ "agent-id": "assistant-demo", language: "en", ...attributes });
  await until("the conversation is back", () => widget.run((element) => element.call?.state === "active"), SOON);
  // What was being said is told anew, word by word.
  await until("what was said is there", async () => (await said(widget)).startsWith(before), SOON);

  await widget.page.evaluate((base64) => {
    const picture = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: "image/png" });
    return window.widget.sendText("Look", { images: [picture] });
  }, PICTURE);
  await widget.shows(".log", /Thank you for the picture/, SOON);
  await widget.reaches("listening", SOON);
  await speak(widget);
  await until("it is heard again", async () => /user: What else can you do/.test(await said(widget)), SOON);

  await widget.click("[data-name=end]");
  await widget.shows(".why", /You ended/);
  assert.deepEqual(await widget.page.evaluate(() => watched.reported), []);
});
