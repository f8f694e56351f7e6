/** @typedef {import("../pkg/offhook.js").CallSnapshot} CallSnapshot */
/** @typedef {import("../pkg/offhook.js").Engine} Engine */
/** @typedef {import("../pkg/offhook.js").Fact} Fact */
/** @typedef {import("../pkg/offhook.js").HappenedFact} HappenedFact */
/** @typedef {import("./index.js").CallStats} CallStats */
/** @typedef {import("./index.js").Region} Region */
/** @typedef {import("./media/microphone.js").MediaFailure} MediaFailure */

import { orAborted } from "./aborted.js";
import { Browser } from "./browser.js";
import { Line } from "./call.js";
import { checkAlive, die, onDeath } from "./death.js";
import { Departure } from "./departure.js";
import { misuse, OffhookError } from "./error.js";
import { Listeners } from "./listeners.js";
import { Media } from "./media/media.js";
import { engineCallOptions, engineOptions, REGIONS, secret } from "./options.js";
import { engineToken, readToken } from "./token.js";
import { watchPage } from "./page.js";

/**
 * Listeners that answer each event with a command that causes another must not freeze the page: the rest waits for
 * the browser's next turn.
 */
const MOST_IN_ONE_TURN = 1000;

/** How long a person may take to mend the microphone; the core waits for a minute. */
const PATIENCE_MS = 45_000;

/** As long as the engine waits for a token. */
const TOKEN_WITHIN_MS = 10_000;

/** The core's warning that the chosen region could not be reached, and the nearest one is tried. */
const REGION_FALLBACK = 61005;

/** Every client that is not closed: dropping a handle never ends a call. */
const open = new Set();

/** One client's calls, listeners and promises: where what the core says becomes what the page hears. */
export class Switchboard {
  ready = false;
  reconnecting = false;
  /** @type {string | undefined} */
  sessid;
  /** @type {string} */
  url = "";
  /** @type {Region} */
  region;
  listeners = new Listeners([
    "socketConnected", "socketDisconnected", "session", "ready", "reconnecting", "error", "warning",
    "screening", "incomingCall", "recoveredCall", "microphoneNeeded", "callState", "callEnded", "message",
  ]);
  /** Oldest first. @type {Map<string, Line>} */
  lines = new Map();
  /** Calls that nobody is told of: not yet, or not at all. */
  unheard = /** @type {WeakSet<Line["call"]>} */ (new WeakSet());

  /** Hears what is said to and by an AI agent. @type {((what: object) => void) | undefined} */
  conversed;

  #engine;
  /** What the engine was told last of a peer's counters; what it says of them, it says at once. @type {CallStats | undefined} */
  #counted;
  #browser;
  /** What the page has yet to hear. @type {(() => void)[]} */
  #news = [];
  /** `undefined` until after `connect()` has resolved: its caller has to have the time to listen. */
  #speaking = /** @type {boolean | undefined} */ (undefined);
  /** @type {Map<number, { resolve: () => void, reject: (error: unknown) => void }>} */
  #waiting = new Map();
  /** @type {Promise<void> | undefined} */
  #closing;
  #closed = false;
  /** The token in use, as far as it says something of itself. @type {import("./token.js").Token | undefined} */
  token;
  /** @type {(() => unknown) | undefined} */
  #getToken;
  /** Whether a call came, went or changed since, or the session did. */
  #changed = false;
  /** Ends the listening to the page. */
  #page = new AbortController();
  #departure;
  #forget;

  /**
   * @param {typeof import("../pkg/offhook.js").Engine} Engine
   * @param {{
   *   microphoneId?: string, speakerId?: string, region?: Region, onReload?: string, url?: string,
   *   token?: import("./token.js").Token, getToken?: () => unknown, audio?: MediaTrackConstraints, confirmLeave?: boolean,
   * }} options
   */
  constructor(Engine, options) {
    checkAlive();
    this.region = options.region ?? "auto";
    this.token = options.token;
    this.#getToken = options.getToken;
    this.media = new Media(options);
    this.#browser = new Browser(this.media, (of, fact) => this.#happened(of, fact), (fact) => this.#hear(fact));
    try {
      this.#engine = new Engine(engineOptions(options), this.#browser);
    } catch (error) {
      this.#browser.close();
      throw failure(error);
    }
    this.media.tell = (peer, fact) => this.#happened(peer, fact);
    this.media.retries = (call, failure, over) => this.#askForMicrophone(call, failure, over);
    this.media.lost = (failure) => this.#microphoneLost(failure);
    this.dialect = this.#engine.ask("dialect", "");
    this.#forget = onDeath((error) => this.#die(error));
    const { signal } = this.#page;
    watchPage((what) => this.enter((engine) => engine.happened(0, what, "")), signal);
    this.#departure = new Departure(this, options, () => this.#hangUp(), (frame) => this.#browser.say(frame), signal);
    open.add(this);
  }

  checkAlive() {
    checkAlive();
  }

  get isClosed() {
    return this.#closed;
  }

  checkOpen() {
    checkAlive();
    if (this.#closed) throw misuse(60003, "the client was closed: connect() makes a new one");
  }

  /**
   * The one way in.
   *
   * @template T
   * @param {(engine: Engine) => T} visit
   * @returns {T}
   */
  enter(visit) {
    this.checkOpen();
    try {
      return visit(this.#engine);
    } catch (error) {
      throw failure(error);
    }
  }

  /**
   * Puts a wish that has no outcome.
   *
   * @param {string} name
   * @param {string} [call]
   * @param {string} [argument]
   */
  order(name, call = "", argument = "") {
    this.enter((engine) => {
      engine.command(name, call, argument);
      engine.run();
    });
  }

  /**
   * Puts a wish, and waits for its outcome.
   *
   * @param {string} name
   * @param {string} [call]
   * @param {string} [argument]
   * @param {() => void} [agreed] what is to be done before the wish is carried out, and only if it can be
   * @returns {Promise<void>}
   */
  ask(name, call = "", argument = "", agreed) {
    return new Promise((resolve, reject) => {
      this.enter((engine) => {
        const ticket = engine.command(name, call, argument);
        agreed?.();
        if (ticket) this.#waiting.set(ticket, { resolve, reject });
        else resolve();
        engine.run();
      });
    });
  }

  /** Connects, with the calls that the page before this one left. */
  async connect() {
    const left = await this.#departure.arrive();
    if (left) {
      for (const call of JSON.parse(left).wordless ?? []) this.media.speakWith(call, false);
      this.enter((engine) => engine.command("resume", "", left));
    }
    await this.ask("connect");
  }

  /** @param {{ [name: string]: any }} options */
  newCall(options) {
    return this.enter((engine) => {
      const line = this.#addLine(JSON.parse(engine.ask("newCall", engineCallOptions(options))));
      this.media.speakWith(line.snapshot.id, options.audio);
      this.#hush(() => engine.run());
      return line.call;
    });
  }

  /**
   * Who makes a call listens to it only then: what happens at once, as with a peer connection that stood ready, is told
   * after that.
   *
   * @param {() => void} work
   */
  #hush(work) {
    const speaking = this.#speaking;
    this.#speaking = true;
    try {
      work();
    } finally {
      this.#speaking = speaking;
    }
    queueMicrotask(() => this.#speak());
  }

  /** @param {string} text */
  async updateToken(text) {
    await this.#useToken(readToken(text));
  }

  async #nextToken() {
    return readToken(secret("what getToken() resolves to", await this.#getToken?.()));
  }

  /** Who will be signed in has to be known before the engine asks for it. */
  async fetchFirstToken() {
    const token = await orAborted(this.#nextToken(), AbortSignal.timeout(TOKEN_WITHIN_MS));
    await this.#useToken(token);
  }

  /** @param {import("./token.js").Token} token */
  async #useToken(token) {
    await this.ask("updateToken", "", engineToken(token));
    this.token = token;
  }

  /** The engine wants a token. */
  async #fetchToken() {
    /** @type {["token" | "noToken", string]} */
    let outcome;
    try {
      outcome = ["token", engineToken(this.token = await this.#nextToken())];
    } catch (error) {
      outcome = ["noToken", String(/** @type {Error | undefined} */ (error)?.message ?? error)];
    }
    if (!this.#closed) this.enter((engine) => engine.happened(0, ...outcome));
  }

  /** Whether the next call finds its peer connection ready. */
  async prepare() {
    this.checkOpen();
    if (!this.media.canPrepare) return false;
    try {
      await this.ask("prepare");
      return true;
    } catch {
      // A call that is made all the same tells what is wrong, if that lasts.
      return false;
    }
  }

  /** `connect()` has resolved: what was said meanwhile is told when its caller had the time to listen. */
  startToSpeak() {
    setTimeout(() => {
      this.#speaking = false;
      if (!this.#closed) this.#prepareDeparture(true);
      this.#speak();
    });
  }

  /** Closes once; whoever asks again gets the same promise. */
  close() {
    this.#closing ??= this.#sayFarewell();
    return this.#closing;
  }

  /** Lets go of everything that lives: sockets, tracks, timers, listeners on the page. */
  shutDown() {
    if (this.#closed) return;
    this.#end(misuse(60003, "the client was closed"));
    // It holds our function and we hold it: no garbage collector sees through that.
    this.#engine.free();
    this.#forget();
  }

  /** The module has a defect, and with it every call has ended. @param {OffhookError} error */
  #die(error) {
    for (const line of this.lines.values()) {
      if (line.snapshot.state === "done") continue;
      this.#fail(error, line);
      this.#changeState(line, { ...line.snapshot, state: "done", reason: { by: "local" } });
    }
    this.#departure.forget();
    this.#fail(error);
    this.#end(error);
  }

  async #sayFarewell() {
    checkAlive();
    try {
      await this.ask("close");
    } finally {
      this.shutDown();
    }
  }

  /** @param {OffhookError} error what those hear who still wait */
  #end(error) {
    this.#closed = true;
    this.ready = this.reconnecting = false;
    this.#browser.close();
    this.#page.abort();
    open.delete(this);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#news.push(() => {
      this.listeners.clear();
      for (const line of this.lines.values()) line.listeners.clear();
      this.lines.clear();
    });
    this.#speak();
  }

  /** @param {boolean} isConnected */
  #prepareDeparture(isConnected) {
    const isCalling = [...this.lines.values()].some(({ snapshot }) => snapshot.state !== "done");
    this.#departure.prepare(this.#engine, isConnected, isCalling, this.media.wordless);
  }

  #hangUp() {
    for (const { call } of this.lines.values()) call.hangup();
  }

  /** @param {CallSnapshot} snapshot */
  #addLine(snapshot) {
    const line = new Line(this, snapshot);
    this.lines.set(snapshot.id, line);
    this.#changed = true;
    return line;
  }

  /** Takes down what the core says. None of the page's code runs in here: more orders may be waiting. @param {Fact} fact */
  #hear(fact) {
    const line = this.lines.get(fact.call ?? "");
    switch (fact.kind) {
      case "rest":
        if (this.#changed) this.#prepareDeparture(this.#speaking !== undefined);
        this.#changed = false;
        this.#speak();
        break;
      case "settled":
        this.#settle(fact.payload.ticket, fact.payload.error);
        break;
      case "fetchToken":
        // None of the page's code runs in here.
        queueMicrotask(() => this.#fetchToken());
        break;
      case "incomingCall":
        this.#screen(this.#addLine(fact.payload).call);
        break;
      case "recoveredCall":
        this.#tell("recoveredCall", { call: this.#addLine(fact.payload).call });
        break;
      case "callState":
        if (line) this.#changeState(line, fact.payload);
        break;
      case "updated":
        if (line) {
          line.snapshot = fact.payload;
          this.#changed = true;
          this.#news.push(() => line.listeners.tell("updated", {}));
        }
        break;
      case "dtmf":
        if (line) this.#news.push(() => line.listeners.tell("dtmf", fact.payload));
        break;
      case "stats":
        if (line) {
          const stats = line.stats = this.#counted;
          this.#news.push(() => line.listeners.tell("stats", stats));
        }
        break;
      case "error":
        // The session is over: a listener that asks must hear so.
        if (fact.call === undefined && fact.payload.error.fatal) this.ready = this.reconnecting = false;
        this.#fail(new OffhookError(fact.payload.error), line);
        break;
      case "warning":
        if (fact.payload.code === REGION_FALLBACK) this.region = "auto";
        this.#tell("warning", line ? { ...fact.payload, call: line.call } : fact.payload);
        break;
      case "conversation":
        this.#news.push(() => this.conversed?.(fact.payload));
        break;
      case "message":
        // The last listener is gone: frames need not be turned into text any more.
        if (!this.listeners.has("message")) this.#engine.command("observe", "", "");
        this.#tell("message", fact.payload);
        break;
      default:
        this.#note(fact);
    }
  }

  /**
   * Somebody calls: who screens hears it first, and may keep it from everybody else.
   *
   * @param {Line["call"]} call
   */
  #screen(call) {
    const screening = { call, silent: false };
    this.unheard.add(call);
    this.#news.push(() => {
      this.listeners.tell("screening", screening);
      if (!screening.silent) this.unheard.delete(call);
    });
    this.#tell("incomingCall", { call });
  }

  /**
   * The browser has something to tell.
   *
   * @param {number} of a socket or a peer
   * @param {HappenedFact} fact
   */
  #happened(of, { kind, payload }) {
    if (this.#closed) return;
    if (kind === "playbackRefused") {
      const { call, resume } = payload;
      const line = this.lines.get(call);
      const message = "the browser plays no sound before the person has touched the page; it plays at the next click or key";
      this.#tell("warning", { code: 61101, message, resume, ...(line && { call: line.call }) });
      this.#speak();
    } else if (kind === "stats") {
      const { reportsReceived, overVpn, ...counted } = payload;
      this.#counted = counted;
      const { packetsSent, packetsReceived, bytesSent, bytesReceived, energySent, energyReceived } = payload;
      this.enter((engine) => {
        engine.counted(
          of, packetsSent, packetsReceived, bytesSent, bytesReceived, energySent, energyReceived, reportsReceived, overVpn,
        );
      });
    } else {
      const text = typeof payload === "string" ? payload : JSON.stringify(payload) ?? "";
      this.enter((engine) => engine.happened(of, kind, text));
    }
  }

  /** A failure of the microphone that ends nothing. @param {MediaFailure} failure */
  mediaError({ kind, message }) {
    return new OffhookError({ ...JSON.parse(this.#engine.ask("mediaError", JSON.stringify({ kind, message }))), fatal: false });
  }

  /** The microphone ended by itself. The calls go on, in the worst case without it. @param {MediaFailure | undefined} failure */
  #microphoneLost(failure) {
    if (this.#closed) return;
    if (failure) {
      const error = this.mediaError(failure);
      for (const line of this.lines.values()) this.#fail(error, line);
    } else {
      this.#tell("warning", { code: 61102, message: "the microphone is gone; the system's is spoken through instead" });
    }
    this.#speak();
  }

  /**
   * A call has no microphone: if somebody listens, the person may be asked to mend that.
   *
   * @param {string} id
   * @param {MediaFailure} failure
   * @param {AbortSignal} over
   * @returns {Promise<boolean>}
   */
  #askForMicrophone(id, failure, over) {
    const call = this.lines.get(id)?.call;
    if (!call || !this.listeners.has("microphoneNeeded")) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), PATIENCE_MS);
      const settle = (/** @type {boolean} */ again) => {
        clearTimeout(timer);
        resolve(again);
      };
      over.addEventListener("abort", () => settle(false));
      const [resume, giveUp] = [() => settle(true), () => settle(false)];
      const deadline = new Date(Date.now() + PATIENCE_MS);
      this.#tell("microphoneNeeded", { call, error: this.mediaError(failure), deadline, resume, giveUp });
      this.#speak();
    });
  }

  /**
   * Something failed, in a call or in the session.
   *
   * @param {OffhookError} error
   * @param {Line} [line]
   */
  #fail(error, line) {
    if (line) this.#news.push(() => line.listeners.tell("error", { error }));
    this.#tell("error", line ? { error, call: line.call } : { error });
  }

  /** The session's own events. @param {Extract<Fact, { call: undefined }>} fact */
  #note({ kind, payload }) {
    if (kind === "socketConnected") this.url = payload.url;
    if (kind === "session") this.sessid = payload.sessid;
    if (kind === "ready" || kind === "reconnecting") {
      this.ready = kind === "ready";
      this.reconnecting = !this.ready;
    }
    if (kind === "ready") {
      // Whoever was hung up in the meantime is told now, and is nothing for the next page any more.
      this.#changed = true;
      this.region = REGIONS.find((region) => region === payload.region) ?? this.region;
    }
    if (kind === "socketDisconnected") this.ready = false;
    this.#tell(kind, payload);
  }

  /**
   * @param {Line} line
   * @param {CallSnapshot} snapshot
   */
  #changeState(line, snapshot) {
    const { call, listeners } = line;
    const change = { state: snapshot.state, previous: line.snapshot.state, ...why(snapshot) };
    line.snapshot = snapshot;
    this.#changed = true;
    this.#news.push(() => listeners.tell("state", change));
    this.#tell("callState", { call, ...change });
    if (snapshot.state !== "done") return;
    this.#news.push(() => listeners.tell("ended", snapshot.reason));
    this.#tell("callEnded", { call, reason: snapshot.reason });
    this.media.forget(snapshot.id);
    this.#news.push(() => {
      this.lines.delete(snapshot.id);
      listeners.clear();
    });
  }

  /**
   * @param {number} ticket
   * @param {ConstructorParameters<typeof OffhookError>[0] | undefined} error
   */
  #settle(ticket, error) {
    const waiting = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    if (error) waiting?.reject(new OffhookError(error));
    else waiting?.resolve();
  }

  /**
   * @param {string} event
   * @param {any} payload
   */
  #tell(event, payload) {
    this.#news.push(() => this.unheard.has(payload?.call) || this.listeners.tell(event, payload));
  }

  /** Runs the page's code, which may come back in here. */
  #speak() {
    if (this.#speaking !== false) return;
    this.#speaking = true;
    for (let told = 0; told < MOST_IN_ONE_TURN; told++) {
      const next = this.#news.shift();
      if (!next) break;
      next();
    }
    this.#speaking = false;
    if (this.#news.length) setTimeout(() => this.#speak());
  }
}

/** @param {CallSnapshot} snapshot */
function why({ reason, interruption }) {
  return { ...(reason && { reason }), ...(interruption && { interruption }) };
}

/**
 * What the engine threw, as the page gets it.
 *
 * @param {any} error
 */
export function failure(error) {
  // A trap without a panic, such as an exhausted stack, is as fatal.
  if (error instanceof WebAssembly.RuntimeError) return die();
  return typeof error === "string" ? new OffhookError(JSON.parse(error)) : error;
}
