// What a server says of how a widget shall be: the good is taken, and nothing that could harm a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../js/agent/settings.js";
import { Transcript } from "../../js/agent/transcript.js";
import { dynamicVariables } from "../../js/agent/variables.js";

/** What would run code, look outside, or is no text. */
const HOSTILE = [
  "javascript:alert(1)", " javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,<script>", "data:text/html;x=data:image/png,",
  "http://plain.example/", "//other.example/", "/path", "blob:https://a.example/1", "vbscript:x", "https://", "https:// a", "",
  7, null, true, {}, ["https://a.example/"], ["data:image/png;,"], { toString: () => "https://a.example/" },
];

test("all that a server may say is taken over, under our names", () => {
  assert.deepEqual(readSettings({
    theme: "light", language: "de", auto_start: true, show_transcript: false, agent_thinking_text: "Hm", default_state: "expanded",
    position: "fixed", start_call_text: "Call", speak_to_interrupt_text: "Speak", logo_icon_url: "data:image/svg+xml;base64,AA==",
    give_feedback_url: "https://a.example/f", report_issue_url: "HTTPS://a.example/r", view_history_url: "https://a.example/h",
    custom_styles: { color: "red", size: 5 }, audio_visualizer_config: { color: "verdant", preset: "roundBars" }, other: 1,
  }), {
    theme: "light", language: "de", autoStart: true, showTranscript: false, agentThinkingText: "Hm", defaultState: "expanded",
    position: "fixed", startCallText: "Call", speakToInterruptText: "Speak", logoIconUrl: "data:image/svg+xml;base64,AA==",
    giveFeedbackUrl: "https://a.example/f", reportIssueUrl: "HTTPS://a.example/r", viewHistoryUrl: "https://a.example/h",
    customStyles: { color: "red" }, audioVisualizer: { color: "verdant", preset: "roundBars" },
  });
});

for (const name of ["logo_icon_url", "give_feedback_url", "report_issue_url", "view_history_url"]) {
  test(`no address that is not https: gets through as ${name}`, () => {
    for (const value of HOSTILE) assert.deepEqual(readSettings({ [name]: value }), {}, String(JSON.stringify(value)));
  });
}

test("what is no object, or of another type, says nothing", () => {
  for (const sent of [undefined, null, "dark", 7, [], true]) assert.deepEqual(readSettings(sent), {});
  assert.deepEqual(readSettings({ theme: "pink", auto_start: "yes", language: 5, custom_styles: "x", default_state: {} }), {});
});

test("a prototype in it is none", () => {
  const settings = readSettings(JSON.parse('{"__proto__":{"theme":"dark"},"custom_styles":{"__proto__":"x","color":"red"}}'));
  assert.equal(Object.getPrototypeOf(settings.customStyles), Object.prototype);
  assert.equal({}.theme, undefined);
});

test("of the images of an item only pictures are left", () => {
  const transcript = new Transcript();
  const good = ["https://a.example/i.png", "data:image/avif;base64,AA=="];
  const told = { id: "a", index: 0, role: "user", status: "final", text: "", images: [...HOSTILE, ...good], at: 0 };
  assert.deepEqual(transcript.put(told).images, good);
});

test("headers are variables of the assistant under these names", () => {
  assert.deepEqual(
    dynamicVariables({ "X-Account-Number": "4711", "x-tier": "gold", Language: "de" }),
    { account_number: "4711", tier: "gold", language: "de" },
  );
  assert.throws(() => dynamicVariables({ "X-Account": 4711 }), { code: 44002 });
});
