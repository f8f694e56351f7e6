// How what comes of a fault is measured: each sample is a call of its own.

import { networkChanges, offline } from "../../tests/harness/around.mjs";
import { hearing, outage } from "../../tests/harness/gap.mjs";
import { until } from "../../tests/harness/poll.mjs";

/** Within this everything is back or over, in ms: who is not heard is asked after 45 s. */
export const PATIENCE = 75_000;

/** How long is listened where nothing should be heard to change, in ms. */
const WHILE = 2_000;

/** The call is away and comes back. */
export function comesBack(queries, options) {
  return inCall(options, (talk, stage) => away(talk, () => letAll(stage, queries)));
}

/** The same, where a network that changes has the session looked after. */
export function changesNetwork(queries) {
  return inCall({}, async (talk, stage) => {
    await letAll(stage, queries);
    return away(talk, () => networkChanges(talk.phone));
  });
}

/** Nothing happens, for long enough to hear that. */
export function staysUp(queries) {
  return inCall({}, (talk, stage) => unharmed(talk, () => letAll(stage, queries)));
}

export const goesOffline = inCall({}, (talk) => unharmed(talk, async () => {
  await offline(talk.phone, true);
  await until("the page is told", async () => (await talk.phone.all("warning")).some(({ code }) => code === 48001));
  await offline(talk.phone, false);
}));

/** The gateway knows the session no more, and is asked for something until another token has signed in. */
export function lapses(options) {
  return inCall(options, (talk, stage) => unharmed(talk, async () => {
    await stage.gateway.fault("lapse&user=1000");
    if ((await talk.call.order("dtmf", "1")).error === undefined) throw new Error("the session has not lapsed");
    await until("it is signed in again", async () => (await talk.call.order("dtmf", "1")).error === undefined);
  }));
}

/** What is heard is the call that is left alone. */
export const losesOneOfTwo = inCall({}, async (talk, stage) => {
  const { phone } = talk;
  const call = await phone.dial("9196");
  await call.flowsBothWays();
  const sample = await away({ ...talk, call }, () => stage.gateway.fault(`media=restart&user=1000&call=${call.id}`));
  const states = await talk.call.states();
  if (states.at(-1) !== "active" || states.includes("reconnecting")) throw new Error("the other call was lost too");
  return { ...sample, heard: undefined };
});

/** The call is over, with its reason. */
export function ends(queries, options) {
  return inCall(options, (talk, stage) => over(talk, () => letAll(stage, queries)));
}

/** A measurement in a call with a tone that never pauses. */
export function inCall(options, measure) {
  return async (stage, dialect) => {
    const talk = await hearing(stage, { dialect, ...options });
    const sample = await measure(talk, stage);
    await talk.phone.close();
    return sample;
  };
}

/** From what goes wrong to the return of the call, and of the session if that was lost too. */
export async function away(talk, goWrong) {
  let times;
  const { gap, heardAfter } = await outage(talk, goWrong, async (since) => {
    times = await isBack(talk, since);
  }, { within: PATIENCE });
  return { gap, heard: heardAfter, ...times };
}

/** Waits until the call was away and all is back, and says after how long. */
export async function isBack({ phone, call }, since) {
  await call.passes("reconnecting", { within: PATIENCE });
  await call.reaches("active", { within: PATIENCE });
  await until("ready", () => phone.page.evaluate(() => window.client.ready), { within: PATIENCE });
  const ready = (await phone.all("ready")).findLast(({ at }) => at > since);
  return { active: (await last({ phone, call }, "active")).at - since, ready: ready && ready.at - since };
}

/** From what goes wrong to the call's end. */
export async function over(talk, goWrong) {
  const since = Date.now();
  await goWrong();
  return { ended: await endOf(talk) - since, how: await how(talk) };
}

/** Waits for the end of the call, and says when that was. */
export async function endOf({ phone, call }) {
  await call.ends({ within: PATIENCE });
  return (await last({ phone, call }, "done")).at;
}

/** With what a call ended: the code of the error, the gateway's cause, and who did it. */
export async function how({ phone, call }) {
  const { by, cause } = (await call.look()).reason;
  const { error } = (await phone.all("error")).at(-1) ?? {};
  return [error?.code, cause, `by ${by}`].filter((word) => word !== undefined).join(" ");
}

/** Nothing becomes of it, for long enough to hear that. */
export async function unharmed(talk, goWrong, time = WHILE) {
  const { gap, heardAfter } = await outage(talk, goWrong, (since) => {
    return until("it has been listened for a while", async () => Date.now() > since + time, { within: 2 * time });
  });
  const state = (await talk.call.look()).state;
  if (state !== "active") throw new Error(`the call is ${state}`);
  return { gap, heard: heardAfter };
}

export async function letAll({ gateway }, queries) {
  for (const query of queries) await gateway.fault(query);
}

/** The last time that the call became this. */
export async function last({ phone, call }, state) {
  const entries = (await phone.all("state")).filter((entry) => entry.id === call.id && entry.state === state);
  return entries.at(-1);
}
