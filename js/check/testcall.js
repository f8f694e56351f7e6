/** @typedef {import("../check.js").CallFindings} CallFindings */
/** @typedef {import("../check.js").TestCall} TestCall */
/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */

import { within } from "../aborted.js";
import { Collected } from "./collected.js";

/**
 * Calls a number, listens for a while, and hangs up.
 *
 * @param {Client} client
 * @param {TestCall & { seconds: number }} wanted
 * @param {{ track: MediaStreamTrack | undefined, setUpMs: number, tell: (found: CallFindings) => void }} how
 * @param {AbortSignal} over
 * @returns {Promise<CallFindings>}
 */
export async function testCall(client, { seconds, ...options }, { track, setUpMs, tell }, over) {
  const began = performance.now();
  /** @type {Call} */
  let call;
  try {
    // The microphone is open already: the person is not asked a second time.
    call = client.newCall({ ...options, ...(track && { audio: new MediaStream([track]) }) });
  } catch (error) {
    return { kind: "call", failure: "refused", cause: error instanceof Error ? error.message : String(error) };
  }
  try {
    const answered = await within(reaches(call, "active"), setUpMs, over);
    if (!answered) return { kind: "call", failure: answered === undefined ? "notAnswered" : "ended", ...causeOf(call) };
    const summary = listenTo(call, { setUpMs: Math.round(performance.now() - began), seconds }, tell);
    const ended = await within(reaches(call, "done"), 1_000 * seconds, over);
    return ended ? { kind: "call", failure: "ended", ...causeOf(call) } : summary();
  } finally {
    call.hangup();
  }
}

/**
 * @param {Call} call
 * @param {{ setUpMs: number, seconds: number }} known
 * @param {(found: CallFindings) => void} tell
 * @returns {() => CallFindings} what is known until now
 */
function listenTo(call, known, tell) {
  const collected = new Collected();
  const summary = () => ({ kind: /** @type {const} */ ("call"), ...known, ...collected.summary });
  call.on("report", ({ report }) => collected.look(report));
  call.on("quality", (quality) => {
    collected.take(quality);
    tell(summary());
  });
  return summary;
}

/**
 * Whether it comes to be so; not, if it ends before.
 *
 * @param {Call} call
 * @param {"active" | "done"} wanted
 * @returns {Promise<boolean>}
 */
function reaches(call, wanted) {
  return new Promise((resolve) => {
    call.on("state", ({ state }) => (state === wanted || state === "done") && resolve(state === wanted));
  });
}

/** @param {Call} call */
function causeOf({ reason }) {
  const { cause, causeCode, sipCode } = reason ?? {};
  const words = [cause, causeCode ?? sipCode].filter((word) => word !== undefined).join(" ");
  return words ? { cause: words } : {};
}
