// A network that is bad on command is as bad as the browser says: what was injected, what the gateway counted, and what
// the browser reports are the same.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ together: true });

/** Twenty seconds of packets. */
const LONG = 1000;
/** The other side's reports come every few seconds; after two of them nothing of the network before is left. */
const SETTLED = 600;

describe("a bad network", { concurrency: true }, () => {
  test("loses as many packets as were told to be lost, within one percentage point", async () => {
    const { phone, call, user } = await inACall("1000");
    await phone.page.evaluate(listen);
    assert.equal(await here.gateway.fault(`network&user=${user}&loss=5&seed=1`), 1);
    const before = await look(phone, user);

    const after = await passed(phone, user, before, LONG);

    const told = await phone.page.evaluate(() => window.told);
    console.log(`told: ${told.map(({ mos, quality }) => `${quality} ${mos?.toFixed(2)}`).join(", ")}`);
    assert.ok(told.length >= 8, "every two seconds");
    const apart = told.slice(1).map(({ at }, place) => at - told[place].at);
    // Now and then one comes later, where the machine is busy.
    assert.ok(Math.abs(middle(apart) - 2000) < 200, `${apart.map(Math.round)} ms apart`);
    const worst = told.reduce((one, other) => ((one.mos ?? 5) < (other.mos ?? 5) ? one : other));
    assert.ok(worst.mos < 3.7 && ["poor", "bad"].includes(worst.quality), "that it is bad");
    assert.ok(told.every(({ mos, quality }) => (quality === "unknown") === (mos === undefined)));
    const { inboundAudio, outboundAudio, remoteInboundAudio, isNewest, reports } = told.at(-1);
    const [jitter, rtt] = ["jitter", "rtt"].map((name) => middle(told.flatMap((quality) => quality[name] ?? [])));
    assert.ok(jitter > 0 && jitter < 0.1 && rtt > 0 && rtt < 1, `in seconds: ${jitter}, ${rtt}`);
    assert.deepEqual([inboundAudio, outboundAudio, remoteInboundAudio], ["inbound-rtp", "outbound-rtp", "remote-inbound-rtp"]);
    assert.deepEqual([isNewest, reports > told.length], [true, true], "the call has it, and a report came each second");

    const injected = share(difference(before.sent, after.sent));
    const reported = share(difference(before.inbound, after.inbound));
    console.log(`loss: told 5 %, counted ${percent(injected)}, reported ${percent(reported)}`);
    assert.ok(Math.abs(injected - 0.05) < 0.025, `counted ${percent(injected)}`);
    assert.ok(Math.abs(reported - injected) < 0.01, `reported ${percent(reported)} of ${percent(injected)}`);
    const missed = difference(before.received, after.received);
    const { lost } = after.remote;
    console.log(`the other way: counted ${percent(share(missed))}, ${missed.lost} packets, reported ${lost}`);
    assert.ok(Math.abs(share(missed) - 0.05) < 0.025, `of what goes: ${percent(share(missed))}`);
    // The gateway's last report may be five seconds old.
    assert.ok(lost > missed.lost / 3, `reported ${lost} of ${missed.lost}`);
    await over(phone, call);
  });

  test("takes as much longer as every datagram is delayed each way, within 20 ms", async () => {
    const { phone, call, user } = await inACall("1001");
    const near = await until("a report", async () => (await look(phone, user)).remote.rtt);
    assert.equal(await here.gateway.fault(`network&user=${user}&delay=100`), 1);

    const far = await leastRtt(phone, user);

    const [before, after] = [near * 1000, far * 1000];
    const said = `told 200 ms, reported ${before.toFixed(1)} ms before and ${after.toFixed(1)} ms after`;
    console.log(`rtt: ${said}`);
    // The one report before is longer, too, where the machine was busy: what is told alone is the least that may come.
    assert.ok(after > 180 && after - before < 220, said);
    await over(phone, call);
  });

  test("wavers as RFC 3550 says of what was sent, within 10 ms", async () => {
    const { phone, call, user } = await inACall("1002");
    assert.equal(await here.gateway.fault(`network&user=${user}&jitter=30&spread=tail&way=to`), 1);
    let last = await passed(phone, user, await look(phone, user), 200);
    const looks = [];
    for (let n = 0; n < 10; n += 1) looks.push(last = await passed(phone, user, last, 50));

    const counted = mean(looks.map(({ sent }) => sent.jitterMicroseconds / 1000));
    const reported = mean(looks.map(({ inbound }) => inbound.jitter * 1000));
    console.log(`jitter: told 30 ms, counted ${counted.toFixed(1)} ms, reported ${reported.toFixed(1)} ms`);
    assert.ok(counted > 10, `counted ${counted} ms`);
    assert.ok(Math.abs(reported - counted) < 10, `counted ${counted} ms, reported ${reported} ms`);
    await over(phone, call);
  });
});

/**
 * A call that hears the tone: a packet every 20 ms. They begin one after the other, as Firefox opens no microphone in the
 * background.
 */
function inACall(user) {
  dialled = dialled.then(() => dial(user));
  return dialled;
}

let dialled = Promise.resolve();

async function dial(user) {
  const phone = await signedIn(here.browser, here.gateway, { user });
  const call = await phone.dial("9198");
  await call.reaches("active");
  await until("packets go both ways", async () => {
    const { sent, received } = await here.gateway.traffic(user);
    return sent.packets > 50 && received.packets > 50;
  });
  return { phone, call, user };
}

async function over(phone, call) {
  await call.does("hangup");
  await phone.close();
}

/** The least round trip of three reports, once the network before is forgotten: a busy machine only adds to it. */
async function leastRtt(phone, user) {
  let last = await passed(phone, user, await look(phone, user), SETTLED);
  const reported = [];
  while (reported.length < 12) {
    reported.push(last.remote.rtt);
    last = await passed(phone, user, last, 50);
  }
  return Math.min(...reported);
}

/** In the page: takes down what the one call tells of its quality. */
function listen() {
  const [call] = client.calls;
  window.told = [];
  let reports = 0;
  call.on("report", ({ connection, report }) => (reports += Number(connection === call.peerConnection && report.size > 0)));
  call.on("quality", (quality) => {
    const types = Object.entries(quality).filter(([, value]) => value?.type).map(([name, { type }]) => [name, type]);
    const isNewest = call.quality === quality;
    window.told.push({ ...quality, ...Object.fromEntries(types), at: performance.now(), isNewest, reports });
  });
}

/** What the gateway has counted, and what the browser reports, of the one call in the page. */
async function look(phone, user) {
  const { sent, received } = await here.gateway.traffic(user);
  const reported = await phone.page.evaluate(async () => {
    const connection = watched.peers.find(({ connectionState }) => connectionState === "connected");
    const reports = [...(await connection.getStats()).values()].filter(({ kind }) => kind === "audio");
    const of = (type) => reports.find((report) => report.type === type);
    const { packetsReceived: packets, packetsLost: lost, jitter } = of("inbound-rtp");
    const { roundTripTime: rtt, packetsLost: missed } = of("remote-inbound-rtp") ?? {};
    return { inbound: { packets, lost, jitter }, remote: { rtt, lost: missed ?? 0 } };
  });
  return { sent, received, ...reported };
}

/** Waits until the gateway has sent so many packets more, lost ones included; what is to be seen then. */
function passed(phone, user, before, count) {
  return until(`${count} packets`, async () => {
    const seen = await look(phone, user);
    const { packets, lost } = difference(before.sent, seen.sent);
    return packets + lost >= count && seen;
  }, { within: count * 20 + 30_000 });
}

function difference(before, after) {
  return { packets: after.packets - before.packets, lost: after.lost - before.lost };
}

function share({ packets, lost }) {
  return lost / (packets + lost);
}

function percent(value) {
  return `${(value * 100).toFixed(2)} %`;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The median: what happens once, as on a busy machine, does not move it. */
function middle(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}
