// The check before a call: what it makes of what browsers do and leave out, and what it leaves behind.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { checkCall } from "offhook/check";
import { ROOT } from "../../scripts/process.mjs";
import { NOTHING, setBrowser, Track } from "./check-bench.mjs";

/** What answers does so at once, but not within a tenth of a second where this process has to wait for its turn. */
const QUICK = { url: "ws://pbx.example", microphoneSeconds: 0.06, gatewaySeconds: 5, iceSeconds: 5, call: false };
/** For who never answers: longer than this process has to wait for its turn, as the others answer meanwhile. */
const SOON = { gatewaySeconds: 0.6, iceSeconds: 0.6 };
const TURN = { username: "user", credential: "secret" };

let browser;
afterEach(() => browser?.restore());

/** Makes a check in such a browser; the report, in which nothing is open afterwards. */
async function checked(kind, options) {
  browser = setBrowser(kind);
  const report = await checkCall({ ...QUICK, ...options }).done;
  await settled();
  assert.deepEqual(browser.books.left(), NOTHING);
  return report;
}

/** What was asked for late has come, and gone. */
function settled() {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** What comes of it where time does not pass by itself. */
async function hurried({ timers }, running) {
  let isOver = false;
  const over = () => (isOver = true);
  running.then(over, over);
  while (!isOver) {
    timers.tick(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return running;
}

const codes = ({ reasons }) => reasons.map(({ code }) => code);

function refusing(name) {
  return () => {
    throw new DOMException("no", name);
  };
}

describe("the microphone", () => {
  for (const permission of ["granted", undefined, new TypeError("no such permission")]) {
    const known = permission instanceof Error ? "refuses the question" : permission ?? "does not tell";
    test(`opens once, where the browser says of the permission: ${known}`, async () => {
      const { verdict, permission: found, devices } = await checked({ permission });
      assert.equal(verdict, "ready");
      assert.deepEqual([found.before, found.after], [permission === "granted" ? "granted" : undefined, "granted"]);
      assert.equal(browser.asked.length, 1);
      assert.deepEqual(devices.speakers, [{ deviceId: "out", label: "Speakers" }]);
    });
  }

  for (const [name, permission, code, verdict] of [
    ["NotAllowedError", "denied", "permissionDenied", "permissionDenied"],
    ["NotAllowedError", "prompt", "permissionDismissed", "permissionDenied"],
    ["NotAllowedError", undefined, "permissionDenied", "permissionDenied"],
    ["NotFoundError", "prompt", "noMicrophone", "blocked"],
    ["OverconstrainedError", "granted", "noMicrophone", "blocked"],
    ["NotReadableError", "granted", "microphoneBusy", "blocked"],
    ["TypeError", "granted", "microphoneFailed", "blocked"],
  ]) {
    test(`${name} while the permission is ${permission}: ${code}`, async () => {
      const report = await checked({ permission, microphone: refusing(name) });
      assert.deepEqual([report.verdict, codes(report)], [verdict, [code]]);
      assert.equal(report.steps.microphone.state, "skipped");
    });
  }

  test("a page that is not secure, and one whose policy forbids it, are told", async () => {
    assert.deepEqual(codes(await checked({ isSecure: false })), ["insecureContext"]);
    browser.restore();
    const policy = { allowsFeature: () => false };
    assert.deepEqual(codes(await checked({ policy, microphone: refusing("NotAllowedError") })), ["permissionBlocked"]);
  });

  test("a question that nobody answers ends in time, and a late yes opens nothing", async () => {
    let answer;
    browser = setBrowser({ microphone: () => new Promise((resolve) => (answer = resolve)) });
    const report = await checkCall({ ...QUICK, permissionSeconds: 0.05 }).done;
    assert.deepEqual([report.verdict, codes(report)], ["inconclusive", ["permissionUnanswered"]]);
    answer(new Track());
    await settled();
    assert.deepEqual(browser.books.left(), NOTHING);
  });

  test("exact silence is degraded; what the system mutes is told from it", async () => {
    assert.deepEqual(codes(await checked({ level: 0 })), ["microphoneSilent"]);
    browser.restore();
    const report = await checked({ level: 0, microphone: () => Object.assign(new Track(), { muted: true }) });
    assert.deepEqual([report.verdict, codes(report)], ["degraded", ["microphoneMuted"]]);
  });

  test("who says nothing is quiet: that counts only where they were asked to speak", async () => {
    const alone = await checked({ level: 0.001 });
    assert.deepEqual([alone.verdict, codes(alone)], ["ready", ["microphoneQuiet"]]);
    browser.restore();
    const asked = await checked({ level: 0.001 }, { expectSpeech: true });
    assert.deepEqual([asked.verdict, codes(asked)], ["degraded", ["microphoneQuiet"]]);
  });

  test("sound that wakes up late is listened to all the same, for as long", async () => {
    const report = await checked({ wakesIn: 150 });
    assert.deepEqual([report.verdict, codes(report)], ["ready", []]);
    assert.ok(report.steps.microphone.ms >= 200, `${report.steps.microphone.ms} ms`);
  });

  test("without Web Audio, or before a touch, nothing is known of it", async ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const before = await hurried(mock, checked({ isAudible: false }));
    mock.timers.reset();
    assert.deepEqual([before.verdict, codes(before)], ["inconclusive", ["microphoneUnmeasured"]]);
    browser.restore();
    assert.deepEqual(codes(await checked({ hasWebAudio: false })), ["microphoneUnmeasured"]);
  });

  test("none is asked for where none is wanted", async () => {
    const report = await checked({}, { microphone: false });
    assert.deepEqual([browser.asked.length, report.steps.permission.state, report.verdict], [0, "skipped", "ready"]);
  });
});

describe("the gateway", () => {
  const at = (url, more) => checked({}, { microphone: false, url, ...more });

  test("each that fails has its reason; one that works beside them makes it degraded", async () => {
    const urls = ["ws://forbidden", "ws://closed", "ws://never", "ws://pbx.example/verto?token=secret#x"];
    const report = await at(urls, SOON);
    assert.equal(report.verdict, "degraded");
    assert.deepEqual(codes(report), ["gatewayForbidden", "gatewayUnreachable", "gatewayTimedOut"]);
    assert.equal(report.gateways[3].url, "ws://pbx.example/verto");
  });

  test("alone they block", async () => {
    assert.equal((await at("ws://closed")).verdict, "blocked");
  });

  test("a request of the server's with the same number is no answer", async () => {
    browser = setBrowser({ answers: () => ({ method: "verto.ping", params: {} }) });
    const report = await checkCall({ ...QUICK, microphone: false }).done;
    assert.deepEqual(codes(report), ["gatewaySilent"]);
  });

  test("Telnyx's regions are its hosts, each tried", async () => {
    const { gateways } = await at(undefined, { regions: ["auto", "eu", "apac"], iceServers: [] });
    const hosts = ["rtc.telnyx.com", "eu.rtc.telnyx.com", "apac.rtc.telnyx.com"];
    assert.deepEqual(gateways.map(({ url }) => url), hosts.map((host) => `wss://${host}`));
    assert.deepEqual(gateways.map(({ region }) => region), ["auto", "eu", "apac"]);
  });
});

describe("ICE", () => {
  const asking = (does, more) => {
    const urls = Object.keys(does);
    return checked({ server: (url) => does[url] }, { microphone: false, iceServers: [{ urls, ...TURN }], ...more });
  };

  test("addresses that the browser hides count, and are not told", async () => {
    const report = await checked({}, { microphone: false });
    assert.equal(report.ice.host, true);
    assert.deepEqual(report.ice.candidates, [{ type: "host", protocol: "udp", hidden: true }]);
    assert.doesNotMatch(JSON.stringify(report), /3f\.local/);
  });

  test("protocols are told apart by the address", async () => {
    const does = Object.fromEntries([
      "stun:a", "stuns:a", "turn:a", "turn:a?transport=udp", "turn:a?transport=tcp", "turns:a:443",
      "turns:a?transport=tcp",
    ].map((url) => [url, url.startsWith("stun") ? "srflx" : "relay"]));
    const { ice, verdict } = await asking(does);
    assert.deepEqual(ice.servers.map(({ protocol }) => protocol), ["udp", "tls", "udp", "udp", "tcp", "tls", "tls"]);
    assert.deepEqual([verdict, ice.reflexive, ice.relay], ["ready", true, { udp: true, tcp: true, tls: true }]);
  });

  test("a STUN server that shows no other address has answered, one with an error has not", async () => {
    const { ice } = await asking({ "stun:same": "nothing", "stun:gone": 701 });
    const outcomes = ice.servers.map(({ works, failure }) => [works, failure]);
    assert.deepEqual(outcomes, [[true, undefined], [false, "unreachable"]]);
  });

  for (const [does, failure, code] of [
    [401, "unauthorized", "iceUnauthorized"], [701, "unreachable", "iceUnreachable"],
    ["nothing", "unreachable", "iceUnreachable"], ["never", "timedOut", "iceTimedOut"],
  ]) {
    test(`a TURN server that does ${does} is ${failure}`, async () => {
      const report = await asking({ "turn:a": does, "turn:b?transport=tcp": "relay" }, does === "never" ? SOON : {});
      assert.equal(report.ice.servers[0].failure, failure);
      assert.ok(codes(report).includes(code));
    });
  }

  test("UDP is blocked where it alone fails; a wrong credential proves the contrary", async () => {
    assert.ok(codes(await asking({ "turn:a": "never", "turns:a": "relay" }, SOON)).includes("udpBlocked"));
    browser.restore();
    assert.ok(!codes(await asking({ "turn:a": 401, "turns:a": "relay" })).includes("udpBlocked"));
  });

  test("a browser without WebRTC is blocked", async () => {
    const report = await checked({ hasWebRtc: false }, { microphone: false });
    assert.deepEqual([report.verdict, codes(report)], ["blocked", ["noWebRtc"]]);
  });

  test("Telnyx's own servers are those of the core", async () => {
    browser = setBrowser({});
    const core = readFileSync(join(ROOT, "core/src/validation.rs"), "utf8").match(/fn telnyx_ice_servers[^]*?\n}/)[0];
    const known = [...core.matchAll(/"((?:stun|turns?):[^"]+)"/g)].map(([, url]) => url);
    const told = [];
    for (const environment of ["production", "development"]) {
      const { ice } = await checkCall({ ...QUICK, url: undefined, microphone: false, environment }).done;
      told.push(...ice.servers.map(({ url }) => url));
    }
    assert.ok(known.length >= 9);
    assert.deepEqual(told, known);
    assert.match(core, /"testuser"[^]*"testpassword"/);
    const own = await checkCall({ ...QUICK, dialect: "telnyx", microphone: false }).done;
    assert.deepEqual(own.ice.servers, [], "a gateway of one's own has none of theirs");
  });
});

describe("what is told", () => {
  test("each step, with all that is known; the whole once all are done", async () => {
    browser = setBrowser({});
    const check = checkCall(QUICK);
    const told = [];
    check.on("progress", ({ step, report }) => told.push([step, report]));
    const levels = [];
    check.on("level", (level) => levels.push(level.rms));
    const report = await check.done;

    assert.ok(told.every(([step, known]) => known.steps[step].state !== "waiting"));
    assert.deepEqual(told.slice(0, -1).map(([, known]) => known.verdict).filter(Boolean), []);
    assert.equal(told.at(-1)[1].verdict, "ready");
    assert.ok(levels.length > 0 && levels.every((rms) => Math.abs(rms - 0.2) < 1e-6));
    assert.ok(Object.isFrozen(report) && Object.isFrozen(report.steps) && Object.isFrozen(report.reasons));
    assert.deepEqual(JSON.parse(JSON.stringify(report)).steps, report.steps);
    assert.equal(check.report.verdict, "ready");
  });

  test("the worst reason says what the whole is, and comes first", async () => {
    const kind = { level: 0, server: () => "never" };
    const report = await checked(kind, { url: "ws://closed", iceServers: [{ urls: "stun:a" }], ...SOON });
    assert.equal(report.verdict, "blocked");
    assert.deepEqual(codes(report), ["gatewayUnreachable", "microphoneSilent", "iceTimedOut"]);
    assert.ok(report.reasons.every(({ message, advice }) => /^\S.*[^.]$/.test(message) && /^[A-Z].*\.$/.test(advice)));
  });

  test("a step that fails by itself is inconclusive, and the others go on", async () => {
    browser = setBrowser({});
    navigator.mediaDevices.enumerateDevices = async () => {
      throw new Error("odd");
    };
    const report = await checkCall(QUICK).done;
    assert.deepEqual([report.verdict, codes(report)], ["inconclusive", ["stepFailed"]]);
    assert.equal(report.steps.microphone.verdict, "ready");
  });
});

test("each reason has its type and its row in the documentation, with what it leads to", () => {
  const of = (path) => readFileSync(join(ROOT, path), "utf8");
  const [, union] = of("js/check.d.ts").match(/type ReasonCode =([^;]*);/);
  const typed = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const sources = readdirSync(join(ROOT, "js/check")).filter((name) => name.endsWith("reasons.js"));
  const lines = sources.flatMap((name) => of(`js/check/${name}`).match(/(?<=\bcode: (?!Told)|say\()[^,]*/g));
  const told = new Set(lines.flatMap((line) => line.match(/(?<=")\w+(?=")/g) ?? []));
  const VERDICTS = "`(?:permissionDenied|blocked|degraded|inconclusive|ready)`";
  const rows = [...of("docs/check.md").matchAll(new RegExp(`^\\| \`(\\w+)\` \\| (?:${VERDICTS}|as above)`, "gm"))];
  assert.deepEqual([...told].sort(), typed.toSorted());
  assert.deepEqual(rows.map(([, code]) => code).sort(), typed.toSorted());
});

describe("aborted", () => {
  test("at once and in every step: it rejects, tells nothing more and leaves nothing", async () => {
    for (const step of ["permission", "devices", "microphone", "gateway", "ice"]) {
      browser = setBrowser({ server: () => "never" });
      const check = checkCall({ ...QUICK, url: "ws://never", iceServers: [{ urls: "turn:a", ...TURN }] });
      let told = 0;
      check.on("progress", (event) => {
        told += 1;
        if (event.step === step) check.abort(new Error(step));
      });
      await assert.rejects(check.done, { message: step });
      const before = told;
      await settled();
      assert.equal(told, before, step);
      assert.deepEqual(browser.books.left(), NOTHING, step);
      browser.restore();
    }
  });

  test("by a signal that has aborted already, nothing is opened", async () => {
    browser = setBrowser({});
    const signal = AbortSignal.abort(new Error("before"));
    await assert.rejects(checkCall({ ...QUICK, signal }).done, { message: "before" });
    assert.equal(browser.asked.length + browser.books.sockets.length, 0);
  });

  test("while the person is asked, a late yes opens nothing; after the end nothing happens", async () => {
    let answer;
    browser = setBrowser({ microphone: () => new Promise((resolve) => (answer = resolve)) });
    const check = checkCall(QUICK);
    await settled();
    check.abort();
    await assert.rejects(check.done, { name: "AbortError" });
    answer(new Track());
    await settled();
    assert.deepEqual(browser.books.left(), NOTHING);
    check.abort();
  });
});

describe("options", () => {
  for (const [options, option] of [
    [{ url: "https://pbx.example" }, "url"], [{ url: 5 }, "url"], [{ regions: ["mars"] }, "regions[0]"],
    [{ url: "ws://a", regions: ["eu"] }, "regions"], [{ iceServers: "stun:a" }, "iceServers"],
    [{ iceServers: [{ urls: [5] }] }, "iceServers[0].urls"], [{ call: "echo" }, "call"],
    [{ call: { destinationNumber: "9196" } }, "call"], [{ microphoneSeconds: 0 }, "microphoneSeconds"],
    [{ iceSeconds: 600 }, "iceSeconds"], [{ signal: 5 }, "signal"], [{ client: {} }, "client"],
    [{ client: { newCall() {}, url: "ws://a", dialect: "freeswitch" }, signIn: {} }, "signIn"],
    [{ client: { newCall() {}, url: "ws://a" }, call: { seconds: 0 } }, "call.seconds"], [5, "options"],
  ]) {
    test(`${JSON.stringify(options)} is misuse of ${option}`, () => {
      assert.throws(() => checkCall(options), { name: "OffhookError", kind: "misuse", option });
    });
  }

  test("a secret in the wrong place is not shown", () => {
    const wrong = { iceServers: [{ urls: "turn:a", username: "u", credential: { secret: "hush" } }] };
    assert.throws(() => checkCall(wrong), ({ message }) => !message.includes("hush"));
  });
});
