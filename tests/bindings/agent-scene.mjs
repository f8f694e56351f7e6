// An agent of `offhook/agent` whose core and call a test plays: what is ordered is written down.

import { setImmediate as turn } from "node:timers/promises";
import { createAgent } from "../../js/agent/agent.js";
import { Line } from "../../js/call.js";
import { Client } from "../../js/client.js";
import { misuse, OffhookError } from "../../js/error.js";
import { Listeners } from "../../js/listeners.js";

globalThis.reportError ??= (error) => {
  throw error;
};

/** As the entry's, without an engine. */
class Board {
  listeners = new Listeners(["recoveredCall", "callState", "callEnded"]);
  lines = new Map();
  unheard = new WeakSet();
  conversed;
  orders = [];
  levels = [];
  media = { localStream: () => this.streams?.local, remoteStream: () => this.streams?.remote };
  isOpen = true;
  /** What becomes of the next message. */
  outcome = () => undefined;

  checkAlive() {}

  get isClosed() {
    return !this.isOpen;
  }

  checkOpen() {
    if (!this.isOpen) throw misuse(60003, "the client was closed");
  }

  enter(visit) {
    this.checkOpen();
    return visit({ levels: (...levels) => this.levels.push(levels) });
  }

  order(name, call, wish) {
    this.checkOpen();
    this.orders.push({ name, call, ...(wish && JSON.parse(wish)) });
  }

  async ask(name, call, wish) {
    this.order(name, call, wish);
    await turn();
    await this.outcome(this.orders.at(-1));
  }

  newCall() {
    const line = new Line(this, { id: `c-${this.lines.size}`, state: "new" });
    this.lines.set(line.call.id, line);
    return line.call;
  }
}

export class Scene {
  board = new Board();
  client = new Client(this.board);
  told = [];

  constructor(options) {
    this.listen(options);
  }

  /** Another agent of the same client. */
  listen(options) {
    this.agent = createAgent(this.client, { levels: false, ...options });
    for (const event of ["state", "transcript", "removed", "tool", "latency", "levels", "ended"]) {
      this.agent.on(event, (what) => this.told.push({ event, ...what }));
    }
  }

  /** A call that is up. */
  start() {
    const call = this.agent.start();
    this.becomes("active", call);
    return call;
  }

  becomes(state, { id } = this.agent.call) {
    const line = this.board.lines.get(id);
    line.snapshot = { ...line.snapshot, state };
    line.listeners.tell("state", { state });
    if (state === "done") line.listeners.tell("ended", { by: "remote" });
  }

  /** The core says something. */
  says(kind, what) {
    this.board.conversed?.({ kind, ...what });
  }

  /** All wishes of this kind. */
  wishes(kind) {
    return this.board.orders.filter((wish) => wish.do === kind);
  }

  of(event) {
    return this.told.filter((one) => one.event === event);
  }
}

export const failure = (code, kind = "lost") => new OffhookError({ message: "scripted", kind, code, fatal: false });
