// What docs/privacy.md says is stored and sent, seen from outside of a call.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../harness/gateway.mjs";
import { openPage } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT } from "../../scripts/process.mjs";

const PAGE = readFileSync(join(ROOT, "docs", "privacy.md"), "utf8");

/** All that a frame about a call carries in any case. */
const ABOUT_A_CALL = ["dialogParams.callID", "sessid"];

/** The fields of each frame that is sent, as the page tells of them. */
const FIELDS = {
  freeswitch: {
    login: ["login", "passwd", "sessid"],
    "verto.invite": [
      ...ABOUT_A_CALL, "dialogParams.caller_id_name", "dialogParams.caller_id_number",
      "dialogParams.destination_number", "sdp",
    ],
    "verto.modify": [...ABOUT_A_CALL, "action"],
    "verto.info": [...ABOUT_A_CALL, "dtmf"],
    "verto.bye": [...ABOUT_A_CALL, "cause", "causeCode"],
  },
  telnyx: {
    login: ["User-Agent.data", "User-Agent.sdkVersion", "login", "passwd", "reconnection"],
    "telnyx_rtc.gatewayState": [],
    "telnyx_rtc.invite": [
      ...ABOUT_A_CALL, "User-Agent", "dialogParams.caller_id_name", "dialogParams.caller_id_number",
      "dialogParams.clientState", "dialogParams.custom_headers.0.name", "dialogParams.custom_headers.0.value",
      "dialogParams.destination_number", "sdp", "trickle",
    ],
    "telnyx_rtc.candidate": [...ABOUT_A_CALL, "candidate", "sdpMLineIndex", "sdpMid"],
    "telnyx_rtc.endOfCandidates": [...ABOUT_A_CALL, "endOfCandidates"],
    "telnyx_rtc.modify": [...ABOUT_A_CALL, "action"],
    "telnyx_rtc.info": [...ABOUT_A_CALL, "dtmf"],
    "telnyx_rtc.bye": [...ABOUT_A_CALL, "cause", "causeCode"],
  },
};

const here = stage();

for (const [dialect, fields] of Object.entries(FIELDS)) {
  test(`${dialect}: a call sends what the page says, and stores nothing`, async () => {
    const page = await openPage(here.browser, `${here.gateway.page}bare.html`);
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    const relay = `turn:127.0.0.1:${await freePort()}`;
    await aWholeCall(page, { dialect, url: here.gateway[dialect], relay });

    const frames = (await page.evaluate(() => window.sent)).filter(({ method }) => method !== undefined);
    const seen = {};
    for (const { method, params } of frames) for (const path of paths(params)) (seen[method] ??= new Set()).add(path);
    for (const method of new Set(frames.map((frame) => frame.method))) {
      assert.ok(method in fields, `${method} is not told of`);
      assert.ok(PAGE.includes(`\`${method.split(".").at(-1)}\``), `${method} is not in the page`);
      assert.deepEqual([...(seen[method] ?? [])].sort(), [...fields[method]].sort(), method);
    }
    const unsent = Object.keys(fields).filter((method) => !frames.some((frame) => frame.method === method));
    assert.deepEqual(unsent, []);

    assert.deepEqual(await page.evaluate(stored), { cookie: "", local: 0, session: 0, databases: 0, caches: 0 });
    assert.deepEqual(requests.filter((url) => new URL(url).host !== new URL(here.gateway.page).host), []);
    await page.evaluate(() => window.client.close());
  });
}

/** Signs in, calls the echo with everything that can be given, holds, sends digits, hangs up. */
async function aWholeCall(page, { dialect, url, relay }) {
  await page.evaluate(async (how, urls) => {
    const { connect } = await import("/js/index.js");
    const Socket = window.WebSocket;
    window.sent = [];
    window.WebSocket = class extends Socket {
      send(text) {
        window.sent.push(JSON.parse(text));
        super.send(text);
      }
    };
    const iceServers = [{ urls, username: "turn-user", credential: "turn-secret" }];
    window.client = await connect({ ...how, iceServers, login: "1000", password: "1234" });
    const onlyTelnyx = { clientState: "own data", customHeaders: { "X-Own": "data" } };
    const who = { callerName: "Alice", callerNumber: "1000" };
    const more = how.dialect === "telnyx" ? onlyTelnyx : {};
    window.call = window.client.newCall({ destinationNumber: "9196", ...who, ...more });
  }, { dialect, url }, relay);
  await untilEqual("the call is active", "active", () => page.evaluate(() => window.call.state));
  if (dialect === "telnyx") {
    const isDone = () => window.sent.some(({ method }) => method?.endsWith("endOfCandidates"));
    // The relay does not answer: browsers try for a while.
    await until("all candidates are sent", () => page.evaluate(isDone), { within: 30_000 });
  }
  await page.evaluate(async () => {
    await window.call.hold();
    await window.call.unhold();
    await window.call.dtmf("1");
    window.call.hangup();
  });
  await untilEqual("the call is over", "done", () => page.evaluate(() => window.call.state));
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify(window.sent)), /turn-secret|turn-user/);
}

/** Where something could be kept. */
async function stored() {
  const databases = await indexedDB.databases();
  const names = await caches.keys();
  return {
    cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
    databases: databases.length, caches: names.length,
  };
}

/** The paths of all that has no members, such as `dialogParams.callID`. */
function paths(value, prefix = "") {
  if (typeof value !== "object" || value === null) return [prefix];
  return Object.entries(value).flatMap(([name, member]) => paths(member, prefix ? `${prefix}.${name}` : name));
}
