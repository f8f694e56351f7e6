/** @typedef {import("../control.js").Action} Action */
/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("./floor.js").Floor} Floor */

import { misuse, wrongOption } from "../error.js";
import { flag, kind, number, object, oneOf, readText } from "../options.js";

/**
 * An action under way. `undo` takes back what it did, and is there only where it can be; of one that `isOwed` also
 * where the action failed.
 *
 * @typedef {{ done: Promise<void>, call?: Call, undo?: () => Promise<void>, isOwed?: boolean }} Begun
 */

/**
 * What an action is carried out with. `isOurs` says that the control puts somebody on hold, and not the person.
 *
 * @typedef {{ client: Client, floor: Floor, maximumCalls: number, isOurs: boolean }} Setting
 */

/** Most of them go to the gateway and back. */
const SECONDS = 10;

/** The person may be asked for the microphone. */
const START_SECONDS = 30;

/** Digits take their time: 170 ms each, a comma two seconds. */
const DIGIT_SECONDS = 0.2;
const PAUSE_SECONDS = 2;

const TYPES = ["start", "answer", "end", "setHeld", "setMuted", "playDtmf"];

/** Which action cannot do without which answer. */
const FLAGS = /** @type {const} */ ([["setHeld", "held"], ["setMuted", "muted"]]);

/**
 * What `request()` takes.
 *
 * @param {unknown} given
 * @returns {Action[]}
 */
export function readActions(given) {
  if (!Array.isArray(given) || given.length === 0) throw wrongOption("actions", kind(given), "a list of actions");
  return given.map((action, n) => readAction(action, `actions[${n}]`));
}

/**
 * @param {unknown} given
 * @param {string} name
 * @returns {Action}
 */
function readAction(given, name) {
  const action = { ...object(name, given, "an object with `type`") };
  const { type } = action;
  /** A field by its whole name, as errors call it. @type {(field: string) => [Record<string, unknown>, string]} */
  const named = (field) => [{ [`${name}.${field}`]: action[field] }, `${name}.${field}`];
  if (type == null) throw wrongOption(`${name}.type`, kind(type), "the name of an action");
  oneOf(...named("type"), TYPES);
  if (type !== "start") readCall(action["call"], `${name}.call`);
  for (const [of, field] of FLAGS) {
    const isMissing = type === of && action[field] == null;
    if (isMissing) throw wrongOption(`${name}.${field}`, kind(action[field]), "true or false");
    flag(...named(field));
  }
  if (type === "playDtmf") readText(`${name}.digits`, action["digits"]);
  number(...named("withinSeconds"), (value) => value > 0 && value <= 600, "a number above 0, up to 600");
  return /** @type {Action} */ (action);
}

/**
 * @param {unknown} call
 * @param {string} name
 * @returns {Call}
 */
export function readCall(call, name = "call") {
  const given = object(name, call, "a call");
  if (typeof given["hangup"] !== "function") throw wrongOption(name, "an object", "a call");
  return /** @type {Call} */ (call);
}

/** How long an action may take. @param {Action} action */
export function secondsOf(action) {
  if (action.withinSeconds != null) return action.withinSeconds;
  if (action.type === "start") return START_SECONDS;
  if (action.type !== "playDtmf") return SECONDS;
  const pauses = action.digits.split(",").length - 1;
  return SECONDS + action.digits.length * DIGIT_SECONDS + pauses * PAUSE_SECONDS;
}

/**
 * Whether others have to make way for an action: it lets a call be talked in that is not yet, and does not fail anyway.
 *
 * @param {Action} action
 * @param {Omit<Setting, "isOurs">} setting
 */
export function needsRoom(action, setting) {
  if (action.type === "start") return hasRoom(setting);
  if (action.type === "answer") return ["new", "ringing"].includes(action.call.state);
  return action.type === "setHeld" && !action.held && !["active", "done"].includes(action.call.state);
}

/**
 * Begins an action. Throws where nothing was begun.
 *
 * @param {Action} action
 * @param {Setting} setting
 * @returns {Begun}
 */
export function begin(action, setting) {
  switch (action.type) {
    case "start":
      return start(action, setting);
    case "answer":
      return { done: action.call.answer(action.options), call: action.call };
    case "end":
      return { done: end(action.call), call: action.call };
    case "setHeld":
      return setHeld(action, setting);
    case "setMuted":
      return setMuted(action);
    case "playDtmf":
      return { done: action.call.dtmf(action.digits), call: action.call };
  }
}

/** @param {Omit<Setting, "isOurs">} setting */
function hasRoom({ client, maximumCalls }) {
  return client.calls.length < maximumCalls;
}

/**
 * @param {import("../control.js").StartAction} action
 * @param {Setting} setting
 * @returns {Begun}
 */
function start({ options }, setting) {
  if (!hasRoom(setting)) throw misuse(60062, "there are as many calls as `maximumCalls` allows");
  const call = setting.client.newCall(options);
  return { done: leftNew(call), call, undo: () => end(call), isOwed: true };
}

/** Resolves when the INVITE went out. @param {Call} call @returns {Promise<void>} */
function leftNew(call) {
  return new Promise((resolve, reject) => {
    /** @type {unknown} */
    let failure;
    const undo = [
      call.on("error", ({ error }) => (failure = error)),
      call.on("state", () => look()),
    ];
    const look = () => {
      if (call.state === "new") return;
      for (const stop of undo) stop();
      if (call.state === "done") reject(failure ?? misuse(60004, "the call has ended"));
      else resolve();
    };
    look();
  });
}

/** Resolves when the call is over. @param {Call} call @returns {Promise<void>} */
function end(call) {
  return new Promise((resolve) => {
    if (call.state === "done") return resolve();
    call.on("ended", () => resolve());
    call.hangup();
  });
}

/**
 * @param {import("../control.js").SetHeldAction} action
 * @param {Setting} setting
 * @returns {Begun}
 */
function setHeld({ call, held }, { floor, isOurs }) {
  const wasOurs = floor.isOurs(call);
  if (floor.stateOf(call) === (held ? "held" : "active")) {
    // Who asks for a hold that the control made, makes it their own.
    if (held && !isOurs) floor.claim(call, false);
    return { done: Promise.resolve(), call };
  }
  const done = change(call, held, floor).then(() => floor.claim(call, held && isOurs));
  const undo = async () => {
    if (call.state === "done" || call.state === (held ? "active" : "held")) return;
    await change(call, !held, floor);
    floor.claim(call, !held && wasOurs);
  };
  return { done, call, undo };
}

/**
 * @param {Call} call
 * @param {boolean} held
 * @param {Floor} floor
 */
async function change(call, held, floor) {
  try {
    await (held ? call.hold() : call.unhold());
  } catch (error) {
    // It is being brought back, and nobody knew which it was: it is so already.
    if (!(floor.isGuessed(call) && /** @type {{ code?: number }} */ (error).code === 60006)) throw error;
  }
}

/** @param {import("../control.js").SetMutedAction} action @returns {Begun} */
function setMuted({ call, muted }) {
  const set = (/** @type {boolean} */ silent) => (silent ? call.mute() : call.unmute());
  if (call.muted === muted) return { done: Promise.resolve(), call };
  set(muted);
  return { done: Promise.resolve(), call, undo: async () => set(!muted) };
}
