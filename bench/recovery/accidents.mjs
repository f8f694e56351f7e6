// What goes wrong beside the gateway: with the page, the machine, the way, or the TURN server.

import * as around from "../../tests/harness/around.mjs";
import { startCable } from "../../tests/harness/cable.mjs";
import { hearing, outage, recording } from "../../tests/harness/gap.mjs";
import { openPhone } from "../../tests/harness/phone.mjs";
import { until } from "../../tests/harness/poll.mjs";
import { PATIENCE, away, endOf, how, inCall, isBack, last, letAll, over, unharmed } from "./measures.mjs";

/** How long what comes back is away, in ms: a relay's loss is noticed after some seven seconds. */
const AWAY = 15_000;

/** After waking, until a socket that is dead is known to be so, in ms. */
const LOOKED_AFTER = 6_000;

export const restart = inCall({}, async (talk, { gateway }) => {
  const returned = Date.now() + 1_000;
  await gateway.fault("restart=1");
  const { at } = await until("ready again", async () => (await talk.phone.all("ready"))[1]);
  return { ready: at - returned, ended: await endOf(talk) - returned, how: await how(talk) };
});

export async function reload(stage, dialect) {
  const options = { dialect, onReload: "resume" };
  const talk = await hearing(stage, options);
  const { phone, call } = talk;
  await phone.reload();
  await recording(phone.page);
  let active;
  const { heardAfter } = await outage(talk, () => {
    return phone.signIn({ login: "1000", password: "1234", url: stage.gateway[dialect], ...options });
  }, async (since) => {
    await until("the call is recovered", () => phone.heard("recoveredCall"));
    await call.reaches("active", { within: PATIENCE });
    active = (await last(talk, "active")).at - since;
  });
  await phone.close();
  return { heard: heardAfter, active };
}

export async function relay(stage, dialect) {
  const { coturn } = stage;
  return inCall({ iceServers: coturn.iceServers, forceRelay: true }, (talk) => away(talk, async () => {
    await coturn.die();
    await coturn.live();
  }))(stage, dialect);
}

export async function relayForAWhile(stage, dialect) {
  const { coturn } = stage;
  return inCall({ iceServers: coturn.iceServers, forceRelay: true }, (talk) => {
    return awayForAWhile(talk, () => coturn.die(), () => coturn.live());
  })(stage, dialect);
}

export async function relayIsGone(stage, dialect) {
  const { coturn } = stage;
  const options = { iceServers: coturn.iceServers, forceRelay: true, recoverySeconds: 10 };
  const sample = await inCall(options, (talk) => over(talk, () => coturn.die()))(stage, dialect);
  await coturn.live();
  return sample;
}

export function unreachableForAWhile(stage, dialect) {
  return byCable(stage, dialect, {}, (talk, cable) => awayForAWhile(talk, () => cable.pull(), () => cable.mend()));
}

/** What goes and returns after a while: times run from its return. */
async function awayForAWhile(talk, go, comeBack) {
  let returned;
  let times;
  const { gap, soundSince } = await outage(talk, go, async (since) => {
    await until("it was away", async () => Date.now() > since + AWAY, { within: 2 * AWAY });
    await comeBack();
    returned = Date.now();
    times = await isBack(talk, returned);
  }, { within: PATIENCE });
  return { gap, heard: Math.max(0, soundSince - returned), ...times };
}

export function unreachable(stage, dialect) {
  return byCable(stage, dialect, { recoverySeconds: 10 }, async (talk, cable) => {
    const sample = await over(talk, () => cable.pull());
    cable.mend();
    return sample;
  });
}

/** A measurement in a call whose signalling goes over a cable of ours. */
async function byCable(stage, dialect, options, measure) {
  const cable = await startCable(stage.gateway[dialect]);
  try {
    return await inCall({ url: cable.url, ...options }, (talk) => measure(talk, cable))(stage, dialect);
  } finally {
    await cable.stop();
  }
}

/** The machine sleeps for so many seconds, in which the gateway does as it is told. */
export function sleep(seconds, queries = []) {
  return inCall({}, async (talk, stage) => {
    const wake = around.sleep(stage.browser);
    try {
      const since = Date.now();
      await letAll(stage, queries);
      await until("it has slept", async () => Date.now() > since + seconds * 1_000, { within: 2_000 * seconds });
      if (queries.length > 0) return await away(talk, async () => wake());
      return await unharmed(talk, async () => wake(), LOOKED_AFTER);
    } finally {
      wake();
    }
  });
}

/** No call, since a page with one is not kept. */
export async function backForward(stage, dialect) {
  const phone = await openPhone(stage.browser, stage.gateway);
  const { page } = phone;
  await phone.signIn({ login: "1000", password: "1234", url: stage.gateway[dialect], dialect });
  await page.evaluate(() => {
    addEventListener("pageshow", ({ persisted, timeStamp }) => persisted && (window.shownAt = timeStamp));
    window.client.on("ready", () => { window.readyAt = performance.now(); });
  });
  const { isKept, reasons } = await around.leaveAndGoBack(phone);
  if (!isKept) throw new Error(`the page is not kept, because of ${reasons}`);
  const ready = await until("ready again", () => {
    return page.evaluate(() => window.readyAt && window.readyAt - window.shownAt);
  });
  await phone.close();
  return { ready };
}
