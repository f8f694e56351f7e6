/** @typedef {import("./index.js").AnswerOptions} AnswerOptions */
/** @typedef {import("./index.js").CallEvents} CallEvents */
/** @typedef {import("./index.js").CallStats} CallStats */
/** @typedef {import("./index.js").Call} CallInterface */
/** @typedef {import("./index.js").ListenOptions} ListenOptions */
/** @typedef {import("./switchboard.js").Switchboard} Switchboard */
/** @typedef {import("../pkg/offhook.js").CallSnapshot} CallSnapshot */
/** @typedef {import("../pkg/offhook.js").Fact} Fact */
/** @typedef {import("../pkg/offhook.js").Look} Look */

import { decode } from "./base64.js";
import { setSpeaker } from "./devices.js";
import { misuse } from "./error.js";
import { Listeners } from "./listeners.js";
import { audioOf, countersOf } from "./media/reading.js";
import { readAnswerOptions, readFunction, readText } from "./options.js";
import { engineCallOptions } from "./taken.js";

/** What is known of a call, from its first moment to its last. */
export class Line {
  listeners = new Listeners(["state", "updated", "dtmf", "peerConnection", "stats", "report", "quality", "error", "ended"]);
  /** Whether nobody is told of it: not yet, or not at all. */
  isUnheard = false;
  /** @type {CallStats | undefined} */
  stats;
  /** @type {import("./index.js").CallQuality | undefined} */
  quality;

  /**
   * @param {Switchboard} board
   * @param {CallSnapshot} snapshot
   */
  constructor(board, snapshot) {
    this.snapshot = snapshot;
    this.call = new Call(board, this);
  }

  /**
   * Takes down where the call stands; what has changed by that, as the page gets it.
   *
   * @param {CallSnapshot} snapshot
   */
  change(snapshot) {
    const { state, reason, interruption } = snapshot;
    const previous = this.snapshot.state;
    this.snapshot = snapshot;
    return { state, previous, ...(reason && { reason }), ...(interruption && { interruption }) };
  }

  /**
   * Takes down how the call sounds; the events that tell it.
   *
   * @param {Extract<Fact, { kind: "stats" | "quality" }>} fact
   * @param {Look} look
   * @returns {[event: string, payload: object][]}
   */
  measure({ kind, payload }, { connection, report, reading }) {
    if (kind === "quality") return [[kind, this.quality = { ...payload, ...audioOf(report) }]];
    return [["report", { connection, report }], [kind, this.stats = countersOf(reading)]];
  }
}

/**
 * One call. Documented in `index.d.ts`.
 *
 * @implements {CallInterface}
 */
export class Call {
  #board;
  #line;

  /**
   * @param {Switchboard} board
   * @param {Line} line
   */
  constructor(board, line) {
    this.#board = board;
    this.#line = line;
  }

  get id() {
    return this.#line.snapshot.id;
  }
  get direction() {
    return this.#line.snapshot.direction;
  }
  get state() {
    return this.#line.snapshot.state;
  }
  get earlyMedia() {
    return this.#line.snapshot.earlyMedia;
  }
  get mediaConnected() {
    return this.#line.snapshot.mediaConnected;
  }
  get muted() {
    return this.#line.snapshot.muted;
  }
  get remoteName() {
    return this.#line.snapshot.remoteName;
  }
  get remoteNumber() {
    return this.#line.snapshot.remoteNumber;
  }
  get destinationNumber() {
    return this.#line.snapshot.destinationNumber;
  }
  get clientState() {
    const { clientState } = this.#line.snapshot;
    return clientState && decode(clientState);
  }
  get customHeaders() {
    return this.#line.snapshot.customHeaders;
  }
  get variables() {
    return this.#line.snapshot.variables;
  }
  get telnyxIds() {
    return this.#line.snapshot.telnyxIds;
  }
  get startedConnectingAt() {
    return date(this.#line.snapshot.startedConnectingAt);
  }
  get connectedAt() {
    return date(this.#line.snapshot.connectedAt);
  }
  get answeredAt() {
    return date(this.#line.snapshot.answeredAt);
  }
  get interruption() {
    return this.#line.snapshot.interruption;
  }
  get reason() {
    return this.#line.snapshot.reason;
  }
  get stats() {
    return this.#line.stats;
  }
  get quality() {
    return this.#line.quality;
  }
  get peerConnection() {
    return this.#board.media.connection(this.id);
  }
  get remoteStream() {
    return this.#board.media.remoteStream(this.id);
  }
  get localStream() {
    return this.#board.media.localStream(this.id);
  }

  /** @param {AnswerOptions} [options] */
  async answer(options) {
    this.#check();
    const read = readAnswerOptions(options);
    const speak = () => this.#board.media.speakWith(this.id, read.audio);
    await this.#board.ask("answer", this.id, engineCallOptions(read), speak);
  }

  hangup() {
    if (this.state !== "done") this.#board.order("hangup", this.id);
  }

  async hold() {
    this.#check();
    await this.#board.ask("hold", this.id);
  }

  async unhold() {
    this.#check();
    await this.#board.ask("unhold", this.id);
  }

  mute() {
    this.#check();
    this.#board.order("mute", this.id, "yes");
  }

  unmute() {
    this.#check();
    this.#board.order("mute", this.id);
  }

  /** @param {string} digits */
  async dtmf(digits) {
    this.#check();
    await this.#board.ask("dtmf", this.id, readText("digits", digits));
  }

  /** @param {string | CallInterface} to */
  async transfer(to) {
    this.#check();
    const isCall = to instanceof Call;
    await this.#board.ask(isCall ? "replace" : "transfer", this.id, isCall ? to.id : readText("to", to));
  }

  /** @param {import("./index.js").CallProcessor} [process] */
  async processAudio(process) {
    this.#check();
    readFunction("process", process);
    await this.#board.media.process(this.id, process);
  }

  /** @param {string | undefined} deviceId */
  async setSpeaker(deviceId) {
    this.#check();
    await setSpeaker(this.#board.media, deviceId, this.id);
  }

  /**
   * @template {keyof CallEvents} K
   * @param {K} event
   * @param {(event: CallEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    this.#check();
    return this.#line.listeners.add(event, listener, options);
  }

  #check() {
    this.#board.checkAlive();
    if (this.state === "done") throw misuse(60004, "the call has ended");
    this.#board.checkOpen();
  }
}

/** @param {number | undefined} at */
function date(at) {
  return at === undefined ? undefined : new Date(at);
}
