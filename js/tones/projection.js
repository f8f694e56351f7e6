/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Termination} Termination */
/** @typedef {import("../tones.js").ToneName} ToneName */

/**
 * What there is to know of a call; `since` is when it came to its state.
 *
 * @typedef {{
 *   id: string, direction: Call["direction"], state: Call["state"], earlyMedia: boolean, wasAnswered: boolean,
 *   reason: Termination | undefined, since: number,
 * }} Heard
 */

/**
 * `connectingMs` is how long an outgoing call is silent that nobody says to ring; `endMs` how long the tone of an end
 * sounds.
 *
 * @typedef {{ connectingMs: number, endMs: number }} Times
 */

/** Three beeps, and the time that a loudspeaker takes to wake up. */
const BEEPS_MS = 1500;

/** Unassigned, no route, no route, changed, out of order, no such format (Q.850). */
const UNOBTAINABLE = [1, 2, 3, 22, 27, 28];
const UNOBTAINABLE_SIP = [404, 410, 484, 604];

/**
 * What sounds while the calls are so, for which call, and when to ask again though nothing happens. Nothing sounds but
 * what this says, and time is an argument: that is how no tone outlives its call.
 *
 * @param {readonly Heard[]} calls oldest first
 * @param {Times} times
 * @param {number} now in ms
 * @returns {{ tones: { tone: ToneName, call: string }[], again: number | undefined }}
 */
export function project(calls, times, now) {
  const news = calls.flatMap((call) => saysOf(call, times));
  const due = news.filter(({ from, until }) => from <= now && now < until);
  /** @type {{ tone: ToneName, call: string }[]} */
  const tones = [];
  const ringing = calls.find(ringsHere);
  if (ringing) tones.push({ tone: calls.some(isInTheEar) ? "callWaiting" : "ringtone", call: ringing.id });
  const ringback = due.find(({ tone }) => tone === "ringback");
  if (ringback) tones.push(ringback);
  // The end of one call is not told into the next one.
  const [end] = calls.filter(({ state }) => state === "done").toSorted((a, b) => b.since - a.since);
  const told = due.find(({ tone, call }) => tone !== "ringback" && call === end?.id);
  if (told && calls.every(({ state }) => state === "done" || state === "held")) tones.push(told);
  const turns = news.flatMap(({ from, until }) => [from, until]).filter((at) => at > now && at < Infinity);
  return {
    tones: tones.map(({ tone, call }) => ({ tone, call })),
    again: turns.length > 0 ? Math.min(...turns) : undefined,
  };
}

/**
 * What a call by itself has to say to who made it or took it, and when.
 *
 * @param {Heard} call
 * @param {Times} times
 * @returns {{ tone: ToneName, call: string, from: number, until: number }[]}
 */
function saysOf(call, { connectingMs, endMs }) {
  const { id, since, state } = call;
  if (state === "done") {
    const tone = endTone(call);
    return tone ? [{ tone, call: id, from: since, until: since + (tone === "ended" ? BEEPS_MS : endMs) }] : [];
  }
  // What the other side lets us hear says more than we can.
  if (call.direction === "inbound" || call.earlyMedia) return [];
  if (state === "ringing") return [{ tone: "ringback", call: id, from: since, until: Infinity }];
  if (state === "connecting") return [{ tone: "ringback", call: id, from: since + connectingMs, until: Infinity }];
  return [];
}

/**
 * How an end is told.
 *
 * @param {Pick<Heard, "direction" | "wasAnswered" | "reason">} call
 * @returns {ToneName | undefined}
 */
export function endTone({ direction, wasAnswered, reason }) {
  // Who hung up knows.
  if (!reason || reason.by === "local") return undefined;
  const { by, causeCode, sipCode } = reason;
  if (wasAnswered) return by === "network" || by === "timeout" ? "congestion" : "ended";
  // The caller gave up, or somebody answered elsewhere: that it rings no more says so.
  if (direction === "inbound") return undefined;
  if (causeCode === 17 || sipCode === 486 || sipCode === 600) return "busy";
  if (UNOBTAINABLE.includes(causeCode ?? 0) || UNOBTAINABLE_SIP.includes(sipCode ?? 0)) return "unobtainable";
  return causeCode === 16 ? "ended" : "congestion";
}

/** @param {Heard} call */
function ringsHere({ direction, state }) {
  return direction === "inbound" && (state === "new" || state === "ringing");
}

/** Whether somebody holds the receiver for this call. Who holds a call may have put it down. @param {Heard} call */
function isInTheEar(call) {
  switch (call.state) {
    case "new":
    case "ringing":
      return call.direction === "outbound";
    case "connecting":
    case "active":
    case "reconnecting":
    case "dropped":
      return true;
    case "held":
    case "done":
      return false;
  }
}
