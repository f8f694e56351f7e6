// A network that is bad on command is as bad as the browser says: what was injected, what the gateway counted, and what
// the browser reports are the same.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ together: true });

/** Twenty seconds of packets. */
const LONG = 1000;
/** The other side's reports come every few seconds; after two of them nothing of the network before is left. */
const SETTLED = 600;

describe("a bad network", { concurrency: true }, () => {
  test("loses as many packets as were told to be lost, within one percentage point", async () => {
    const { phone, call, user } = await inACall("1000");
    assert.equal(await here.gateway.fault(`network&user=${user}&loss=5&seed=1`), 1);
    const before = await look(phone, user);

    const after = await passed(phone, user, before, LONG);

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
    const near = await until("a report", async () => (await look(phone, user)).remote.rtt, { within: 20_000 });
    assert.equal(await here.gateway.fault(`network&user=${user}&delay=100`), 1);

    const far = await leastRtt(phone, user);

    const longer = (far - near) * 1000;
    console.log(`rtt: told 200 ms, reported ${longer.toFixed(1)} ms more than ${(near * 1000).toFixed(1)} ms`);
    assert.ok(Math.abs(longer - 200) < 20, `${longer} ms`);
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
  }, { within: 20_000 });
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
