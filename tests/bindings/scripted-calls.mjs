// A client and its calls as a call control knows them, without a gateway: a test says what becomes of each wish.

/** Where there is no browser, nobody takes what a listener throws. */
export const reported = [];
globalThis.reportError ??= (error) => reported.push(error);

class Teller {
  #entries = new Set();

  on(event, listener, { signal } = {}) {
    const entry = { event, listener };
    const undo = () => void this.#entries.delete(entry);
    this.#entries.add(entry);
    signal?.addEventListener("abort", undo);
    return undo;
  }

  tell(event, payload) {
    for (const entry of [...this.#entries]) {
      if (entry.event === event && this.#entries.has(entry)) entry.listener(payload);
    }
  }

  get listeners() {
    return this.#entries.size;
  }
}

/** As the entry throws it. */
export function failure(code, message = "scripted") {
  return Object.assign(new Error(message), { name: "OffhookError", kind: "refused", code, fatal: false });
}

class ScriptedCall extends Teller {
  muted = false;

  constructor(client, fields) {
    super();
    Object.assign(this, { id: crypto.randomUUID(), state: "new", ...fields });
    this.client = client;
  }

  answer() {
    return this.#ask("answer", "active", ["new", "ringing"]);
  }
  hold() {
    return this.#ask("hold", "held", ["active", "reconnecting"]);
  }
  unhold() {
    return this.#ask("unhold", "active", ["held", "reconnecting"]);
  }
  dtmf(digits) {
    return this.#ask(`dtmf ${digits}`, undefined, ["active", "held"]);
  }

  mute() {
    this.#setMuted(true);
  }
  unmute() {
    this.#setMuted(false);
  }

  hangup() {
    this.client.note("hangup", this);
    if (this.state !== "done") this.ends({ by: "local" });
  }

  /** What the entry tells of another state. */
  becomes(state, fields) {
    const previous = this.state;
    Object.assign(this, { state, ...fields });
    this.tell("state", { state, previous });
    this.client.tell("callState", { call: this, state, previous });
  }

  ends(reason = { by: "remote" }) {
    this.client.calls = this.client.calls.filter((call) => call !== this);
    this.becomes("done", { reason });
    this.tell("ended", reason);
    this.client.tell("callEnded", { call: this, reason });
  }

  #setMuted(muted) {
    if (this.state === "done") throw failure(60004);
    this.client.note(muted ? "mute" : "unmute", this);
    this.muted = muted;
  }

  /** Settles as the script says, by default in the gateway's favour. */
  async #ask(what, state, from) {
    if (this.state === "done") throw failure(60004);
    if (!from.includes(this.state)) throw failure(60006);
    this.client.note(what, this);
    const verdict = await this.client.judge(what.split(" ")[0], this);
    if (this.state === "done") throw failure(60004);
    if (verdict === "refuse") throw failure(44001);
    if (state) this.becomes(state);
  }
}

export class ScriptedClient extends Teller {
  calls = [];
  /** Everything that was asked for, in order, as "hold a". */
  wishes = [];
  /** What becomes of a wish: `"agree"`, `"refuse"`, or a promise of one of them. */
  judge = async () => "agree";

  note(what, { name }) {
    this.wishes.push(`${what} ${name}`);
  }

  newCall(options) {
    if (options?.destinationNumber === "wrong") throw failure(44002);
    const call = this.#add({ name: options?.destinationNumber ?? "new", direction: "outbound" });
    this.note("newCall", call);
    queueMicrotask(async () => {
      const verdict = await this.judge("newCall", call);
      if (call.state === "done") return;
      if (verdict === "agree") return call.becomes("connecting");
      call.tell("error", { error: failure(42001) });
      call.ends({ by: "local" });
    });
    return call;
  }

  /** A call that is somewhere already. */
  has(name, state, fields) {
    return this.#add({ name, state, direction: "inbound", ...fields });
  }

  /** Somebody calls. */
  ring(name) {
    const call = this.#add({ name, direction: "inbound" });
    this.tell("incomingCall", { call });
    if (call.state === "new") call.becomes("ringing");
    return call;
  }

  /** A call of the page before this one is being brought back. */
  recover(name) {
    const call = this.#add({ name, state: "reconnecting", direction: "inbound" });
    this.tell("recoveredCall", { call });
    return call;
  }

  #add(fields) {
    const call = new ScriptedCall(this, fields);
    this.calls = [...this.calls, call];
    return call;
  }
}
