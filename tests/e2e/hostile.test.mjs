import assert from "node:assert/strict";
import { test } from "node:test";
import { startMeddler } from "../harness/meddler.mjs";
import { testOnce } from "../harness/once.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ also: { meddler: ({ freeswitch }) => startMeddler(freeswitch) } });

/** A frame of a known method with these params. */
const request = (method, params, id = 7_000_001) => ({ jsonrpc: "2.0", id, method, params });

const STRANGER = "00000000-0000-4000-8000-000000000000";

/** Frames that no server should send. `call` is the id of a call that is up. */
const garbage = (call) => ({
  "not JSON": ["", "hello", "{", "{\"jsonrpc\":", "\u0000\u0001", "{'a':1}", "nul", "[1,2", "\"", "}{"],
  "not JSON-RPC": ["null", "42", "[]", "\"text\"", "{}", "true", "[{}]", { id: 1 }, { jsonrpc: "1.0", method: 5 }],
  truncated: [JSON.stringify(request("verto.bye", { callID: call, cause: "NORMAL_CLEARING" })).slice(0, -9)],
  "900 kB long": [
    `{"jsonrpc":"2.0","id":1,"method":"verto.event","params":{"x":"${"a".repeat(900_000)}"}}`,
    "[".repeat(900_000),
    "x".repeat(900_000),
  ],
  "of unknown methods": [request("verto.dance", {}), request("", {}), request("verto.dance", null), { jsonrpc: "2.0", method: "x" }],
  "for unknown calls": [
    request("verto.bye", { callID: STRANGER }), request("verto.media", { callID: STRANGER, sdp: "v=0" }),
    request("verto.answer", { callID: STRANGER }), request("verto.display", { callID: STRANGER, display_name: "x" }),
  ],
  "with wrong types in known fields": [
    request("verto.bye", { callID: 5 }), request("verto.bye", []), request("verto.bye", "text"), request("verto.bye"),
    request("verto.media", { callID: call, sdp: {} }), request("verto.answer", { callID: call, sdp: 17 }),
    request("verto.display", { callID: call, display_name: [], display_number: false }),
    request("verto.invite", { callID: {}, sdp: null }), request("verto.attach", { callID: null }),
    { jsonrpc: "2.0", id: { a: 1 }, result: [] }, { jsonrpc: "2.0", id: 99_999_999, result: {} },
    { jsonrpc: "2.0", id: null, error: "text" }, { jsonrpc: "2.0", id: [], error: { code: "x", message: 5 } },
  ],
  "that are binary": [Buffer.from([0, 255, 1, 254]), Buffer.alloc(900_000)],
});

/** What a browser itself has a hand in. */
const PASSED_ON = ["not JSON", "900 kB long", "that are binary"];

const onceTest = testOnce("a text that a browser has passed on is the core's affair");

for (const kind of Object.keys(garbage(STRANGER))) {
  const suits = PASSED_ON.includes(kind) ? test : onceTest;
  suits(`frames ${kind} are warned of once, and the call and the session go on`, async () => {
    const phone = await signedIn(here.browser, here.gateway, { url: here.meddler.url });
    const call = await phone.dial("9196");
    await call.hears(MICROPHONE_TONE);

    const frames = garbage(call.id)[kind];
    for (const round of [1, 2]) {
      for (const frame of frames) here.meddler.slipIn(frame);
      // Frames come in order: when this has been counted, so have all before it.
      const name = `round ${round}`;
      here.meddler.slipIn(request("verto.display", { callID: call.id, display_name: name, display_number: "1" }));
      await until("the frame behind them is read", async () => (await call.look()).remoteName === name);
    }

    const warnings = (await phone.all("warning")).map(({ code }) => code);
    assert.ok(warnings.length > 0, "no warning");
    assert.equal(new Set(warnings).size, warnings.length, `warned twice: ${warnings}`);
    assert.equal((await call.look()).state, "active");
    await call.hears(MICROPHONE_TONE);
    const second = await phone.dial("9198");
    await second.hears(440);
    assert.deepEqual(await phone.page.evaluate(() => watched.reported), []);
    await phone.close();
  });
}
