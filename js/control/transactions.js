/** @typedef {import("../control.js").Action} Action */
/** @typedef {import("../control.js").ActionOutcome} ActionOutcome */
/** @typedef {import("../control.js").TransactionResult} TransactionResult */
/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").OffhookError} OffhookError */
/** @typedef {import("./actions.js").Begun} Begun */
/** @typedef {import("./actions.js").Setting} Setting */

import { begin, needsRoom, secondsOf } from "./actions.js";
import { within } from "./deadline.js";

/** An outcome that is being written. @typedef {{ -readonly [K in keyof ActionOutcome]: ActionOutcome[K] }} Draft */

/** What is taken back goes to the gateway and back. */
const UNDO_SECONDS = 10;

/**
 * One action of a transaction, its own or one that it implies.
 *
 * @typedef {{ action: Action, isImplied: boolean }} Step
 */

/**
 * How a transaction holds others, and for whom. Calls that are `together` need not hold each other.
 *
 * @typedef {{ holdsOthers: boolean, together: () => readonly Call[] }} Manner
 */

/** Transactions of actions: one after the other, each as a whole or not at all. */
export class Transactions {
  #setting;
  #tell;
  #queue = Promise.resolve();
  #over = new AbortController();
  /** Which step was the last to touch a call. @type {WeakMap<Call, Step>} */
  #latest = new WeakMap();

  /**
   * @param {Omit<Setting, "isOurs">} setting
   * @param {{
   *   started: () => void,
   *   settled: (outcome: ActionOutcome) => void,
   *   notUndone: (call: Call | undefined, error: OffhookError) => void,
   * }} tell
   */
  constructor(setting, tell) {
    this.#setting = setting;
    this.#tell = tell;
  }

  /**
   * Carries out actions when it is their turn; which, is decided then.
   *
   * @param {() => readonly Action[]} actions
   * @param {Manner} manner
   * @returns {Promise<TransactionResult>}
   */
  add(actions, manner) {
    const { signal } = this.#over;
    return this.#inTurn(() => this.#run(actions, manner, signal));
  }

  /** Settles everything that waits; what comes after begins anew. @param {Error} error */
  abort(error) {
    this.#over.abort(error);
    this.#over = new AbortController();
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn(work) {
    const done = this.#queue.then(work);
    this.#queue = done.then(() => {}, () => {});
    return done;
  }

  /**
   * @param {() => readonly Action[]} choose
   * @param {Manner} manner
   * @param {AbortSignal} signal
   * @returns {Promise<TransactionResult>}
   */
  async #run(choose, manner, signal) {
    signal.throwIfAborted();
    /** @type {Draft[]} */
    const outcomes = [];
    /** Newest first. @type {{ outcome: Draft, begun: Begun }[]} */
    const begun = [];
    /** @type {OffhookError | undefined} */
    let error;
    for (const action of choose()) {
      for (const step of error ? [{ action, isImplied: false }] : this.#stepsOf(action, manner)) {
        if (error && step.isImplied) continue;
        /** @type {Draft} */
        const outcome = { action: step.action, status: "skipped", implied: step.isImplied };
        outcomes.push(outcome);
        if (error) continue;
        error = await this.#carryOut(step, outcome, { begun, signal });
      }
    }
    if (error && !signal.aborted) await this.#undo(begun, signal);
    return { fulfilled: !error, ...(error && { error }), outcomes };
  }

  /**
   * An action, after those that make way for it.
   *
   * @param {Action} action
   * @param {Manner} manner
   * @returns {Step[]}
   */
  #stepsOf(action, { holdsOthers, together }) {
    const own = { action, isImplied: false };
    if (!holdsOthers || !needsRoom(action, this.#setting)) return [own];
    const call = action.type === "start" ? undefined : action.call;
    const group = call && together().includes(call) ? together() : [];
    const others = this.#setting.floor.foreground.filter((other) => other !== call && !group.includes(other));
    const holds = others.map((other) => {
      return { action: /** @type {Action} */ ({ type: "setHeld", call: other, held: true }), isImplied: true };
    });
    return [...holds, own];
  }

  /**
   * @param {Step} step
   * @param {Draft} outcome
   * @param {{ begun: { outcome: Draft, begun: Begun }[], signal: AbortSignal }} context
   * @returns {Promise<OffhookError | undefined>} what failed
   */
  async #carryOut(step, outcome, { begun: all, signal }) {
    const { action, isImplied } = step;
    const what = `the action "${action.type}"`;
    /** @type {Begun | undefined} */
    let begun;
    try {
      // A listener may have ended everything.
      signal.throwIfAborted();
      const started = (begun = begin(action, { ...this.#setting, isOurs: isImplied }));
      if (started.call) this.#latest.set(started.call, step);
      if (started.call && action.type === "start") {
        outcome.call = started.call;
        this.#tell.started();
      }
      const late = () => this.#undoLate(step, started, signal);
      await within(started.done, { seconds: secondsOf(action), what, signal, late });
      outcome.status = "fulfilled";
      all.unshift({ outcome, begun: started });
    } catch (error) {
      outcome.status = "failed";
      outcome.error = /** @type {OffhookError} */ (error);
      if (begun?.isOwed) all.unshift({ outcome, begun });
    }
    this.#tell.settled(outcome);
    return outcome.error;
  }

  /**
   * @param {{ outcome: Draft, begun: Begun }[]} all
   * @param {AbortSignal} signal
   */
  async #undo(all, signal) {
    for (const { outcome, begun } of all) {
      if (begun.undo) outcome.undone = await this.#takeBack(begun, signal);
    }
  }

  /**
   * @param {Begun} begun
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether all is as it was
   */
  async #takeBack({ undo, call }, signal) {
    try {
      await within(Promise.resolve(undo?.()), { seconds: UNDO_SECONDS, what: "taking it back", signal });
      return true;
    } catch (error) {
      if (!signal.aborted) this.#tell.notUndone(call, /** @type {OffhookError} */ (error));
      return false;
    }
  }

  /**
   * An action was fulfilled after its time: it had failed by then, and so it is taken back, unless something was wanted
   * of the call since.
   *
   * @param {Step} step
   * @param {Begun} begun
   * @param {AbortSignal} signal
   */
  #undoLate(step, begun, signal) {
    void this.#inTurn(async () => {
      const isLatest = begun.call && this.#latest.get(begun.call) === step;
      if (begun.undo && !begun.isOwed && isLatest && !signal.aborted) await this.#takeBack(begun, signal);
    });
  }
}
