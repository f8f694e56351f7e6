// A client as applications know it, without a gateway: a test says what befalls its calls.

/** What is told on a client, and on a call, in the order of the entry. */
class Teller {
  #entries = new Set();

  on(event, listener, { signal } = {}) {
    const undo = () => {
      this.#entries.delete(entry);
      signal?.removeEventListener("abort", undo);
    };
    const entry = { event, listener, undo };
    this.#entries.add(entry);
    signal?.addEventListener("abort", undo);
    return undo;
  }

  clear() {
    for (const { undo } of [...this.#entries]) undo();
  }

  tell(event, payload) {
    for (const entry of [...this.#entries]) {
      if (entry.event === event && this.#entries.has(entry)) entry.listener(payload);
    }
  }
}

class ScriptedCall extends Teller {
  constructor(client, fields) {
    super();
    Object.assign(this, { state: "new", hungUp: 0, ...fields });
    this.client = client;
  }

  on(...args) {
    if (this.state === "done") throw new Error("the call has ended");
    return super.on(...args);
  }

  hangup() {
    this.hungUp += 1;
  }

  /** What the entry tells of another state. */
  becomes(state, fields) {
    Object.assign(this, { state, ...fields });
    this.tell("state", { state });
    if (!this.isSilent) this.client.tell("callState", { call: this, state });
  }

  fails(error) {
    this.tell("error", { error });
    this.client.tell("error", { error, call: this });
  }

  ends(reason) {
    this.becomes("done", { reason });
    this.tell("ended", reason);
    if (!this.isSilent) this.client.tell("callEnded", { call: this, reason });
    this.client.calls = this.client.calls.filter((call) => call !== this);
    this.clear();
  }
}

export class ScriptedClient extends Teller {
  calls = [];

  /** Somebody calls. Whether the page is told is for those who screen. */
  ring(fields) {
    const call = new ScriptedCall(this, { direction: "inbound", id: crypto.randomUUID(), ...fields });
    const screening = { call, silent: false };
    this.tell("screening", screening);
    call.isSilent = screening.silent;
    if (call.isSilent) return call;
    this.calls.push(call);
    this.tell("incomingCall", { call });
    call.becomes("ringing");
    return call;
  }

  /** A call that nobody has been told of. */
  call(destinationNumber, fields) {
    return new ScriptedCall(this, { direction: "outbound", id: crypto.randomUUID(), destinationNumber, ...fields });
  }

  /** The page calls somebody. */
  dial(destinationNumber) {
    const call = this.call(destinationNumber);
    this.calls.push(call);
    call.becomes("connecting", { startedConnectingAt: new Date() });
    return call;
  }

  /** A call of the page before this one is being brought back. */
  recover(fields) {
    const call = new ScriptedCall(this, { state: "reconnecting", ...fields });
    this.calls.push(call);
    this.tell("recoveredCall", { call });
    return call;
  }
}
