// What goes wrong in a call, and how what comes of it is measured: each sample is a call of its own.

import { until } from "../../tests/harness/poll.mjs";
import { hearing, outage, recording } from "../../tests/harness/gap.mjs";

const BOTH = ["telnyx", "freeswitch"];

/** Within this everything is back or over, in ms: who is not heard is asked after 45 s. */
const PATIENCE = 75_000;

/**
 * One that is `slow` needs half a minute and more for each sample. `measure(stage, dialect)` resolves to milliseconds:
 * `gap` is the longest silence, `heard` from the fault to the end of the last silence, `active` and `ready` and `ended`
 * from the fault to those events. `code` says how a call ended.
 *
 * @typedef {{ gap?: number, heard?: number, active?: number, ready?: number, ended?: number, code?: number }} Sample
 */
export const FAULTS = [
  fault("drop", "socket cut off", comesBack("drop&user=1000")),
  fault("close", "socket closed by the gateway", comesBack("close=4000&user=1000")),
  fault("refuse", "socket cut off, next login refused", comesBack("refuse&user=1000", "drop&user=1000")),
  fault("garbage", "garbage", staysUp("garbage&user=1000")),
  fault("reoffer", "the gateway offers new media", staysUp("reoffer&user=1000")),
  fault("delay", "the gateway answers after 0.8 s", staysUp("delay=800&user=1000")),
  fault("reload", "page loaded again (from connect())", reload),
  fault("restart", "gateway away for a second (from its return)", restart),
  fault("forget", "socket cut off, call forgotten", ends("forget&user=1000", "drop&user=1000")),
  fault("punt", "session taken by another login", ends("punt&user=1000")),
  fault("node", "socket cut off, another node", ends("node", "drop&user=1000"), { dialects: ["telnyx"] }),
  fault("media-restart", "media gone until an ICE restart", comesBack("media=restart&user=1000")),
  fault("media-attach", "media gone until a re-attach", comesBack("media=attach&user=1000")),
  fault("relay", "TURN server dies and comes back at once", relay),
  fault("mute", "the gateway says nothing", comesBack("mute&user=1000"), { slow: true }),
  fault("deaf", "the gateway reads nothing", comesBack("deaf&user=1000"), { slow: true }),
];

function fault(name, title, measure, { dialects = BOTH, slow = false } = {}) {
  return { name, title, measure, dialects, slow };
}

/** The call is away and comes back. */
function comesBack(...queries) {
  return async (stage, dialect) => {
    const talk = await hearing(stage, { dialect });
    const sample = await away(talk, () => letAll(stage, queries));
    await talk.phone.close();
    return sample;
  };
}

async function away(talk, goWrong) {
  let active;
  const { gap, heardAfter } = await outage(talk, goWrong, async (since) => {
    await talk.call.passes("reconnecting", { within: PATIENCE });
    await talk.call.reaches("active", { within: PATIENCE });
    active = (await last(talk, "active")).at - since;
  }, { within: PATIENCE });
  return { gap, heard: heardAfter, active };
}

/** Nothing happens, for long enough to hear that. */
function staysUp(...queries) {
  return async (stage, dialect) => {
    const talk = await hearing(stage, { dialect });
    const { gap, heardAfter } = await outage(talk, () => letAll(stage, queries), (since) => {
      return until("two seconds have been heard", async () => Date.now() > since + 2_000);
    });
    if ((await talk.call.look()).state !== "active") throw new Error("the call is not active");
    await talk.phone.close();
    return { gap, heard: heardAfter };
  };
}

/** The call is over, with its reason. */
function ends(...queries) {
  return async (stage, dialect) => {
    const talk = await hearing(stage, { dialect });
    const since = Date.now();
    await letAll(stage, queries);
    await talk.call.ends({ within: PATIENCE });
    const sample = { ended: (await last(talk, "done")).at - since, code: await code(talk) };
    await talk.phone.close();
    return sample;
  };
}

async function restart(stage, dialect) {
  const talk = await hearing(stage, { dialect });
  const returned = Date.now() + 1_000;
  await stage.gateway.fault("restart=1");
  const { at } = await until("ready again", async () => (await talk.phone.all("ready"))[1]);
  await talk.call.ends({ within: PATIENCE });
  const sample = { ready: at - returned, ended: (await last(talk, "done")).at - returned, code: await code(talk) };
  await talk.phone.close();
  return sample;
}

async function reload(stage, dialect) {
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

async function relay(stage, dialect) {
  const { coturn } = stage;
  const talk = await hearing(stage, { dialect, iceServers: coturn.iceServers, forceRelay: true });
  const sample = await away(talk, async () => {
    await coturn.die();
    await coturn.live();
  });
  await talk.phone.close();
  return sample;
}

async function letAll({ gateway }, queries) {
  for (const query of queries) await gateway.fault(query);
}

/** The last time that the call became this. */
async function last({ phone, call }, state) {
  const entries = (await phone.all("state")).filter((entry) => entry.id === call.id && entry.state === state);
  return entries.at(-1);
}

async function code({ phone }) {
  return (await phone.heard("error"))?.error.code;
}
