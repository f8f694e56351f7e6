/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../log.js").LogEntry} LogEntry */
/** @typedef {import("../reports.js").ReportOptions} ReportOptions */
/** @typedef {import("../reports.js").ReportOutcome} ReportOutcome */
/** @typedef {import("../reports.js").Reports} Reports */

import { eachCall } from "../arrivals.js";
import { wrongOption } from "../error.js";
import { flag, kind, number, object, readFunction } from "../options.js";
import { CallReport } from "./call-report.js";
import { DebugReport } from "./debug-report.js";
import { callOf, concerns } from "./logged.js";
import { Farewells } from "./pack.js";
import { Registration } from "./registration.js";

/** As Telnyx's own clients measure. */
const INTERVAL_SECONDS = 5;

/** Of so many calls that are over it is tried again to send the rest. */
const MOST_RESTS = 8;

/**
 * @param {ReportOptions} options
 * @returns {Reports}
 */
export function reports(options) {
  const desk = new Desk(readOptions(options));
  const attach = (/** @type {Client} */ client) => desk.attach(client);
  return Object.assign(attach, { debugReportId: desk.debugReportId, flush: desk.flush, stop: desk.stop });
}

/**
 * @param {Client} client
 * @param {ReportOptions} options
 */
export function sendReports(client, options) {
  const made = reports(options);
  made(client);
  return made;
}

/** @param {unknown} given */
function readOptions(given) {
  const options = object("options", given, "an object with `call` or `debug`");
  for (const name of ["call", "debug"]) flag(options, name);
  const isInterval = (/** @type {number} */ value) => value >= 1 && value <= 60;
  number(options, "intervalSeconds", isInterval, "a number from 1 to 60");
  for (const name of ["onOutcome", "timingsOf"]) readFunction(name, options[name]);
  const { call = false, debug = false, log, intervalSeconds = INTERVAL_SECONDS, onOutcome, timingsOf } = options;
  if (log != null && typeof log.subscribe !== "function") throw wrongOption("log", kind(log), "what log() returns");
  return { call, debug, log, intervalMs: intervalSeconds * 1000, onOutcome, timingsOf };
}

/** Where the reports of all calls are. */
class Desk {
  #options;
  #over = new AbortController();
  /** Of calls that are up. @type {Set<CallReport>} */
  #open = new Set();
  /** Of calls that have just ended. @type {Set<CallReport>} */
  #ending = new Set();
  /** Of calls that are over, of which something is left. @type {CallReport[]} */
  #rests = [];
  /** @type {WeakMap<Call, DebugReport>} */
  #debug = new WeakMap();
  #farewells = new Farewells();

  /** @param {ReturnType<typeof readOptions>} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {Client} client */
  attach(client) {
    const { call: isCall, debug } = this.#options;
    // FreeSWITCH takes neither.
    if (client.dialect !== "telnyx" || this.#over.signal.aborted) return;
    const over = { signal: this.#over.signal };
    const registration = isCall ? new Registration(client, over.signal) : undefined;
    eachCall(client, (call, how) => {
      if (call.state === "done") return;
      if (registration) this.#report(client, call, registration, how === "recovered");
      if (debug) this.#debug.set(call, new DebugReport(client, call, over.signal));
    }, over.signal);
    if (!registration) return;
    client.on("socketDisconnected", (close) => this.#flush({ type: "socket-close", socketClose: closeOf(close) }), over);
    client.on("ready", () => void this.#retry(), over);
    // Twice, since Firefox, when it closes a tab, may stop the first script that hears of it.
    addEventListener("pagehide", () => this.#leave(), over);
    addEventListener("pagehide", () => this.#leave(), over);
  }

  /**
   * @param {Client} client
   * @param {Call} call
   * @param {Registration} registration
   * @param {boolean} isRecovered
   */
  #report(client, call, registration, isRecovered) {
    const { log, intervalMs, timingsOf } = this.#options;
    const { signal } = this.#over;
    const settings = {
      intervalMs, hasLog: log !== undefined, over: signal, tell: this.#tell, timingsOf, farewells: this.#farewells,
    };
    const report = new CallReport(client, call, registration, settings, isRecovered);
    this.#open.add(report);
    // What was logged before it was heard of here.
    for (const entry of log?.entries ?? []) if (callOf(entry) === call.id) report.log(entry);
    const unsubscribe = log?.subscribe((/** @type {LogEntry} */ entry) => {
      if (concerns(entry, call)) report.log(entry);
    });
    const unhear = call.direction === "inbound" ? undefined : client.on("message", ({ direction, frame }) => {
      if (direction === "out") report.sent(frame);
    }, { signal });
    call.on("report", ({ report: sample }) => report.sample(sample), { signal });
    call.on("state", ({ state }) => {
      if (state !== "active") report.pause();
    }, { signal });
    // After that, so that the log has it too.
    call.on("ended", () => {
      this.#open.delete(report);
      unsubscribe?.();
      unhear?.();
      void this.#end(report);
    }, { signal });
  }

  /** @param {CallReport} report */
  async #end(report) {
    this.#ending.add(report);
    await report.end();
    this.#ending.delete(report);
    if (report.hasRest) this.#rests = [...this.#rests, report].slice(-MOST_RESTS);
  }

  /** The session is back: what could not be sent may have a way again. */
  async #retry() {
    const rests = this.#rests;
    this.#rests = [];
    for (const report of rests) {
      await report.retry();
      if (report.hasRest) this.#rests = [report, ...this.#rests].slice(-MOST_RESTS);
    }
  }

  #leave() {
    // What one does not need is left to those after it.
    [...this.#open, ...this.#ending, ...this.#rests].forEach((report, n, { length }) => report.leave(length - n - 1));
  }

  /** @param {Parameters<CallReport["flush"]>[0]} reason */
  async #flush(reason) {
    await Promise.all([...this.#open].map((report) => report.flush(reason)));
  }

  /** @param {ReportOutcome} outcome */
  #tell = (outcome) => {
    try {
      this.#options.onOutcome?.(outcome);
    } catch (error) {
      reportError(error);
    }
  };

  /** @type {Reports["debugReportId"]} */
  debugReportId = (call) => this.#debug.get(call)?.id;

  flush = () => this.#flush({ type: "manual" });

  stop = () => {
    this.#over.abort();
    this.#open.clear();
    this.#ending.clear();
    this.#rests = [];
  };
}

/** The names of close codes (RFC 6455, section 7.4.1). @type {Record<number, string>} */
const CODES = {
  1000: "NORMAL_CLOSURE", 1001: "GOING_AWAY", 1002: "PROTOCOL_ERROR", 1003: "UNSUPPORTED_DATA", 1006: "ABNORMAL_CLOSURE",
  1007: "INVALID_PAYLOAD", 1008: "POLICY_VIOLATION", 1009: "MESSAGE_TOO_BIG", 1011: "INTERNAL_ERROR",
  1012: "SERVICE_RESTART", 1013: "TRY_AGAIN_LATER",
};

/** @param {{ code: number, reason: string }} close */
function closeOf({ code, reason }) {
  return { code, codeName: CODES[code] ?? "UNKNOWN", reason, wasClean: code !== 1006 };
}
