// What docs/privacy.md says is stored and sent, seen from outside of a call.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
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
    "verto.modify": [...ABOUT_A_CALL, "action", "destination"],
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

/** What of them changes, and what comes, when a call is lost: other candidates first, then another socket. */
const FIELDS_OF_RECOVERY = {
  freeswitch: {
    login: FIELDS.freeswitch.login,
    "verto.attach": [...ABOUT_A_CALL, "dialogParams.attach", "sdp"],
    "verto.modify": [...ABOUT_A_CALL, "action", "sdp"],
  },
  telnyx: {
    login: [...FIELDS.telnyx.login, "loginParams.attach_call", "sessid"],
    "telnyx_rtc.attach": [...ABOUT_A_CALL, "User-Agent", "dialogParams.attach", "sdp", "trickle"],
    "telnyx_rtc.modify": [...ABOUT_A_CALL, "action", "callID", "sdp", "trickle"],
  },
};

/** What may be in the note for the next page, and of a call in it. */
const NOTE = ["at", "calls", "ended", "node", "sessid"];
const NOTE_OF_A_CALL = [
  "answered", "connected", "control", "destination", "doubt", "headers", "held", "id", "inbound", "left", "leg", "muted",
  "name", "number", "relay", "session", "started", "state", "variables",
];

/** Each with faults of its own. */
const USERS = { freeswitch: "1000", telnyx: "1001" };

const here = stage({ together: true, browser: { isNetworkWatched: true } });

for (const [dialect, fields] of Object.entries(FIELDS)) {
  test(`${dialect}: a call sends what the page says, and stores nothing`, async () => {
    const page = await openPage(here.browser, `${here.gateway.page}bare.html`);
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    const relay = `turn:127.0.0.1:${await freePort()}`;
    await aWholeCall(page, { dialect, url: here.gateway[dialect], relay });

    const seen = await sentFields(page);
    for (const [method, paths] of Object.entries(seen)) {
      assert.ok(method in fields, `${method} is not told of`);
      assert.deepEqual(paths, [...fields[method]].sort(), method);
    }
    assert.deepEqual(Object.keys(fields).filter((method) => !(method in seen)), []);

    assert.deepEqual(await page.evaluate(stored), { cookie: "", local: 0, session: 0, databases: 0, caches: 0 });
    assert.deepEqual(requests.filter((url) => new URL(url).host !== new URL(here.gateway.page).host), []);
    await page.evaluate(() => window.client.close());
  });
}

// They mostly wait.
describe("what is sent for a lost call", { concurrency: 2 }, () => {
  for (const [dialect, fields] of Object.entries(FIELDS_OF_RECOVERY)) {
    test(`${dialect}: a call that comes back sends what the page says, and leaves a note without secrets`, async () => {
      // Of its own, as locks and notes are the browser's.
      const context = await here.browser.createBrowserContext();
      const page = await openPage(context, `${here.gateway.page}bare.html`);
      const user = USERS[dialect];
      await watchSockets(page);
      await page.evaluate(async (how) => {
        const { connect } = await import("/js/index.js");
        window.client = await connect({ ...how, password: "1234", onReload: "resume" });
        window.call = window.client.newCall({ destinationNumber: "9196" });
        window.returned = 0;
        window.call.on("state", ({ state, previous }) => {
          if (previous === "reconnecting" && state === "active") window.returned += 1;
        });
      }, { dialect, login: user, url: here.gateway[dialect] });
      await until("packets come", () => page.evaluate(() => window.call.stats?.packetsReceived > 20));
      await page.evaluate(() => (window.sent = []));

      await here.gateway.fault(`media=restart&user=${user}`);
      await until("the call is back", () => page.evaluate(() => window.returned >= 1));
      await here.gateway.fault(`drop&user=${user}`);
      await until("the call is back again", () => page.evaluate(() => window.returned >= 2));

      const seen = await sentFields(page);
      for (const [method, paths] of Object.entries(fields)) assert.deepEqual(seen[method], [...paths].sort(), method);
      const [[key, text], ...others] = await page.evaluate(() => Object.entries(sessionStorage));
      assert.deepEqual([others, key], [[], `offhook ${here.gateway[dialect]} ${user} 1`]);
      assert.doesNotMatch(text, /"1234"|v=0|ice-pwd|fingerprint/);
      const { calls, ...note } = JSON.parse(text);
      assert.deepEqual(Object.keys({ calls, ...note }).filter((name) => !NOTE.includes(name)), []);
      assert.deepEqual(Object.keys(calls[0]).filter((name) => !NOTE_OF_A_CALL.includes(name)), []);
      const locks = await page.evaluate(async () => (await navigator.locks.query()).held.map(({ name }) => name));
      assert.deepEqual(locks, [`offhook ${note.sessid}`]);

      await page.evaluate(() => window.client.close());
      assert.deepEqual((await page.evaluate(stored)).session, 0);
    });
  }
});

/** Takes down what is sent, as `sent`. */
function watchSockets(page) {
  return page.evaluate(() => {
    const Socket = window.WebSocket;
    window.sent = [];
    window.WebSocket = class extends Socket {
      send(text) {
        window.sent.push(JSON.parse(text));
        super.send(text);
      }
    };
  });
}

/** Which fields were in the requests that were sent, by method; the page has to tell of each method. */
async function sentFields(page) {
  const frames = (await page.evaluate(() => window.sent)).filter(({ method }) => method !== undefined);
  const seen = {};
  for (const { method, params } of frames) {
    assert.ok(PAGE.includes(`\`${method.split(".").at(-1)}\``), `${method} is not in the page`);
    seen[method] = [...new Set([...(seen[method] ?? []), ...paths(params)])].sort();
  }
  return seen;
}

/** Signs in, calls the echo with everything that can be given, holds, sends digits, hangs up. */
async function aWholeCall(page, { dialect, url, relay }) {
  await watchSockets(page);
  await page.evaluate(async (how, urls) => {
    const { connect } = await import("/js/index.js");
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
    await until("all candidates are sent", () => page.evaluate(isDone), { within: 60_000 });
  }
  await page.evaluate(async () => {
    await window.call.hold();
    await window.call.unhold();
    await window.call.dtmf("1");
    // An echo cannot be handed on, and Telnyx hands nothing on.
    await window.call.transfer("1001").catch(() => {});
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
