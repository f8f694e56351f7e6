// The measurements that are made in the page, with the page's own clock. Milliseconds everywhere.

import { connect, load } from "./contestants.js";
import { conversation, idle, reply } from "./frames.js";

/** The number that answers at once, with a tone. */
const TONE = "9198";

/** Longer than any client waits for a candidate: what has not come by then does not. */
const PATIENCE = 15_000;

/** Between two calls, so that the browser has closed the microphone and the connection of the last. */
const REST = 300;

/** How long a call rings before somebody takes it. */
const RING = 1000;

/** The client that is signed in. @type {any} */
let client;

/** The call that is up. @type {any} */
let held;

const calling = { load, signIn, outgoing, prepared, atOnce, afterRinging, calls, hold, letGo, judging };
window.bench = { ...calling, readyFrames, flood, answerFlood };

/** From the order to connect until calls can be made. */
async function signIn(name, options) {
  const from = performance.now();
  client = await within("signing in", connect(name, options));
  return performance.now() - from;
}

/** From `newCall()` to the INVITE on the wire, to the first packet heard, and to the news that the call is active. */
async function outgoing() {
  const invited = marks.next("out", "telnyx_rtc.invite");
  const heard = marks.firstPacket(PATIENCE);
  const from = performance.now();
  const call = client.newCall(TONE);
  const [invite, rtp, active] = await within("calling", Promise.all([invited, heard, call.active]));
  await call.hangup();
  await pause(REST);
  return { invite: invite - from, rtp: rtp - from, active: active - from };
}

/** The same with a call that was prepared. */
async function prepared() {
  if (!(await within("preparing", client.prepare()))) throw new Error("prepare() says that nothing stands ready");
  return outgoing();
}

/** What a second of a call costs that is watched. */
async function judging() {
  return within("judging", client.judging());
}

/** From the INVITE's arrival to the ANSWER on the wire, answered where the application hears of the call. */
async function atOnce() {
  const invited = marks.next("in", "telnyx_rtc.invite");
  const answered = marks.next("out", "telnyx_rtc.answer");
  client.onIncoming(take);
  const [from, to] = await within("answering at once", Promise.all([invited, answered]));
  await hangUpAll();
  return to - from;
}

/** From `answer()` to the ANSWER on the wire, after it rang. */
async function afterRinging() {
  const answered = marks.next("out", "telnyx_rtc.answer");
  const call = await within("being called", new Promise((resolve) => client.onIncoming(resolve)));
  await pause(RING);
  const from = performance.now();
  take(call);
  const to = await within("answering", answered);
  await hangUpAll();
  return to - from;
}

/** Those that were answered. @type {any[]} */
const taken = [];

function take(call) {
  taken.push({ call, answer: call.answer() });
}

async function hangUpAll() {
  await pause(REST);
  for (const { call, answer } of taken.splice(0)) {
    // Bare gives the call for the answer.
    const answered = await within("the answer", answer);
    await (answered ?? call).hangup();
  }
  await pause(REST);
}

/** Makes frames, to be told by `flood()`: making them is not what is measured. */
function readyFrames(kind, count) {
  events = { conversation, idle }[kind](count).map(arrival);
}

/** What `flood()` tells. @type {MessageEvent[]} */
let events = [];

/** Has the client hear all frames, and resolves when it has put nothing off. The client's own frames go nowhere. */
async function flood() {
  const socket = marks.sockets.at(-1);
  sent = marks.silence(socket);
  for (const event of events) socket.dispatchEvent(event);
  await pause(0);
  delete socket.send;
}

/** What the client sent in the flood. @type {string[]} */
let sent = [];

/** Replies to it, as a gateway does. */
function answerFlood() {
  const answers = sent.splice(0).map(reply).filter(Boolean);
  for (const answer of answers) marks.sockets.at(-1).dispatchEvent(arrival(answer));
}

function arrival(data) {
  return new MessageEvent("message", { data });
}

/** Calls one after another, each until it is active. */
async function calls(count) {
  for (let made = 0; made < count; made += 1) {
    const call = client.newCall(TONE);
    await within("calling", call.active);
    await call.hangup();
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: REST }));
  }
}

/** A call that stays up, once it is heard. */
async function hold() {
  const heard = marks.firstPacket(PATIENCE);
  held = client.newCall(TONE);
  await within("calling", Promise.all([heard, held.active]));
}

async function letGo() {
  await held.hangup();
  await pause(REST);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What comes of a promise, unless that takes too long. */
async function within(what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${PATIENCE} ms`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
