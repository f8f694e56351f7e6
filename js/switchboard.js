/** @typedef {import("../pkg/offhook.js").CallSnapshot} CallSnapshot */
/** @typedef {import("../pkg/offhook.js").Engine} Engine */
/** @typedef {import("../pkg/offhook.js").Fact} Fact */
/** @typedef {import("../pkg/offhook.js").HappenedFact} HappenedFact */
/** @typedef {import("../pkg/offhook.js").Look} Look */
/** @typedef {import("./index.js").Region} Region */
/** @typedef {import("./media/microphone.js").MediaFailure} MediaFailure */

import { Browser } from "./browser.js";
import { Line } from "./call.js";
import { checkAlive, failure, onDeath } from "./death.js";
import { Departure } from "./departure.js";
import { misuse, OffhookError } from "./error.js";
import { Listeners } from "./listeners.js";
import { Media } from "./media/media.js";
import { News } from "./news.js";
import { watchPage } from "./page.js";
import { spell } from "./phrases.js";
import { question } from "./question.js";
import { engineCallOptions, engineOptions, REGIONS } from "./taken.js";
import { Tokens } from "./tokens.js";

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
    "outgoingCall", "screening", "incomingCall", "recoveredCall", "microphoneNeeded", "callState", "callEnded", "message",
  ]);
  /** Oldest first. @type {Map<string, Line>} */
  lines = new Map();

  /** Hears what is said to and by an AI agent. @type {((what: object) => void) | undefined} */
  conversed;

  #engine;
  /** What the engine was told last of a peer; what it says of that, it says at once. @type {Look | undefined} */
  #look;
  #browser;
  #news = new News();
  /** @type {Map<number, { resolve: () => void, reject: (error: unknown) => void }>} */
  #waiting = new Map();
  /** @type {Promise<void> | undefined} */
  #closing;
  #closed = false;
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
    this.tokens = new Tokens(this, options);
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
      this.#tell("outgoingCall", {}, line);
      this.#news.hush(() => engine.run());
      return line.call;
    });
  }

  /** @param {string} frame */
  send(frame) {
    return this.ready && this.#browser.offer(frame);
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
    this.listeners.early = false;
    setTimeout(() => {
      if (!this.#closed) this.#prepareDeparture(true);
      this.#news.start();
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
    // Nobody comes any more who would have to have the time to listen.
    this.#news.start();
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
        if (this.#changed) this.#prepareDeparture(this.#news.started);
        this.#changed = false;
        this.#news.speak();
        break;
      case "settled":
        this.#settle(fact.payload.ticket, fact.payload.error);
        break;
      case "fetchToken":
        // None of the page's code runs in here.
        queueMicrotask(() => this.tokens.fetch());
        break;
      case "incomingCall":
        this.#screen(this.#addLine(fact.payload));
        break;
      case "recoveredCall":
        this.#tell("recoveredCall", {}, this.#addLine(fact.payload));
        break;
      case "callState":
        if (line) this.#changeState(line, fact.payload);
        break;
      case "updated":
        if (line) {
          line.snapshot = fact.payload;
          this.#changed = true;
          this.#news.tell(line.listeners, "updated", {});
        }
        break;
      case "dtmf":
        if (line) this.#news.tell(line.listeners, "dtmf", fact.payload);
        break;
      case "stats":
      case "quality":
        if (line && this.#look) {
          for (const [event, payload] of line.measure(fact, this.#look)) this.#news.tell(line.listeners, event, payload);
        }
        break;
      case "error":
        // The session is over: a listener that asks must hear so.
        if (fact.call === undefined && fact.payload.error.fatal) this.ready = this.reconnecting = false;
        this.#fail(new OffhookError(fact.payload.error), line);
        break;
      case "warning":
        if (fact.payload.code === REGION_FALLBACK) this.region = "auto";
        this.#tell("warning", { ...fact.payload, message: spell(fact.payload.message) }, line);
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
   * @param {Line} line
   */
  #screen(line) {
    const screening = { call: line.call, silent: false };
    line.isUnheard = true;
    this.#news.push(() => {
      this.listeners.tell("screening", screening);
      line.isUnheard = screening.silent;
    });
    this.#tell("incomingCall", {}, line);
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
      const message = "the browser plays no sound before the person has touched the page; it plays at the next click or key";
      this.#tell("warning", { code: 61101, message, resume }, this.lines.get(call));
      this.#news.speak();
    } else if (kind === "engaged") {
      const { call, connection } = payload;
      this.#news.push(() => this.lines.get(call)?.listeners.tell("peerConnection", { connection }));
    } else if (kind === "stats") {
      this.#look = payload;
      this.enter((engine) => engine.counted(of, payload.reading));
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
    this.#news.speak();
  }

  /**
   * A call has no microphone: if somebody listens, the person may be asked to mend that.
   *
   * @param {string} id
   * @param {MediaFailure} failure
   * @param {AbortSignal} over
   */
  async #askForMicrophone(id, failure, over) {
    const line = this.lines.get(id);
    if (!line || !this.listeners.has("microphoneNeeded")) return false;
    const { answer, ...asked } = question(over);
    this.#tell("microphoneNeeded", { error: this.mediaError(failure), ...asked }, line);
    this.#news.speak();
    return answer;
  }

  /**
   * Something failed, in a call or in the session.
   *
   * @param {OffhookError} error
   * @param {Line} [line]
   */
  #fail(error, line) {
    if (line) this.#news.tell(line.listeners, "error", { error });
    this.#tell("error", { error }, line);
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
    const { listeners } = line;
    const change = line.change(snapshot);
    this.#changed = true;
    this.#news.tell(listeners, "state", change);
    this.#tell("callState", change, line);
    if (snapshot.state !== "done") return;
    this.#news.tell(listeners, "ended", snapshot.reason);
    this.#tell("callEnded", { reason: snapshot.reason }, line);
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
   * @param {Line} [line] of which call it is
   */
  #tell(event, payload, line) {
    const told = line ? { ...payload, call: line.call } : payload;
    const early = this.listeners.early && !line?.isUnheard;
    // None of the page's code runs in here.
    if (early) queueMicrotask(() => this.listeners.tell(event, told));
    this.#news.push(() => line?.isUnheard || this.listeners.tell(event, told, early));
  }
}
