// The check before a call: against servers that are well, and against those that are not.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check, loadChecks, openChecks, startHole } from "../harness/check.mjs";
import { startCoturn } from "../harness/coturn.mjs";
import { freePort, startGateway } from "../harness/gateway.mjs";
import { describeOnce, testOnce } from "../harness/once.mjs";
import { nothingIsLeft, signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { startMuteVerto, startSilentServer } from "../harness/servers.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ also: { relay: startCoturn } });

/** What takes no time that a test is not about; what has to answer has time, as a machine under load needs it. */
const QUICK = { microphoneSeconds: 0.5, gatewaySeconds: 8, iceSeconds: 8 };

/** Where one never answers, and others do. */
const HOLE = { iceSeconds: 3 };

const turn = (transport) => `turn:${here.relay.host}:${here.relay.port}?transport=${transport}`;

/** One part of a check, without the others. */
const only = (options) => ({ ...QUICK, microphone: false, call: false, url: here.gateway.freeswitch, ...options });

/** Whether the gateway counts as slow, as it is on a machine under load. How long a socket takes to open does not count. */
function isSlow({ gateways }) {
  const trips = gateways.filter(({ rttBy }) => rttBy === "ping").map(({ rttMs }) => rttMs);
  return trips.length > 0 && Math.min(...trips) >= 300;
}

/** What was found, but for that. */
function codes({ reasons, gateways }) {
  return reasons.map(({ code }) => code).filter((code) => code !== "gatewaySlow" || !isSlow({ gateways }));
}

/** Holds a check to having found nothing else. */
function isWell(report) {
  assert.deepEqual([report.verdict, codes(report)], [isSlow(report) ? "degraded" : "ready", []]);
}

/** What the figures of a test call say: a machine under load is a bad network. */
function badFigures({ mos, jitter, rtt, loss }) {
  const bad = {
    lowMos: mos.mean < 3.7, packetLoss: loss >= 0.02, highJitter: jitter.mean >= 0.03, highRtt: rtt.mean >= 0.3,
  };
  return Object.keys(bad).filter((code) => bad[code]);
}

/** Holds a test call on this machine to what it must be in any case, and its reasons to its figures. */
function isMeasured({ call, verdict, ...report }, more = []) {
  const told = badFigures(call);
  assert.deepEqual(codes(report), [...told, ...more], JSON.stringify(call));
  assert.equal(verdict, told.length > 0 || isSlow(report) ? "degraded" : "ready");
  const { mos, jitter, rtt, loss, packetsSent, packetsReceived, setUpMs, quality } = call;
  assert.ok(mos.least <= mos.mean && mos.mean <= mos.most && mos.most < 4.42 && mos.mean > 3, JSON.stringify(mos));
  assert.ok(jitter.mean < 0.1 && rtt.mean >= 0 && rtt.mean < 0.5 && loss < 0.1, JSON.stringify({ jitter, rtt, loss }));
  assert.ok(packetsSent > 50 && packetsReceived > 50 && setUpMs > 0 && quality !== "unknown", JSON.stringify(call));
}

async function checked(options, how) {
  const page = await openChecks(here);
  const outcome = await check(page, options, how);
  await nothingIsLeft(page);
  await page.close();
  assert.ok(outcome.isQuiet, "it told something after its end");
  return outcome;
}

test("where all is well it is ready: every step is told, and the microphone was asked for once", async () => {
  const { report, told, asked } = await checked({
    ...QUICK, url: here.gateway.freeswitch, call: false,
    iceServers: [{ urls: [turn("udp"), turn("tcp")], ...here.relay.credentials }],
  });

  isWell(report);
  assert.equal(asked, 1);
  const { permission, devices, microphone, gateways: [gateway], ice } = report;
  assert.deepEqual([permission.after, permission.failure], ["granted", undefined]);
  assert.ok(devices.microphones.length > 0 && devices.microphones.every(({ label }) => label), "no names");
  assert.ok(microphone.loudest.rmsDb > -40 && microphone.average.rmsDb > -40, JSON.stringify(microphone));
  assert.deepEqual([gateway.url, gateway.rttBy], [here.gateway.freeswitch, "ping"]);
  // Firefox counts whole milliseconds, of which an answer from the same machine takes none. Two seconds is no answer.
  assert.ok(gateway.openMs >= 0 && gateway.rttMs >= 0 && gateway.rttMs <= 2_000, JSON.stringify(gateway));
  assert.deepEqual(ice.relay, { udp: true, tcp: true });
  assert.deepEqual([...new Set(ice.candidates.map(({ type }) => type))], ["host", "relay"]);

  const steps = told.filter(({ state }) => state === "done").map(({ step }) => step);
  assert.deepEqual(steps.toSorted(), ["devices", "gateway", "ice", "microphone", "permission"]);
  assert.ok(told.filter(({ step }) => step === "level").length >= 5);
  assert.equal(told.filter(({ step }) => step !== "level").at(-1).whole, report.verdict);
  // It asked these servers, and shows no address that they or the browser found, nor what let it in.
  const shown = JSON.stringify(report).replaceAll(`${here.relay.host}:${here.relay.port}`, "");
  assert.doesNotMatch(shown, new RegExp(`${here.relay.host.replaceAll(".", "\\.")}|fd00:|\\.local|credential|username`));
});

describe("the gateway", () => {
  for (const dialect of ["freeswitch", "telnyx"]) {
    test(`${dialect}: a round trip is measured without signing in, and its address told without its query`, async () => {
      const { report } = await checked(only({ url: `${here.gateway[dialect]}?key=secret`, dialect }));
      const [{ url, rttBy, rttMs }] = report.gateways;
      isWell(report);
      assert.deepEqual([url, rttBy], [here.gateway[dialect], "ping"]);
      assert.ok(rttMs >= 0 && rttMs <= 2_000, `${rttMs} ms`);
    });
  }

  test("one that is stopped blocks, and beside another one degrades", async () => {
    const gone = await startGateway();
    await gone.stop();
    const { report } = await checked(only({ url: gone.freeswitch }));
    assert.deepEqual([report.verdict, codes(report)], ["blocked", ["gatewayUnreachable"]]);
    assert.equal(report.reasons[0].subject, gone.freeswitch);

    const both = await checked(only({ url: [gone.freeswitch, here.gateway.freeswitch] }));
    assert.deepEqual([both.report.verdict, codes(both.report)], ["degraded", ["gatewayUnreachable"]]);
  });

  test("one that takes connections and says nothing has not answered in time", async () => {
    const server = await startSilentServer();
    const { report } = await checked(only({ url: server.url, gatewaySeconds: 0.5 }));
    assert.deepEqual([report.verdict, codes(report)], ["blocked", ["gatewayTimedOut"]]);
    await server.stop();
  });

  test("one that opens and answers nothing is silent; Telnyx's opening is all there is", async () => {
    const server = await startMuteVerto();
    const { report } = await checked(only({ url: server.url }));
    assert.deepEqual([report.verdict, codes(report)], ["blocked", ["gatewaySilent"]]);
    const telnyx = await checked(only({ url: server.url, dialect: "telnyx" }));
    const [{ rttBy, rttMs, openMs }] = telnyx.report.gateways;
    isWell(telnyx.report);
    assert.equal(rttBy, "opening");
    assert.equal(rttMs, openMs);
    await server.stop();
  });
});

describe("ICE servers", () => {
  const ice = async (servers, options) => {
    const { report } = await checked(only({ iceServers: servers, ...options }));
    return report;
  };

  test("each is asked alone: those that work are told from those that do not, and why", async () => {
    const hole = await startHole(here.relay.host);
    const { credentials, host } = here.relay;
    const report = await ice([
      { urls: [turn("udp"), `turn:${host}:${hole.port}`], ...credentials },
      { urls: turn("tcp"), ...credentials, credential: "wrong" },
      { urls: `turns:${host}:${await freePort()}`, ...credentials },
      { urls: `stun:${host}:${here.relay.port}` },
    ], HOLE);
    const outcomes = report.ice.servers.map(({ protocol, type, works, failure }) => [type, protocol, works, failure]);
    assert.deepEqual(outcomes, [
      ["turn", "udp", true, undefined], ["turn", "udp", false, "timedOut"], ["turn", "tcp", false, "unauthorized"],
      ["turn", "tls", false, "unreachable"], ["stun", "udp", true, undefined],
    ]);
    assert.deepEqual(report.ice.relay, { udp: true, tcp: false, tls: false });
    assert.equal(report.ice.servers[2].errorCode, 401);
    assert.equal(report.verdict, "degraded");
    assert.deepEqual(codes(report).toSorted(), ["iceTimedOut", "iceUnauthorized", "iceUnreachable"]);
    await hole.stop();
  });

  test("without any that relays, calls are degraded, and blocked where they may only be relayed", async () => {
    const servers = [{ urls: turn("udp"), ...here.relay.credentials, credential: "wrong" }];
    assert.deepEqual(codes(await ice(servers)), ["noRelay", "iceUnauthorized"]);
    const forced = await ice(servers, { forceRelay: true });
    assert.deepEqual([forced.verdict, codes(forced)[0]], ["blocked", "noCandidates"]);
  });

  test("TCP alone says that UDP is blocked", async () => {
    const hole = await startHole(here.relay.host);
    const { credentials, host } = here.relay;
    const report = await ice([{ urls: [`turn:${host}:${hole.port}`, turn("tcp")], ...credentials }], HOLE);
    assert.deepEqual(codes(report), ["udpBlocked", "iceTimedOut"]);
    await hole.stop();
  });

  test("a closed port is told, and so is what the browser does not take", async () => {
    const closed = await freePort();
    const { credentials, host } = here.relay;
    const report = await ice([
      { urls: `turn:${host}:${closed}?transport=tcp`, ...credentials }, { urls: turn("udp") }, { urls: "turn:" },
    ]);
    const failures = report.ice.servers.map(({ failure }) => failure);
    assert.deepEqual(failures, ["unreachable", "invalid", "invalid"]);
  });
});

describe("what is heard of the microphone", () => {
  test("one that says exactly nothing is degraded", async () => {
    const page = await openChecks(here);
    await page.evaluate(() => {
      const real = navigator.mediaDevices.getUserMedia;
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await real(constraints);
        stream.getAudioTracks()[0].enabled = false;
        return stream;
      };
    });
    const { report } = await check(page, { ...QUICK, url: here.gateway.freeswitch, call: false });
    assert.deepEqual([report.verdict, codes(report)], ["degraded", ["microphoneSilent"]]);
    assert.equal(report.microphone.loudest.peak, 0);
    await nothingIsLeft(page);
    await page.close();
  });
});

describe("the test call", () => {
  const relays = (urls) => [{ urls, ...here.relay.credentials }];

  test("to itself leads over the relay and is scored, without a microphone", async () => {
    const { report, asked, told } = await checked(only({ call: "loopback", iceServers: relays([turn("udp")]) }));

    const { kind, via, over, seconds } = report.call;
    assert.deepEqual([kind, via, over, seconds, asked], ["loopback", "relay", "udp", 6, 0]);
    isMeasured(report);
    assert.ok(told.filter(({ step, state }) => step === "call" && state === "running").length >= 5, "it told no figures");
  });

  testOnce("Firefox names no protocol to the relay but its own")("over TCP where nothing else relays", async () => {
    const { report } = await checked(only({ call: "loopback", iceServers: relays([turn("tcp")]) }));
    assert.deepEqual([report.call.via, report.call.over], ["relay", "tcp"]);
  });

  test("to itself without a relay stays in the computer, and says so", async () => {
    const { report } = await checked(only({ call: "loopback" }));
    assert.equal(report.call.via, "host");
    isMeasured(report, ["loopbackLocal"]);
  });

  test("to itself that does not connect in time says so, and blocks nothing", async () => {
    const { report } = await checked(only({ call: "loopback", setUpSeconds: 0.01 }));
    assert.deepEqual([report.verdict, codes(report)], ["inconclusive", ["callNotConnected"]]);
  });

  for (const dialect of ["freeswitch", "telnyx"]) {
    test(`${dialect}: to an echo service, signing in and out, with one question for the microphone`, async () => {
      const signIn = { url: here.gateway[dialect], dialect, login: "1000", password: "1234" };
      const { report, asked } = await checked({ ...QUICK, signIn, call: { destinationNumber: "9196", seconds: 5 } });

      assert.deepEqual([report.call.kind, report.call.via, asked], ["call", "host", 1]);
      isMeasured(report);
      assert.ok(report.signIn.ms > 0);
      assert.doesNotMatch(JSON.stringify(report), /"1234"|"1000"/);
    });
  }

  test("with a client it leaves that as it was", async () => {
    const phone = await signedIn(here.browser, here.gateway);
    await phone.page.evaluate(loadChecks);
    const call = { destinationNumber: "9196", seconds: 4 };
    const { report } = await check(phone.page, { ...QUICK, withClient: true, call });
    assert.equal(report.gateways[0].url, here.gateway.freeswitch);
    isMeasured(report);
    assert.deepEqual([report.steps.signIn.state, report.call.kind], ["skipped", "call"]);
    const again = await phone.dial("9196");
    await again.reaches("active");
    await phone.close();
  });

  test("a busy number, a wrong password and one that never answers are told", async () => {
    const signIn = { url: here.gateway.freeswitch, login: "1000", password: "1234" };
    const busy = await checked(only({ signIn, call: { destinationNumber: "486" } }));
    assert.deepEqual([busy.report.verdict, codes(busy.report)], ["inconclusive", ["callEnded"]]);
    assert.equal(busy.report.call.cause, "USER_BUSY 17");
    const ringing = await checked(only({ signIn, call: { destinationNumber: "9182" }, setUpSeconds: 1 }));
    assert.deepEqual(codes(ringing.report), ["callNotAnswered"]);
    const wrong = { ...signIn, password: "wrong" };
    const refused = await checked(only({ signIn: wrong, call: { destinationNumber: "9196" } }));
    assert.deepEqual([refused.report.verdict, codes(refused.report)], ["blocked", ["signInRefused"]]);
    assert.equal(refused.report.steps.call.state, "skipped");
  });

  test("over a network that loses and delays, it is degraded with its reasons", async () => {
    const user = "1002";
    const signIn = { url: here.gateway.freeswitch, login: user, password: "1234" };
    const page = await openChecks(here);
    const running = check(page, only({ signIn, call: { destinationNumber: "9196", seconds: 10 } }));
    await until("it is called", async () => {
      // Until then the gateway knows of no such call.
      return here.gateway.fault(`network&user=${user}&loss=10&delay=400&seed=3`).catch(() => 0);
    });
    const { report } = await running;
    assert.equal(report.verdict, "degraded");
    assert.ok(codes(report).includes("packetLoss") && codes(report).includes("lowMos"), JSON.stringify(report.call));
    assert.ok(report.call.loss > 0.02 && report.call.loss < 0.6, JSON.stringify(report.call));
    await nothingIsLeft(page);
    await page.close();
  });
});

describe("aborted", () => {
  test("at whatever it tells, it rejects with the reason and leaves nothing", async () => {
    const options = {
      ...QUICK, url: here.gateway.freeswitch, call: { destinationNumber: "9196", seconds: 1 },
      signIn: { url: here.gateway.freeswitch, login: "1000", password: "1234" },
      iceServers: [{ urls: turn("udp"), ...here.relay.credentials }],
    };
    const page = await openChecks(here);
    for (let abortAt = 1; ; abortAt += 1) {
      const { error, told, isQuiet, report } = await check(page, options, { abortAt });
      const moments = told.filter(({ step }) => step !== "level").length;
      // How many there are depends on how the call goes; now there were fewer.
      if (moments < abortAt) {
        assert.ok(report.verdict, "it was not aborted");
        assert.ok(moments >= 12, `only ${moments}`);
        break;
      }
      assert.equal(error, "enough", `at ${abortAt}: ${JSON.stringify(told.at(-1))}`);
      assert.ok(isQuiet, `at ${abortAt} it told something after its end`);
      await nothingIsLeft(page);
    }
    await page.close();
  });

  test("in the middle of a loopback", async () => {
    const options = only({ call: "loopback", iceServers: [{ urls: turn("udp"), ...here.relay.credentials }] });
    const page = await openChecks(here);
    const whole = await check(page, options);
    const first = 1 + whole.told.findIndex(({ step, state }) => step === "call" && state === "running");
    assert.ok(first > 0, "it called nobody");
    for (const abortAt of [first, first + 1, first + 3]) {
      assert.equal((await check(page, options, { abortAt })).error, "enough", `at ${abortAt}`);
      await nothingIsLeft(page);
    }
    await page.close();
  });

  test("by a signal, also one that has aborted before", async () => {
    const page = await openChecks(here);
    const outcome = await page.evaluate(async (url) => {
      const { checkCall } = await import("/js/check.js");
      const signals = [AbortSignal.abort(new Error("before")), AbortSignal.timeout(50)];
      const checks = signals.map((signal) => checkCall({ url, signal }));
      return Promise.all(checks.map(({ done }) => done.then(() => "done", ({ name, message }) => `${name} ${message}`)));
    }, here.gateway.freeswitch);
    assert.equal(outcome[0], "Error before");
    assert.match(outcome[1], /^TimeoutError/);
    await nothingIsLeft(page);
    await page.close();
  });
});

for (const [microphone, verdict, code] of [
  ["refused", "permissionDenied", "permissionDenied"], ["missing", "blocked", "noMicrophone"],
]) {
  describe(`with a microphone that is ${microphone}`, () => {
    const there = stage({ browser: { microphone } });

    test("it says so, checks the rest, and calls nobody", async () => {
      const signIn = { url: there.gateway.freeswitch, login: "1000", password: "1234" };
      const page = await openChecks(there);
      const { report } = await check(page, { ...QUICK, signIn, call: { destinationNumber: "9196" } });
      assert.deepEqual([report.verdict, codes(report)], [verdict, [code]]);
      const { microphone: heard, gateway, call } = report.steps;
      assert.deepEqual([heard.state, gateway.verdict, call.state], ["skipped", isSlow(report) ? "degraded" : "ready", "skipped"]);
      await nothingIsLeft(page);
      await page.close();
    });
  });
}

describe("as at a person's desk, where browsers hide addresses", () => {
  const there = stage({ browser: { isPlain: true, microphone: "refused" } });

  test("hidden addresses count as the computer's own", async () => {
    const page = await openChecks(there);
    const { report } = await check(page, { ...QUICK, microphone: false, call: false, url: there.gateway.freeswitch });
    isWell(report);
    assert.equal(report.ice.host, true);
    assert.ok(report.ice.candidates.some(({ type, hidden }) => type === "host" && hidden), JSON.stringify(report.ice));
    await nothingIsLeft(page);
    await page.close();
  });
});

describeOnce("Firefox takes no certificate that nobody has signed, and cannot be told to")("a relay over TLS", () => {
  const there = stage({ browser: { isTrusting: true }, also: { relay: () => startCoturn({ isSecure: true }) } });

  test("works, and is told apart", async () => {
    const { host, tlsPort, credentials } = there.relay;
    const page = await openChecks(there);
    const iceServers = [{ urls: `turns:${host}:${tlsPort}?transport=tcp`, ...credentials }];
    const { report } = await check(page, {
      ...QUICK, microphone: false, call: "loopback", url: there.gateway.freeswitch, iceServers,
    });
    assert.deepEqual(report.ice.relay, { tls: true });
    isMeasured(report);
    assert.deepEqual([report.call.via, report.call.over], ["relay", "tls"]);
    await nothingIsLeft(page);
    await page.close();
  });
});
