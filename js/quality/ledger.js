/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../quality.js").MilestoneName} MilestoneName */
/** @typedef {import("../quality.js").QualityWatchEvents} QualityWatchEvents */
/** @typedef {import("./facts.js").Fact} Fact */
/** @typedef {import("./thinker.js").Thinker} Thinker */
/** @typedef {import("./words.js").Words} Words */

import { selectedPair } from "../media/pair.js";
import { ENERGY, isMeasured, readingOf } from "../media/reading.js";
import { readChanges, readMeasured, readSummary, readTimings, readVerdict } from "./answers.js";
import { Clock } from "./clock.js";
import { FACT, ofCandidate, ofEnd, ofError, ofPath } from "./facts.js";
import { watchPeer } from "./peer.js";
import { SetUp } from "./setup.js";
import { nameOf } from "./words.js";

/**
 * @typedef {{
 *   thinker: Thinker, words: Words, most: number, pressure: () => number,
 *   tell: <K extends keyof QualityWatchEvents>(event: K, payload: QualityWatchEvents[K]) => void,
 *   fail: (error: unknown) => void,
 * }} Desk
 */

/** All that is known of one call: asks the module, and keeps what it says. */
export class Ledger {
  startedAt = new Date();
  /** Newest last. @type {import("../quality.js").QualitySample[]} */
  samples = [];
  /** Those that are raised, by code. @type {Map<number, import("../quality.js").QualityWarning>} */
  warnings = new Map();
  /** @type {Partial<Record<MilestoneName, number>>} */
  milestones = {};
  /** @type {import("../quality.js").CallVerdict | undefined} */
  verdict;

  #call;
  #desk;
  #clock = new Clock();
  /** The module's number for the call; none when it is over. @type {number | undefined} */
  #number;
  /** Each connection has a number. @type {Map<RTCPeerConnection, number>} */
  #peers = new Map();
  #over = new AbortController();
  /** @type {SetUp | undefined} */
  #setUp;
  /** @type {MediaStreamTrack | undefined} */
  #track;
  #path = "";
  /** Those that were gathered: the events have them, and so has each of the browser's reports. @type {Set<string>} */
  #candidates = new Set();
  /** What is kept of the summary and the timings when the call is over. */
  #kept = nothingKept();

  /**
   * @param {Call} call
   * @param {boolean} isNew whether it is set up here and now
   * @param {Desk} desk
   */
  constructor(call, isNew, desk) {
    this.#call = call;
    this.#desk = desk;
    this.#number = desk.thinker.call("open", []);
    const { signal } = this.#over;
    call.on("peerConnection", ({ connection }) => this.#meet(connection), { signal });
    call.on("report", ({ connection, report }) => this.#take(connection, report), { signal });
    call.on("updated", () => this.#lookAtTrack(), { signal });
    call.on("error", ({ error }) => this.note(ofError(error, this.#track !== undefined)), { signal });
    if (isNew) this.#setUp = new SetUp(call, (name) => this.#reach(name), () => this.#tellTimings());
    // Somebody has answered it, whoever watched then.
    else this.#ask("milestone", desk.words.milestones.indexOf("callActive"));
    if (call.peerConnection) this.#meet(call.peerConnection);
  }

  get isSettingUp() {
    return this.#setUp !== undefined && !this.#setUp.isOver;
  }

  /** Whether nothing more is watched. */
  get isOver() {
    return this.#over.signal.aborted;
  }

  get summary() {
    const row = this.#ask("summary");
    return row ? readSummary(row, nameOf, this.timings) : this.#kept.summary;
  }

  get timings() {
    const row = this.#ask("timings");
    return row ? readTimings(row, this.milestones) : this.#kept.timings;
  }

  /**
   * The state of the call is another one.
   *
   * @param {import("../index.js").CallState} previous
   */
  changed(previous) {
    const { state } = this.#call;
    this.#setUp?.changed();
    if (previous === "active") this.#pause();
    this.#lookAtTrack();
    if (state === "done") this.#end();
  }

  /**
   * A frame of this call.
   *
   * @param {"in" | "out"} direction
   * @param {string} method
   * @param {Record<string, unknown>} params
   */
  hear(direction, method, params) {
    this.#setUp?.hear(direction, method, params);
  }

  /** Something that a verdict should know. @param {Fact | undefined} fact */
  note(fact) {
    if (fact) this.#ask("fact", fact[0], fact.slice(1));
  }

  /** Nothing more is watched. */
  close() {
    this.#over.abort();
    this.#setUp?.close();
    if (this.#number === undefined) return;
    this.#kept = { summary: this.summary, timings: this.timings };
    this.#ask("close");
    this.#number = undefined;
  }

  get #now() {
    return this.#clock.now;
  }

  /** @param {RTCPeerConnection} connection */
  #meet(connection) {
    if (this.#peers.has(connection)) return;
    if (this.#peers.size > 0) this.note([FACT.iceRestarted]);
    this.#peers.set(connection, this.#peers.size);
    const reach = (/** @type {MilestoneName} */ name) => this.#setUp?.reach(name);
    const find = (/** @type {import("./facts.js").Candidate} */ candidate) => this.#gathered(connection, candidate);
    watchPeer(connection, this.#over.signal, { reach, find, note: (fact) => this.note(fact) });
  }

  /**
   * @param {RTCPeerConnection} connection
   * @param {RTCStatsReport} report
   */
  #take(connection, report) {
    if (this.#call.state !== "active") return;
    this.#lookAtTrack();
    this.#meet(connection);
    const reading = readingOf(report, this.#track, this.#desk.pressure());
    // Where the browser does not tell it, the entry measures it.
    if (!isMeasured(reading)) reading[ENERGY] = this.#call.stats?.energySent ?? NaN;
    this.#lookAtWay(connection, report);
    const at = this.#now;
    const row = this.#ask("take", this.#peers.get(connection) ?? 0, reading, at);
    const { stats } = this.#call;
    if (stats) this.#setUp?.counted(stats.packetsSent, stats.packetsReceived);
    if (!row || row.length === 0) return;
    const { sample, changes } = readMeasured(row, at);
    this.samples.push(sample);
    if (this.samples.length > this.#desk.most) this.samples.shift();
    this.#desk.tell("sample", { call: this.#call, sample });
    this.#change(changes);
  }

  /**
   * An address that was gathered, as an event or a report tells it; it counts once.
   *
   * @param {RTCPeerConnection} connection
   * @param {import("./facts.js").Candidate} candidate
   */
  #gathered(connection, candidate) {
    const { type, candidateType, protocol, port } = candidate;
    const key = [this.#peers.get(connection), candidateType ?? type, protocol, port].join(" ");
    if (this.#candidates.has(key)) return;
    this.#candidates.add(key);
    this.note(ofCandidate(candidate));
  }

  /**
   * Which way the packets take, and what else was gathered before anybody listened.
   *
   * @param {RTCPeerConnection} connection
   * @param {RTCStatsReport} report
   */
  #lookAtWay(connection, report) {
    for (const entry of report.values()) {
      if (entry.type === "local-candidate" && this.#path === "") this.#gathered(connection, entry);
    }
    const pair = selectedPair(report);
    const way = [report.get(pair?.["localCandidateId"]), report.get(pair?.["remoteCandidateId"])];
    const path = ofPath(way[0], way[1], connection.getConfiguration());
    if (!path || this.#path === String(path)) return;
    this.#path = String(path);
    this.note(path);
  }

  /** What the call speaks through: no event tells of another one. */
  #lookAtTrack() {
    const track = this.#call.localStream?.getAudioTracks()[0];
    if (track === this.#track || !track) return;
    this.#track = track;
    this.note([FACT.microphoneOpened]);
    const ended = () => track === this.#track && this.note([FACT.microphoneLost]);
    track.addEventListener("ended", ended, { signal: this.#over.signal });
  }

  #pause() {
    this.note([FACT.paused]);
    const row = this.#ask("pause");
    if (row) this.#change(readChanges(row));
  }

  /** @param {{ code: number, raised: boolean }[]} changes */
  #change(changes) {
    for (const { code, raised } of changes) {
      const warning = Object.freeze({ code, name: nameOf(code), at: this.#now, ...this.#desk.words.warning(code) });
      if (raised) this.warnings.set(code, warning);
      else this.warnings.delete(code);
      this.#desk.tell("warning", { call: this.#call, raised, ...warning });
    }
  }

  /** @param {MilestoneName} name */
  #reach(name) {
    const number = this.#desk.words.milestones.indexOf(name);
    const isFirst = Object.keys(this.milestones).length === 0;
    const at = isFirst ? 0 : this.#now;
    this.#ask("milestone", number, undefined, at);
    this.milestones[name] = at;
    this.#desk.tell("milestone", { call: this.#call, name, at });
  }

  #tellTimings() {
    this.#desk.tell("timings", { call: this.#call, timings: this.timings });
  }

  #end() {
    this.#setUp?.close();
    this.note(ofEnd(this.#call.reason));
    const row = this.#ask("verdict");
    if (row) this.verdict = readVerdict(row, this.#desk.words);
    this.close();
    if (this.verdict) this.#desk.tell("verdict", { call: this.#call, summary: this.summary, verdict: this.verdict });
  }

  /**
   * Asks the module about this call; nothing when it is over.
   *
   * @param {string} name
   * @param {number} [what]
   * @param {ArrayLike<number>} [row]
   * @param {number} [at]
   */
  #ask(name, what = 0, row, at = this.#now) {
    if (this.#number === undefined) return undefined;
    try {
      return this.#desk.thinker.ask(name, [this.#number, what, at], row);
    } catch (error) {
      this.#number = undefined;
      this.#desk.fail(error);
      return undefined;
    }
  }
}

/** Of a call that the module has failed before. */
function nothingKept() {
  const timings = readTimings(new Float64Array(), {});
  return { summary: readSummary(new Float64Array(), nameOf, timings), timings };
}
