import type { Call, Client } from "./index.js";
import type { Log } from "./log.js";
import type { CallTimings } from "./quality.js";

/**
 * Reports to Telnyx of how calls were, to be given to `connect()` among its `plugins`. Nothing is sent but what the
 * options ask for, and to nobody but the server that the client speaks with. Where that is no server of Telnyx's, nothing
 * is.
 *
 * Throws an `OffhookError` (`misuse`, 44002) if an option is wrong.
 */
export declare function reports(options: ReportOptions): Reports;

/** The same, of a client that is connected already. */
export declare function sendReports(client: Client, options: ReportOptions): Reports;

/** What is reported. */
export interface ReportOptions {
  /**
   * Telnyx's call report: what the browser measured, every few seconds, and what the call was, over HTTP. In segments
   * while the call lasts, and the rest when it is over or the page goes away. Default: `false`.
   */
  call?: boolean;
  /**
   * Telnyx's debug report: every event of the peer connection, and all that the browser measured every two seconds, over
   * the client's socket. Default: `false`.
   */
  debug?: boolean;
  /** A log whose entries of the call go along with its call report. Default: none do. */
  log?: Log;
  /**
   * How long setting up a call took, which goes along with its call report as the log entry `CallTimings`; asked when the
   * call is over, or the page goes away. With `offhook/quality`: `(call) => quality.of(call)?.timings`. Default: nothing
   * does.
   */
  timingsOf?: (call: Call) => CallTimings | undefined;
  /** How many seconds each sample of the call report covers, from 1 to 60. Default: `5`. */
  intervalSeconds?: number;
  /** Hears what became of each request with a part of a call report. What it throws is reported through `reportError`. */
  onOutcome?: (outcome: ReportOutcome) => void;
}

/** What became of a request with a part of a call report. */
export interface ReportOutcome {
  /** Whose. */
  readonly call: Call;
  /** Which part, from 0. */
  readonly segment: number;
  /** Whether the call was over. */
  readonly isLast: boolean;
  /** Whether the server took it. What it did not take is sent with the next part, or when the session is back. */
  readonly isSent: boolean;
  /** How often it was tried. */
  readonly attempts: number;
  /** The server's last answer, if it gave one. */
  readonly status?: number;
  /** Why there was none. */
  readonly error?: unknown;
}

/** Reports of a client's calls. It is also the plugin that attaches it to a client. */
export interface Reports {
  /** Reports of this client's calls from here on. */
  (client: Client): void;
  /** The id under which Telnyx's support finds a call's debug report. */
  debugReportId(call: Call): string | undefined;
  /** Sends what was gathered of the calls that are up, at once. Resolves when that is done, however it went. */
  flush(): Promise<void>;
  /** Reports nothing any more, and gives up what was not sent. */
  stop(): void;
}
