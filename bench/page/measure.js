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

/** Idle frames that arrive at once; the clock is read after each batch. */
const BATCH = 10;

/** The client that is signed in. @type {any} */
let client;

/** The call that is up. @type {any} */
let held;

window.bench = { load, signIn, outgoing, prepared, atOnce, afterRinging, frames, idleFrames, calls, hold, letGo };

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

/** Main-thread time of a talk with an assistant. The page hears it twice; the first time warms the code up. */
async function frames(count) {
  await flood(conversation(count));
  return flood(conversation(count));
}

async function flood(texts) {
  const socket = marks.sockets.at(-1);
  const events = texts.map(arrival);
  const from = performance.now();
  for (const event of events) socket.dispatchEvent(event);
  // What was put off for a promise or a timer counts.
  await pause(0);
  return performance.now() - from;
}

/** Main-thread time of a quiet hour. What a client sends is not; the gateway's replies come outside of the time. */
async function idleFrames(count) {
  const socket = marks.sockets.at(-1);
  const sent = marks.silence(socket);
  let spent = 0;
  for (const texts of [idle(count), idle(count)]) {
    spent = 0;
    for (let at = 0; at < count; at += BATCH) {
      const events = texts.slice(at, at + BATCH).map(arrival);
      const from = performance.now();
      for (const event of events) socket.dispatchEvent(event);
      // As many turns as a chain of promises has links.
      for (let link = 0; link < BATCH; link += 1) await undefined;
      spent += performance.now() - from;
      for (const text of sent.splice(0).map(reply)) if (text) socket.dispatchEvent(arrival(text));
    }
  }
  delete socket.send;
  return spent;
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
