/** @typedef {import("./index.js").Call} Call */
/** @typedef {import("./index.js").Client} Client */
/** @typedef {import("./index.js").ListenOptions} ListenOptions */
/** @typedef {import("./quality.js").QualityOptions} QualityOptions */
/** @typedef {import("./quality.js").QualityWatch} QualityWatchInterface */
/** @typedef {import("./quality.js").QualityWatchEvents} QualityWatchEvents */

import { readInterval } from "./audio/options.js";
import { eachCall } from "./arrivals.js";
import { misuse, OffhookError, wrongOption } from "./error.js";
import { Listeners } from "./listeners.js";
import { Ears } from "./media/ears.js";
import { followLevels } from "./media/levels.js";
import { kind } from "./options.js";
import { FACT } from "./quality/facts.js";
import { Ledger } from "./quality/ledger.js";
import { readQualityOptions } from "./quality/options.js";
import { Outputs } from "./quality/outputs.js";
import { Pressure } from "./quality/pressure.js";
import { CallRecord } from "./quality/record.js";
import { SignIn } from "./quality/sign-in.js";
import { loadThinker } from "./quality/thinker.js";
import { Words } from "./quality/words.js";

export { toCsv } from "./quality/csv.js";
export { createScorer } from "./quality/scorer.js";

/**
 * @param {Client} client
 * @param {QualityOptions} [options]
 */
export async function watchQuality(client, options) {
  const read = readQualityOptions(options);
  // At once: a plugin's client signs in while the module is loaded.
  const signIn = client.ready ? undefined : new SignIn(client);
  const thinker = await loadThinker(read.wasmUrl);
  return new QualityWatch(client, thinker, signIn, read);
}

/**
 * Watches how good a client's calls are. Documented in `quality.d.ts`.
 *
 * @implements {QualityWatchInterface}
 */
class QualityWatch {
  #client;
  #listeners = new Listeners(["sample", "warning", "milestone", "timings", "verdict", "error"]);
  /** Ends the listening to the client and the page. */
  #over = new AbortController();
  /** Oldest first, with some that have ended. @type {Map<Call, { ledger: Ledger, record: CallRecord }>} */
  #calls = new Map();
  #endedCalls;
  #signIn;
  #desk;
  #pressure = new Pressure();
  #ears = new Ears(() => {});
  #outputs;
  /** Ends each level that is told. @type {Set<() => void>} */
  #levels = new Set();
  /** Ends the listening to frames. @type {(() => void) | undefined} */
  #unhear;
  #isLeaving = false;

  /**
   * @param {Client} client
   * @param {import("./quality/thinker.js").Thinker} thinker
   * @param {SignIn | undefined} signIn
   * @param {ReturnType<typeof readQualityOptions>} options
   */
  constructor(client, thinker, signIn, { samples, endedCalls, words, audio }) {
    this.#client = client;
    this.#signIn = signIn;
    this.#endedCalls = endedCalls;
    this.#desk = {
      thinker, words: new Words(thinker, words), most: samples,
      pressure: () => this.#pressure.level,
      tell: (/** @type {string} */ event, /** @type {unknown} */ payload) => this.#tell(event, payload),
      fail: (/** @type {unknown} */ error) => this.#fail(error),
    };
    this.#outputs = new Outputs(client, (isThere) => this.#noteAll(isThere ? FACT.outputFound : FACT.outputLost));
    this.#listen();
    audio?.on("speakingWhileMuted", ({ calls }) => {
      for (const call of calls) this.#calls.get(call)?.ledger.note([FACT.spokeWhileMuted]);
    }, { signal: this.#over.signal });
  }

  get signIn() {
    return this.#signIn?.timings ?? {};
  }

  /** @param {Call} call */
  of(call) {
    return this.#calls.get(call)?.record;
  }

  get records() {
    return [...this.#calls.values()].map(({ record }) => record);
  }

  /**
   * @param {Call} call
   * @param {(levels: { inbound: import("./audio.js").Level, outbound: import("./audio.js").Level }) => void} listener
   * @param {{ hz?: number }} [options]
   */
  levels(call, listener, options) {
    this.#check();
    const interval = readInterval(options);
    if (typeof listener !== "function") throw wrongOption("listener", kind(listener), "a function");
    const tell = (/** @type {any} */ outbound, /** @type {any} */ inbound) => listener({ inbound, outbound });
    return followLevels(this.#ears, call, interval, tell, this.#levels);
  }

  /**
   * @template {keyof QualityWatchEvents} K
   * @param {K} event
   * @param {(event: QualityWatchEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    this.#check();
    return this.#listeners.add(event, listener, options);
  }

  // Browsers that do not know this symbol have no `using` either.
  [Symbol.dispose]() {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#listeners.clear();
    for (const { ledger } of this.#calls.values()) ledger.close();
    this.#unhear?.();
    for (const stop of [...this.#levels]) stop();
    this.#pressure.close();
    this.#outputs.close();
    this.#ears.close();
  }

  #check() {
    if (this.#over.signal.aborted) throw misuse(60003, "the quality watch is over: watchQuality() makes another");
  }

  #listen() {
    const { signal } = this.#over;
    const client = this.#client;
    // First, so that a call is met before its states are told.
    eachCall(client, (call, how) => this.#meet(call, how ? how !== "recovered" : isSettingUp(call)), signal);
    client.on("callState", (change) => this.#changed(change), { signal });
    client.on("warning", (warning) => this.#warned(warning), { signal });
    client.on("reconnecting", ({ attempt, interruption }) => {
      if (attempt === 1 && interruption === "networkSwitch") this.#noteAll(FACT.networkChanged);
    }, { signal });
    client.on("ready", () => this.#noteAll(FACT.socketBack), { signal });
    client.on("error", ({ error, call }) => error.fatal && !call && this.#leave(), { signal });
    client.on("socketDisconnected", () => {
      this.#noteAll(FACT.socketLost);
      if (!client.ready && !client.reconnecting) this.#leave();
    }, { signal });
  }

  /**
   * @param {Call} call
   * @param {boolean} isNew
   */
  #meet(call, isNew) {
    if (call.state === "done") return;
    try {
      const ledger = new Ledger(call, isNew, this.#desk);
      this.#calls.set(call, { ledger, record: new CallRecord(call, ledger) });
      this.#settle();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {import("./index.js").ClientEvents["callState"]} change */
  #changed({ call, previous, interruption }) {
    const ledger = this.#calls.get(call)?.ledger;
    // Where the session is lost as well, that tells it.
    if (interruption === "networkSwitch" && !this.#client.reconnecting) ledger?.note([FACT.networkChanged]);
    ledger?.changed(previous);
    this.#settle();
  }

  /** The client will not come back. Its calls end for that, and are told of after it: they have a verdict, too. */
  #leave() {
    this.#isLeaving = true;
    this.#settle();
  }

  /** A call came, went or changed. */
  #settle() {
    if (this.#over.signal.aborted) return;
    const calls = [...this.#calls.keys()];
    // Not those that have ended without being told of it yet: several may end at once.
    const ended = calls.filter((call) => this.#calls.get(call)?.ledger.isOver);
    for (const call of ended.slice(0, Math.max(0, ended.length - this.#endedCalls))) this.#calls.delete(call);
    if (this.#isLeaving && ended.length === calls.length) {
      this[Symbol.dispose]();
      return;
    }
    this.#pressure.want(calls.some(({ state }) => state === "active"));
    this.#outputs.want(ended.length < calls.length);
    const isSettingUp = [...this.#calls.values()].some(({ ledger }) => ledger.isSettingUp);
    // Each frame costs its being turned into text: nobody listens once the calls are set up.
    if (isSettingUp) this.#unhear ??= this.#client.on("message", (message) => this.#hear(message));
    else this.#unhear = void this.#unhear?.();
  }

  /** @param {import("./index.js").ClientEvents["message"]} message */
  #hear({ direction, frame }) {
    const { method, params } = /** @type {Record<string, any>} */ (frame ?? {});
    const id = params?.callID ?? params?.dialogParams?.callID;
    if (typeof method !== "string" || id === undefined) return;
    for (const [call, { ledger }] of this.#calls) {
      if (call.id === id) ledger.hear(direction, method.replace(/^.*\./, ""), params);
    }
    this.#settle();
  }

  /** @param {import("./index.js").ClientEvents["warning"]} warning */
  #warned({ code, call, resume }) {
    if (code === 61102) {
      this.#noteAll(FACT.microphoneLost);
      // The system's is in its place already: a call may have been seen to speak through it before it is told.
      this.#noteAll(FACT.microphoneOpened);
    }
    if (code !== 61101 || !call || !resume) return;
    const note = (/** @type {number} */ fact) => this.#calls.get(call)?.ledger.note([fact]);
    note(FACT.playbackRefused);
    const touched = new AbortController();
    const { signal } = touched;
    const over = () => touched.abort();
    this.#over.signal.addEventListener("abort", over, { signal });
    call.on("ended", over, { signal });
    // The client plays it at the next click or key, too: this hears what came of it.
    const look = async () => {
      if (!(await resume()) || signal.aborted) return;
      over();
      note(FACT.playbackAllowed);
    };
    for (const event of ["pointerup", "keydown"]) addEventListener(event, look, { signal, capture: true });
  }

  /**
   * @param {string} event
   * @param {unknown} payload
   */
  #tell(event, payload) {
    this.#listeners.tell(event, payload);
    if (event === "timings") this.#settle();
  }

  /** @param {number} fact */
  #noteAll(fact) {
    for (const { ledger } of this.#calls.values()) ledger.note([fact]);
  }

  /** The module has failed: nothing more is known of any call. @param {unknown} error */
  #fail(error) {
    if (this.#over.signal.aborted) return;
    if (error instanceof OffhookError) this.#listeners.tell("error", { error });
    else reportError(error);
    this[Symbol.dispose]();
  }
}

/** Whether a call that was there before the watch has yet to be set up. @param {Call} call */
function isSettingUp({ state }) {
  return state === "new" || state === "ringing";
}
