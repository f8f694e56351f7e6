/** @typedef {import("../control.js").Action} Action */
/** @typedef {import("../control.js").CallControl} CallControlInterface */
/** @typedef {import("../control.js").CallControlEvents} CallControlEvents */
/** @typedef {import("../control.js").CallControlOptions} CallControlOptions */
/** @typedef {import("../control.js").TransactionResult} TransactionResult */
/** @typedef {import("../control.js").WarningReason} WarningReason */
/** @typedef {import("../index.js").AnswerOptions} AnswerOptions */
/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").CallOptions} CallOptions */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").ListenOptions} ListenOptions */
/** @typedef {import("../index.js").OffhookError} Failure */

import { misuse } from "../error.js";
import { Listeners } from "../listeners.js";
import { flag, number, object, oneOf } from "../options.js";
import { readActions, readCall } from "./actions.js";
import { Conference } from "./conference.js";
import { Floor } from "./floor.js";
import { Transactions } from "./transactions.js";

/** What errors call it. */
const RETURNED = "what onSecondCall() returns";

const POLICIES = ["ring", "reject", "holdAndAnswer", "endAndAnswer"];

/** As telephones have it: one talks, one waits. */
const MAXIMUM_CALLS = 2;

/** Two of them would each hold what the other brings back. @type {WeakSet<Client>} */
const controlled = new WeakSet();

/**
 * @param {Client} client
 * @param {CallControlOptions} [options]
 */
export function createCallControl(client, options) {
  const read = readOptions(options);
  if (controlled.has(client)) throw misuse(60060, "the client has a call control already: dispose of that one first");
  const control = new CallControl(client, read);
  controlled.add(client);
  return control;
}

/** @param {unknown} given */
function readOptions(given) {
  const options = object("options", given ?? {}, "an object");
  const { onSecondCall = "ring", maximumCalls = MAXIMUM_CALLS, exclusive = true, resumeHeld = true } = options;
  if (typeof onSecondCall !== "function") oneOf({ onSecondCall }, "onSecondCall", POLICIES);
  const isCount = (/** @type {number} */ value) => Number.isSafeInteger(value) && value >= 1;
  number({ maximumCalls }, "maximumCalls", isCount, "a whole number, 1 or more");
  for (const name of ["exclusive", "resumeHeld"]) flag(options, name);
  return { onSecondCall, maximumCalls, exclusive, resumeHeld };
}

/**
 * Order among a client's calls. Documented in `control.d.ts`.
 *
 * @implements {CallControlInterface}
 */
class CallControl {
  #client;
  #options;
  #floor;
  #transactions;
  #listeners = new Listeners(["incomingCall", "rejected", "changed", "action", "conferenceEnded", "warning"]);
  #listening = new AbortController();
  /** @type {Conference | undefined} */
  #conference;
  /** It is being set up. @type {readonly Call[]} */
  #joining = [];

  /**
   * @param {Client} client
   * @param {ReturnType<typeof readOptions>} options
   */
  constructor(client, options) {
    this.#client = client;
    this.#options = options;
    this.#floor = new Floor(client);
    const { maximumCalls } = options;
    this.#transactions = new Transactions({ client, floor: this.#floor, maximumCalls }, {
      // The call itself tells nothing before it has a microphone.
      started: () => this.#listeners.tell("changed", {}),
      settled: (outcome) => this.#listeners.tell("action", outcome),
      notUndone: (call, error) => this.#warn("notUndone", "an action could not be taken back", call, error),
    });
    this.#listen();
  }

  get calls() {
    return this.#client.calls;
  }
  get active() {
    return this.#floor.active.at(-1);
  }
  get held() {
    return this.#floor.held;
  }
  get currentConference() {
    return this.#conference;
  }

  /** @param {readonly Action[]} actions */
  async request(actions) {
    this.#check();
    const read = readActions(actions);
    return this.#add(() => read);
  }

  /** @param {CallOptions} [options] */
  async start(options) {
    const result = await this.request([{ type: "start", ...(options && { options }) }]);
    return /** @type {Call} */ (unwrap(result).outcomes.at(-1)?.call);
  }

  /**
   * @param {Call} call
   * @param {AnswerOptions} [options]
   */
  async answer(call, options) {
    unwrap(await this.request([answer(call, options)]));
  }

  /**
   * @param {Call} call
   * @param {AnswerOptions} [options]
   */
  async holdAndAnswer(call, options) {
    this.#check();
    const read = readActions([answer(call, options)]);
    unwrap(await this.#add(() => read, true));
  }

  /**
   * @param {Call} call
   * @param {AnswerOptions} [options]
   */
  async endAndAnswer(call, options) {
    this.#check();
    const read = readActions([answer(call, options)]);
    unwrap(await this.#add(() => {
      const others = this.#floor.foreground.filter((other) => other !== call);
      return [...others.map((other) => /** @type {Action} */ ({ type: "end", call: other })), ...read];
    }));
  }

  /** @param {Call} call */
  async reject(call) {
    unwrap(await this.request([{ type: "end", call }]));
  }

  /** @param {Call} [call] */
  async swap(call) {
    this.#check();
    if (call !== undefined) readCall(call);
    unwrap(await this.#add(() => {
      const back = call ?? this.held[0];
      if (!back || !this.#floor.isHeld(back)) throw misuse(60063, "there is no held call to swap to");
      return this.#bringBack(back);
    }, true));
  }

  /**
   * @param {Call} a
   * @param {Call} b
   */
  async conference(a, b) {
    this.#check();
    const calls = [readCall(a, "a"), readCall(b, "b")];
    if (a === b || this.#together.length) throw noConference();
    const conference = new Conference(calls, {
      ended: () => this.#conferenceEnded(conference),
      stopped: () => this.#warn("conferenceSilent", "the browser has stopped the mixing"),
    });
    this.#joining = calls;
    try {
      await conference.start();
      this.#check();
      unwrap(await this.#add(() => this.#takeOffHold(calls)));
      this.#check();
      this.#conference = conference;
      await conference.join();
    } catch (error) {
      await conference.leave();
      throw error;
    } finally {
      this.#joining = [];
    }
    this.#listeners.tell("changed", {});
    return conference;
  }

  reset() {
    this.#transactions.abort(misuse(60065, "the call control was reset"));
    this.#floor.forgetClaims();
    void this.#conference?.leave();
    for (const call of this.calls) call.hangup();
  }

  /**
   * @template {keyof CallControlEvents} K
   * @param {K} event
   * @param {(event: CallControlEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    this.#check();
    return this.#listeners.add(event, listener, options);
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    if (this.#listening.signal.aborted) return;
    this.#listening.abort();
    this.#listeners.clear();
    this.#transactions.abort(disposed());
    void this.#conference?.leave();
    controlled.delete(this.#client);
  }

  #check() {
    if (this.#listening.signal.aborted) throw disposed();
  }

  #listen() {
    const { signal } = this.#listening;
    this.#client.on("incomingCall", ({ call }) => this.#decide(call), { signal });
    this.#client.on("recoveredCall", ({ call }) => this.#look(call), { signal });
    this.#client.on("callState", ({ call, previous }) => this.#look(call, previous), { signal });
    this.#client.on("error", ({ error, call }) => {
      if (!call && error.fatal) this.#transactions.abort(error);
    }, { signal });
  }

  /**
   * A call is somewhere else than it was.
   *
   * @param {Call} call
   * @param {import("../index.js").CallState} [previous]
   */
  #look(call, previous) {
    const wasInFront = this.#floor.foreground.includes(call);
    this.#floor.note(call);
    this.#listeners.tell("changed", {});
    if (call.state === "active" && previous !== "active") this.#checkExclusive(call);
    if (call.state === "done" && wasInFront && this.#options.resumeHeld) void this.#resume();
  }

  /** Something else than this control may have answered one. @param {Call} call */
  #checkExclusive(call) {
    const together = this.#together.includes(call) ? this.#together : [];
    const others = this.#floor.active.filter((other) => other !== call && !together.includes(other));
    if (this.#options.exclusive && others.length) this.#warn("severalActive", "more than one call is talked in", call);
  }

  /** Somebody calls. @param {Call} call */
  #decide(call) {
    const others = this.calls.filter((other) => other !== call);
    if (others.length >= this.#options.maximumCalls) return this.#refuse(call, "maximumCalls");
    const policy = others.length ? this.#policyFor(call, others) : "ring";
    if (policy === "reject") return this.#refuse(call, "policy");
    const isBusy = this.#floor.foreground.some((other) => other !== call);
    if (policy === "ring" || !isBusy) this.#listeners.tell("incomingCall", { call, others });
    else void this.#obey(policy, call, others);
  }

  /**
   * @param {Call} call
   * @param {readonly Call[]} others
   * @returns {import("../control.js").SecondCallPolicy}
   */
  #policyFor(call, others) {
    const { onSecondCall } = this.#options;
    try {
      const policy = typeof onSecondCall === "function" ? onSecondCall(call, others) : onSecondCall;
      oneOf({ [RETURNED]: policy ?? String(policy) }, RETURNED, POLICIES);
      return policy;
    } catch (error) {
      const why = /** @type {Failure} */ (error);
      this.#warn("policyFailed", "there is no policy for a second call: it rings", call, why);
      return "ring";
    }
  }

  /**
   * @param {Call} call
   * @param {"policy" | "maximumCalls"} reason
   */
  #refuse(call, reason) {
    call.hangup();
    this.#listeners.tell("rejected", { call, reason });
  }

  /**
   * @param {"holdAndAnswer" | "endAndAnswer"} policy
   * @param {Call} call
   * @param {readonly Call[]} others
   */
  async #obey(policy, call, others) {
    try {
      await this[policy](call);
    } catch (error) {
      const why = /** @type {Failure} */ (error);
      this.#warn("secondCallFailed", `the policy "${policy}" could not be carried out`, call, why);
      if (call.state === "ringing") this.#listeners.tell("incomingCall", { call, others });
    }
  }

  /** Who is not busy any more has the last one back whom this control has put on hold. */
  async #resume() {
    /** @type {Call | undefined} */
    let call;
    const result = await this.#add(() => {
      call = this.#floor.foreground.length ? undefined : this.#floor.next;
      return call ? this.#bringBack(call) : [];
    }).catch(() => undefined);
    if (result?.error && call?.state !== "done") {
      this.#warn("notResumed", "the held call did not come back", call, result.error);
    }
  }

  /**
   * Of a conference all come back whom this control has put on hold.
   *
   * @param {Call} call
   * @returns {Action[]}
   */
  #bringBack(call) {
    const together = this.#together.includes(call) ? this.#together : [];
    const others = together.filter((other) => other !== call && this.#floor.isOurs(other));
    return [call, ...others].map((one) => ({ type: "setHeld", call: one, held: false }));
  }

  /** @param {readonly Call[]} calls @returns {Action[]} */
  #takeOffHold(calls) {
    const answered = [...this.#floor.active, ...this.#floor.held];
    if (!calls.every((call) => answered.includes(call))) throw noConference();
    return calls.map((call) => ({ type: "setHeld", call, held: false }));
  }

  /** @param {Conference} conference */
  #conferenceEnded(conference) {
    if (this.#conference !== conference) return;
    this.#conference = undefined;
    this.#listeners.tell("conferenceEnded", { calls: conference.calls });
    this.#listeners.tell("changed", {});
    const [call] = this.#floor.active.slice(-1);
    if (call) this.#checkExclusive(call);
  }

  /** Who need not be held for each other. */
  get #together() {
    return this.#conference?.calls ?? this.#joining;
  }

  /**
   * @param {() => readonly Action[]} choose
   * @param {boolean} [holdsOthers]
   * @returns {Promise<TransactionResult>}
   */
  #add(choose, holdsOthers = this.#options.exclusive) {
    return this.#transactions.add(choose, { holdsOthers, together: () => this.#together });
  }

  /**
   * @param {WarningReason} reason
   * @param {string} message
   * @param {Call} [call]
   * @param {Failure} [error]
   */
  #warn(reason, message, call, error) {
    this.#listeners.tell("warning", { reason, message, ...(call && { call }), ...(error && { error }) });
  }
}

function disposed() {
  return misuse(60061, "the call control was disposed of: createCallControl() makes a new one");
}

function noConference() {
  return misuse(60064, "a conference is of two calls that were answered, and there is one at a time");
}

/**
 * @param {Call} call
 * @param {AnswerOptions | undefined} options
 * @returns {Action}
 */
function answer(call, options) {
  return { type: "answer", call, ...(options && { options }) };
}

/** @param {TransactionResult} result */
function unwrap(result) {
  if (result.error) throw result.error;
  return result;
}
