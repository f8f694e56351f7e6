/** @typedef {import("../index.js").Call} Call */

/** Who talks and who is on hold, in the order in which they came to it, and whom the control itself put there. */
export class Floor {
  /** Kept while a call is being brought back, which does not say. @type {Map<Call, "active" | "held">} */
  #answered = new Map();
  /** Of these nobody has said: they were lost before anybody looked. @type {WeakSet<Call>} */
  #guessed = new WeakSet();
  /** @type {Set<Call>} */
  #set = new Set();
  /** Held by the control, the last one last. @type {Set<Call>} */
  #ours = new Set();
  #client;

  /** @param {import("../index.js").Client} client */
  constructor(client) {
    this.#client = client;
    this.#noteAll();
  }

  /** Takes down where a call stands. @param {Call} call */
  note(call) {
    const { state } = call;
    if (state === "done") {
      for (const kept of [this.#answered, this.#set, this.#ours]) kept.delete(call);
      return;
    }
    const isAnswered = state === "active" || state === "held";
    if (isAnswered || state === "reconnecting" || state === "dropped") this.#set.delete(call);
    else if (isBeingSetUp(call)) this.#set.add(call);
    if (isAnswered) {
      this.#guessed.delete(call);
      this.#put(call, state);
    } else if (!this.#answered.has(call) && (state === "reconnecting" || state === "dropped")) {
      this.#guessed.add(call);
      this.#put(call, "active");
    }
  }

  /** Those that are talked in, oldest first. */
  get active() {
    return [...this.#answered.keys()].filter((call) => this.#answered.get(call) === "active");
  }

  /** Those on hold, the last one first. */
  get held() {
    return [...this.#answered.keys()].filter((call) => this.#answered.get(call) === "held").reverse();
  }

  /** Whom the person is busy with: who is talked to, who is being called, whom they are answering. */
  get foreground() {
    // A call that is made is told only when it is on the wire.
    this.#noteAll();
    return [...this.active, ...this.#set];
  }

  /** @param {Call} call */
  isGuessed(call) {
    return this.#guessed.has(call);
  }

  /** Where a call stands; of one that is being brought back, where it stood. @param {Call} call */
  stateOf(call) {
    const isAway = call.state === "reconnecting" || call.state === "dropped";
    return isAway && !this.#guessed.has(call) ? this.#answered.get(call) : call.state;
  }

  /** @param {Call} call */
  isHeld(call) {
    return this.#answered.get(call) === "held";
  }

  /** @param {Call} call */
  isOurs(call) {
    return this.#ours.has(call);
  }

  /**
   * Says who put a call on hold.
   *
   * @param {Call} call
   * @param {boolean} isOurs the control, and not the person
   */
  claim(call, isOurs) {
    this.#ours.delete(call);
    if (isOurs && this.isHeld(call)) this.#ours.add(call);
  }

  /** Which one comes back next: of those that the control holds, the last one. */
  get next() {
    return [...this.#ours].at(-1);
  }

  forgetClaims() {
    this.#ours.clear();
  }

  #noteAll() {
    for (const call of this.#client.calls) this.note(call);
  }

  /**
   * @param {Call} call
   * @param {"active" | "held"} state
   */
  #put(call, state) {
    if (this.#answered.get(call) === state) return;
    // To the end.
    this.#answered.delete(call);
    this.#answered.set(call, state);
    if (state === "active") this.#ours.delete(call);
  }
}

/** @param {Call} call */
function isBeingSetUp({ state, direction }) {
  return state === "connecting" || (direction === "outbound" && (state === "new" || state === "ringing"));
}
