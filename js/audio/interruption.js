/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").CallState} CallState */
/** @typedef {import("../audio.js").InterruptionCause} Cause */

/**
 * What an interruption is about, and whom it tells.
 *
 * @typedef {{
 *   calls: () => Call[], cause: () => Cause | undefined,
 *   tell: (event: "interrupted" | "resumable" | "resumed", calls: Call[], why: Cause) => void,
 *   silenced: (isSilenced: boolean) => void, fail: (error: unknown) => void,
 * }} Surroundings
 */

/**
 * The interruption under way, with the holds that were asked for.
 *
 * @typedef {{ why: Cause, held: Map<Call, Promise<boolean>>, isResumable: boolean }} Now
 */

/** What is over sooner is none: a rejected call of the cellular kind. */
const PATIENCE_MS = 500;

/** Puts calls on hold while the system has the sound, and takes them off when it is given back. */
export class Interruption {
  #around;
  #autoResume;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Now | undefined} */
  #now;
  /** @type {Promise<void> | undefined} */
  #ending;
  /** A person, or the gateway, has it otherwise: until the cause is gone nothing is held for it. */
  #isOverruled = false;

  /**
   * @param {Surroundings} around
   * @param {boolean} autoResume
   */
  constructor(around, autoResume) {
    this.#around = around;
    this.#autoResume = autoResume;
  }

  get calls() {
    return [...(this.#now?.held.keys() ?? [])];
  }

  get why() {
    return this.#now?.why;
  }

  /** Looks what the system does. */
  look() {
    const why = this.#around.cause();
    if (!why) this.#isOverruled = false;
    if (this.#now) this.#lookForTheEnd(this.#now, why);
    else if (why && !this.#isOverruled && this.#active().length > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#begin();
      }, PATIENCE_MS);
    } else this.#stopWaiting();
  }

  /**
   * A call is in another state.
   *
   * @param {Call} call
   * @param {CallState} previous
   */
  hear(call, previous) {
    const now = this.#now;
    if (!now || this.#ending) return this.look();
    const { state } = call;
    if (state === "done") now.held.delete(call);
    else if (state === "active" && previous === "held" && now.held.delete(call)) this.#isOverruled = true;
    // It was being brought back when the others were put on hold.
    else if (state === "active" && wasLost(previous) && !this.#isOverruled) this.#hold(now, call);
    if (now.held.size === 0) this.#finish(now, []);
  }

  /** Takes the calls off hold, whatever the cause does. */
  async resume() {
    this.#stopWaiting();
    if (!this.#now) return;
    this.#isOverruled = this.#around.cause() !== undefined;
    await this.#end(this.#now);
  }

  /** Leaves the calls as they are. */
  forget() {
    this.#stopWaiting();
    if (this.#now) this.#finish(this.#now, []);
  }

  close() {
    this.#stopWaiting();
    this.#now = undefined;
  }

  #active() {
    return this.#around.calls().filter(({ state }) => state === "active");
  }

  #stopWaiting() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #begin() {
    const why = this.#around.cause();
    const calls = this.#active();
    if (!why || calls.length === 0) return;
    const now = this.#now = { why, held: new Map(), isResumable: false };
    for (const call of calls) this.#hold(now, call);
    this.#around.tell("interrupted", calls, why);
    // What can still be heard is heard until the gateway has put it on hold.
    void Promise.all(now.held.values()).then(() => {
      if (this.#now === now && !this.#ending) this.#around.silenced(true);
    });
  }

  /**
   * @param {Now} now
   * @param {Call} call
   */
  #hold(now, call) {
    if (now.held.has(call)) return;
    const held = call.hold().then(() => true, (error) => {
      now.held.delete(call);
      // Asked again at once, it would be refused again.
      this.#isOverruled = true;
      if (call.state !== "done") this.#around.fail(error);
      if (this.#now === now && now.held.size === 0 && !this.#ending) this.#finish(now, []);
      return false;
    });
    now.held.set(call, held);
  }

  /**
   * @param {Now} now
   * @param {Cause | undefined} why
   */
  #lookForTheEnd(now, why) {
    if (this.#ending) return;
    if (!why && this.#autoResume) void this.#end(now);
    else if (!why && !now.isResumable) this.#around.tell("resumable", this.calls, now.why);
    now.isResumable = !why;
  }

  /** @param {Now} now */
  #end(now) {
    this.#ending ??= this.#unhold(now);
    return this.#ending;
  }

  /** @param {Now} now */
  async #unhold(now) {
    /** @type {Call[]} */
    const resumed = [];
    await Promise.all([...now.held].map(async ([call, held]) => {
      if (!(await held) || call.state === "active" || call.state === "done") return;
      try {
        await call.unhold();
        resumed.push(call);
      } catch (error) {
        // It stays on hold, as the page shows.
        if (/** @type {CallState} */ (call.state) !== "done") this.#around.fail(error);
      }
    }));
    this.#ending = undefined;
    // It was closed meanwhile, or forgotten.
    if (this.#now === now) this.#finish(now, resumed);
  }

  /**
   * @param {Now} now
   * @param {Call[]} resumed
   */
  #finish(now, resumed) {
    this.#now = undefined;
    this.#around.tell("resumed", resumed, now.why);
    this.#around.silenced(false);
    this.look();
  }
}

/** @param {CallState} state */
function wasLost(state) {
  return state === "reconnecting" || state === "dropped";
}
