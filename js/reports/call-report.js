/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../log.js").LogEntry} LogEntry */
/** @typedef {import("../reports.js").ReportOutcome} ReportOutcome */
/** @typedef {import("./pack.js").Item} Item */
/** @typedef {import("./registration.js").Registration} Registration */
/** @typedef {"buffer-limit" | "manual" | "socket-close" | "page-unload" | "safety-interval"} FlushType */
/** @typedef {{ type: FlushType, socketClose?: object }} FlushReason */

import { Interval } from "./interval.js";
import { logged } from "./logged.js";
import { bytesOf, LARGEST_BODY, newest, pack } from "./pack.js";
import { post } from "./post.js";
import { summary } from "./summary.js";

/** With so many something is sent, though the call goes on. */
const MANY_SAMPLES = 300;
const MANY_LOGS = 800;

/** No more are kept where nothing can be sent: half an hour, at five seconds each. */
const MOST_SAMPLES = 360;
const MOST_LOGS = 1000;

/** After so long something is sent, though the call goes on. */
const FLUSH_MS = 180_000;

/** After a failure, how long until what has grown too much is sent once more. */
const PATIENCE_MS = 60_000;

/** What is gathered of one call, and sent to Telnyx: in segments while it lasts, and the rest when it is over. */
export class CallReport {
  #client;
  #call;
  #registration;
  #settings;
  /** @type {Parameters<typeof summary>[3]} */
  #how;
  /** @type {Item[]} */
  #samples = [];
  /** @type {Item[]} */
  #logs = [];
  /** Of samples and log entries, in one row. */
  #items = 0;
  /** @type {Interval | undefined} */
  #interval;
  #segments = 0;
  #flushedAt = Date.now();
  /** One request at a time. */
  #posting = Promise.resolve();
  #queued = 0;
  #hasFailed = false;
  #isPosting = false;
  /** Up to which item a request is under way that outlives the page. */
  #leaving = 0;
  #isOver = false;
  #hasTimings = false;

  /**
   * @param {Client} client
   * @param {Call} call
   * @param {Registration} registration
   * @param {{
   *   intervalMs: number, hasLog: boolean, over: AbortSignal, tell: (outcome: ReportOutcome) => void,
   *   farewells: import("./pack.js").Farewells,
   *   timingsOf: import("../reports.js").ReportOptions["timingsOf"],
   * }} settings
   * @param {boolean} isRecovered
   */
  constructor(client, call, registration, settings, isRecovered) {
    this.#client = client;
    this.#call = call;
    this.#registration = registration;
    this.#settings = settings;
    const { intervalMs, hasLog } = settings;
    const mostLogs = hasLog ? MOST_LOGS : undefined;
    this.#how = { startedAt: Date.now(), isRecovered, wasMuted: call.muted, intervalMs, flushMs: FLUSH_MS, mostLogs };
  }

  /** @param {LogEntry} entry */
  log(entry) {
    if (this.#isOver) return;
    this.#keep(this.#logs, MOST_LOGS, logged(entry));
    if (this.#logs.length >= MANY_LOGS) this.#relieve({ type: "buffer-limit" });
  }

  /** Takes from a frame that leaves as whom the page calls: the call does not say. @param {any} frame */
  sent(frame) {
    const { callID, caller_id_number: number } = frame?.params?.dialogParams ?? {};
    if (callID === this.#call.id && number) this.#how.callerNumber = String(number);
  }

  /** @param {RTCStatsReport} report */
  sample(report) {
    if (this.#isOver) return;
    const now = Date.now();
    this.#interval ??= new Interval(now);
    this.#interval.add(report, now);
    // The browser's clock for the reports is not as exact as ours.
    if (this.#interval.lasts(now) < this.#settings.intervalMs * 0.9) return;
    this.#interval = new Interval(now, this.pause());
    if (this.#samples.length >= MANY_SAMPLES) this.#relieve({ type: "buffer-limit" });
    else if (this.#isLongAgo(FLUSH_MS)) this.#relieve({ type: "safety-interval" });
  }

  /** No samples follow for a while: what was gathered since the last one is one more. */
  pause() {
    const interval = this.#interval;
    this.#interval = undefined;
    if (!interval || interval.isEmpty) return undefined;
    const [track] = this.#call.localStream?.getAudioTracks() ?? [];
    this.#keep(this.#samples, MOST_SAMPLES, interval.told(track));
    return interval;
  }

  /** Sends what there is, while the call goes on. @param {FlushReason} reason */
  flush(reason) {
    this.#flushedAt = Date.now();
    return this.#enqueue(reason);
  }

  /** As `flush`, unless that is under way, or has failed a moment ago. @param {FlushReason} reason */
  #relieve(reason) {
    if (this.#queued > 0 || (this.#hasFailed && !this.#isLongAgo(PATIENCE_MS))) return;
    void this.flush(reason);
  }

  /** Whether nothing was sent for so long; how long it is, nobody knows if the clock was set back. @param {number} ms */
  #isLongAgo(ms) {
    return Math.abs(Date.now() - this.#flushedAt) >= ms;
  }

  /** The call is over: what is left is sent. */
  end() {
    this.pause();
    this.#logTimings();
    this.#isOver = true;
    return this.#enqueue(undefined);
  }

  /** Whether something could not be sent when the call was over. */
  get hasRest() {
    return this.#samples.length + this.#logs.length > 0;
  }

  /** Tries to send that once more. */
  retry() {
    return this.#enqueue(undefined);
  }

  /**
   * The page goes away, and leaves the browser a last request: there is no time for more, nor for another attempt.
   *
   * @param {number} others how many calls will leave theirs after it
   */
  leave(others) {
    this.pause();
    this.#logTimings();
    const still = (/** @type {Item} */ { number }) => number > this.#leaving;
    const { farewells } = this.#settings;
    const [frame, room] = this.#frame({ type: "page-unload" }, farewells.left / (others + 1));
    const { logs, samples } = newest(this.#logs.filter(still), this.#samples.filter(still), room);
    if (logs.length + samples.length === 0 || this.#registration.reportId === undefined) return;
    const body = written(frame, { logs, samples }, this.#segments + Number(this.#isPosting));
    const how = { keepalive: true, over: AbortSignal.abort() };
    void farewells.carry(body, () => post(this.#registration.url, this.#headers(), body, how));
    // Not before: a script that the browser stops in between has left nothing.
    this.#leaving = this.#items;
  }

  /** How long setting up took, under the name that Telnyx's clients export it by; once. */
  #logTimings() {
    if (this.#hasTimings) return;
    this.#hasTimings = true;
    try {
      const context = this.#settings.timingsOf?.(this.#call);
      if (context) this.log({ at: new Date(), level: "info", message: "CallTimings", callId: this.#call.id, context });
    } catch (error) {
      reportError(error);
    }
  }

  /**
   * @param {Item[]} items
   * @param {number} most
   * @param {object} what
   */
  #keep(items, most, what) {
    const text = JSON.stringify(what);
    // The comma behind it is one more.
    items.push({ number: ++this.#items, text, bytes: bytesOf(text) + 1 });
    if (items.length > most) items.splice(0, items.length - most);
  }

  /** @param {FlushReason | undefined} reason */
  #enqueue(reason) {
    this.#queued += 1;
    this.#posting = this.#posting.then(() => this.#send(reason)).finally(() => (this.#queued -= 1));
    return this.#posting;
  }

  /** @param {FlushReason | undefined} reason */
  async #send(reason) {
    if (this.#registration.reportId === undefined) return;
    const [frame, room] = this.#frame(reason, LARGEST_BODY);
    let parcels = pack(this.#logs, this.#samples, room);
    for (let parcel = parcels.shift(); parcel; parcel = parcels.shift()) {
      // One that is the only one has no number.
      const isOnly = this.#isOver && this.#segments === 0 && parcels.length === 0;
      const body = written(frame, parcel, isOnly ? undefined : this.#segments);
      const { status, isSent } = await this.#post(body, last(parcel));
      if (isSent) {
        this.#segments += 1;
        this.#forget(parcel);
      } else if (status === 413 && parcel.logs.length + parcel.samples.length > 1) {
        parcels = [...halves(parcel), ...parcels];
      } else {
        return;
      }
    }
  }

  /**
   * @param {string} body
   * @param {number} upTo
   */
  async #post(body, upTo) {
    const { farewells, over } = this.#settings;
    const keepalive = bytesOf(body) <= farewells.left;
    const segment = this.#segments;
    this.#isPosting = true;
    const send = () => post(this.#registration.url, this.#headers(), body, { keepalive, over });
    const sending = keepalive ? farewells.carry(body, send) : send();
    if (keepalive) this.#leaving = upTo;
    const outcome = await sending;
    this.#isPosting = false;
    this.#hasFailed = !outcome.isSent;
    if (this.#hasFailed) this.#leaving = 0;
    this.#settings.tell({ call: this.#call, segment, isLast: this.#isOver, ...outcome });
    return outcome;
  }

  /** @param {{ logs: Item[], samples: Item[] }} parcel */
  #forget({ logs, samples }) {
    const sent = new Set([...logs, ...samples]);
    this.#logs = this.#logs.filter((item) => !sent.has(item));
    this.#samples = this.#samples.filter((item) => !sent.has(item));
  }

  /**
   * What is around samples and log entries, and how many bytes are left for them.
   *
   * @param {FlushReason | undefined} flushReason
   * @param {number} largest
   * @returns {[object, number]}
   */
  #frame(flushReason, largest) {
    const frame = {
      summary: summary(this.#client, this.#call, this.#registration, this.#how), ...(flushReason && { flushReason }),
    };
    // With room for the names of what is put in.
    return [frame, largest - bytesOf(JSON.stringify(frame)) - 100];
  }

  #headers() {
    const { reportId = "", node } = this.#registration;
    return {
      "Content-Type": "application/json", "x-call-report-id": reportId, "x-call-id": this.#call.id,
      ...(node !== undefined && { "x-voice-sdk-id": node }),
    };
  }
}

/**
 * @param {object} frame
 * @param {{ logs: Item[], samples: Item[] }} parcel
 * @param {number | undefined} segment
 */
function written(frame, { logs, samples }, segment) {
  const around = JSON.stringify({ ...frame, ...(segment !== undefined && { segment }) });
  const list = (/** @type {Item[]} */ items) => `[${items.map(({ text }) => text).join()}]`;
  return `${around.slice(0, -1)},"stats":${list(samples)},"logs":${list(logs)}}`;
}

/** @param {{ logs: Item[], samples: Item[] }} parcel */
function last({ logs, samples }) {
  return Math.max(logs.at(-1)?.number ?? 0, samples.at(-1)?.number ?? 0);
}

/** @param {{ logs: Item[], samples: Item[] }} parcel */
function halves({ logs, samples }) {
  const [l, s] = [Math.ceil(logs.length / 2), Math.ceil(samples.length / 2)];
  const first = { logs: logs.slice(0, l), samples: samples.slice(0, s) };
  const second = { logs: logs.slice(l), samples: samples.slice(s) };
  return [first, second].filter((part) => part.logs.length + part.samples.length > 0);
}
