/**
 * A recording as the core replayed it: rows of the ladder, states and points of the plots, and who finds them by time.
 *
 * @typedef {"page" | "peer" | "core" | "server"} Lane
 * @typedef {"command" | "event" | "frame" | "socket" | "peer" | "page" | "timer" | "stats"} Kind
 *
 * @typedef {object} Row
 * @property {number} line which line of the recording it is of, from 0
 * @property {number} at milliseconds since the beginning
 * @property {Lane} from
 * @property {Lane} to
 * @property {Kind} kind
 * @property {string} words
 * @property {string} [call]
 * @property {number} [peer]
 * @property {string} [rpc]
 * @property {boolean} [reply]
 * @property {"error" | "warning"} [trouble]
 * @property {string} [body]
 * @property {Row} [other] the request of a reply, the reply of a request
 * @property {boolean} [differs] the replay does something else from here on
 *
 * @typedef {object} CallState
 * @property {string} id
 * @property {"inbound" | "outbound"} direction
 * @property {string} state
 * @property {boolean} earlyMedia
 * @property {boolean} mediaConnected
 * @property {boolean} muted
 * @property {string | null} name
 * @property {string | null} number
 * @property {string | null} interruption
 * @property {string | null} reason
 *
 * @typedef {object} State
 * @property {number} line
 * @property {number} at
 * @property {string} session
 * @property {string} url
 * @property {[string, number] | null} waits
 * @property {CallState[]} calls
 *
 * @typedef {object} Point
 * @property {number} at
 * @property {number} peer
 * @property {string | null} call
 * @property {number | null} sent
 * @property {number | null} received
 * @property {number | null} bytesSent
 * @property {number | null} bytesReceived
 * @property {number | null} levelSent
 * @property {number | null} levelReceived
 * @property {number | null} jitter
 * @property {number | null} rtt
 * @property {number | null} loss
 * @property {number | null} mos
 * @property {number[]} warnings
 *
 * @typedef {object} Difference
 * @property {number} line
 * @property {number} at
 * @property {string | null} recorded
 * @property {string | null} replayed
 *
 * @typedef {{ comparable: boolean, difference: Difference | null, format: number, version: string }} Outcome
 * @typedef {{ line: number, kind: string, words: string }} Bad
 * @typedef {{ from: number, to: number, state: string }} Band
 * @typedef {{ id: string, name: string, bands: Band[] }} Call
 */

/** So many lines take a few milliseconds: the page answers between two pieces. */
const PIECE = 400;

/** A recording, replayed. */
export class Trace {
  /** @type {Row[]} */
  rows = [];
  /** @type {State[]} */
  states = [];
  /** @type {Point[]} */
  points = [];
  /** @type {Call[]} */
  calls = [];
  /** @type {Band[]} */
  session = [];
  /** What was wrong with the audio. @type {Band[]} */
  warnings = [];
  /** When each line was. @type {number[]} */
  times = [];
  /** @type {Bad | undefined} */
  bad;
  /** @type {Outcome} */
  outcome = { comparable: false, difference: null, format: 0, version: "" };
  /** How long it is, in milliseconds. */
  length = 0;
  /** Which version made it. */
  version = "";
  /** When it began. */
  began = new Date(0);
  #viewer;
  /** @type {string[]} */
  #lines;

  /**
   * @param {string} name
   * @param {string} text
   * @param {import("../pkg/replay.js").Viewer} viewer
   */
  constructor(name, text, viewer) {
    this.name = name;
    this.text = text;
    this.#viewer = viewer;
    this.#lines = text.split(/\r?\n/);
  }

  /**
   * Replays all of it, a piece at a time.
   *
   * @param {(share: number) => void} tell
   * @param {AbortSignal} signal
   */
  async replay(tell, signal) {
    for (let share = 0; share < 1 && !this.bad; ) {
      const piece = JSON.parse(this.#viewer.advance(PIECE));
      this.rows.push(...piece.rows);
      this.states.push(...piece.states);
      this.points.push(...piece.points);
      this.bad = piece.bad ?? undefined;
      share = piece.progress;
      tell(share);
      await pause();
      if (signal.aborted) return;
    }
    this.outcome = JSON.parse(this.#viewer.outcome());
    this.#begin();
    this.length = this.rows.at(-1)?.at ?? 0;
    const peers = this.#join();
    for (const point of this.points) point.call ??= peers.get(point.peer) ?? null;
    this.#band();
    const { difference } = this.outcome;
    const first = difference && this.rows[this.rowAt(difference.at)];
    if (first) first.differs = true;
  }

  #begin() {
    for (const row of this.rows) this.times[row.line] = row.at;
    const first = this.entry(0);
    const { wall } = first?.at ?? {};
    if (wall) this.began = new Date(wall.secs * 1000 + wall.nanos / 1e6);
    this.version = first?.entry?.Client?.version ?? "";
  }

  /** Joins requests with their replies, and rows with their calls; which call each peer connection is of. */
  #join() {
    /** @type {Map<string, Row>} */
    const open = new Map();
    /** @type {Map<number, string>} */
    const peers = new Map();
    for (const row of this.rows) {
      if (row.peer !== undefined && row.call !== undefined) peers.set(row.peer, row.call);
      if (row.rpc === undefined) continue;
      if (!row.reply) {
        open.set(row.rpc, row);
        continue;
      }
      const request = open.get(row.rpc);
      if (!request) continue;
      open.delete(row.rpc);
      row.other = request;
      request.other = row;
      if (request.call !== undefined) row.call = request.call;
    }
    for (const row of this.rows) {
      const call = row.peer === undefined ? undefined : peers.get(row.peer);
      if (call !== undefined) row.call ??= call;
    }
    return peers;
  }

  /** What lasts: states of the session and of each call. */
  #band() {
    /** @type {Map<string, Call>} */
    const calls = new Map();
    for (const { at, session, calls: now } of this.states) {
      extend(this.session, session, at);
      for (const { id, state, name, number, direction } of now) {
        const known = calls.get(id) ?? { id, name: "", bands: [] };
        known.name = name || number || known.name || (direction === "inbound" ? "incoming" : "call");
        calls.set(id, known);
        extend(known.bands, state, at);
      }
    }
    this.calls = [...calls.values()];
    this.#warn();
    for (const bands of [this.session, this.warnings, ...this.calls.map((call) => call.bands)]) {
      const last = bands.at(-1);
      if (last) last.to = this.length;
    }
  }

  /** Which warnings are raised at a time, of all calls. */
  #warn() {
    /** Of which call, and which. @type {Map<string, string>} */
    const raised = new Map();
    for (const { at, call, warnings } of this.points) {
      for (const code of warnings) {
        const words = warned(Math.abs(code));
        if (code > 0) raised.set(`${call} ${words}`, words);
        else raised.delete(`${call} ${words}`);
      }
      if (warnings.length > 0) extend(this.warnings, [...new Set(raised.values())].join(", "), at);
    }
  }

  /** Which of the page's colours a call has. @param {string | null | undefined} id */
  colour(id) {
    const index = this.calls.findIndex((call) => call.id === id);
    return index < 0 ? "" : String(index % 6);
  }

  /** The newest row at a time, or -1. @param {number} at */
  rowAt(at) {
    return before(this.rows, (row) => row.at <= at);
  }

  /** All rows of a line: what was told, and what the client did because of it. @param {number} line */
  rowsOf(line) {
    const rows = [];
    const first = before(this.rows, (row) => row.line < line) + 1;
    for (let place = first; this.rows[place]?.line === line; place += 1) {
      rows.push(/** @type {Row} */ (this.rows[place]));
    }
    return rows;
  }

  /** What holds after a line. @param {number} line */
  stateAfter(line) {
    return this.states[before(this.states, (state) => state.line <= line)];
  }

  /** The newest point of each call at a time. @param {number} at */
  pointAt(at) {
    const point = this.points[before(this.points, (one) => one.at <= at)];
    return point && at - point.at < 3000 ? point : undefined;
  }

  /** What a line says. @param {number} line @returns {any} */
  entry(line) {
    try {
      return JSON.parse(this.#lines[line] ?? "");
    } catch {
      return undefined;
    }
  }

  /** All that a search looks into. @param {Row} row */
  searched(row) {
    return `${row.words} ${row.body ?? this.#lines[row.line] ?? ""}`.toLowerCase();
  }

  /** @param {{ at: number, call: string, verb: string, state: string, within: number }} expected */
  expectation({ at, call, verb, state, within }) {
    return this.#viewer.expectation(at, call, verb, state, within);
  }

  /** What a test says as things are. @param {string} expectation @returns {{ met: boolean, words: string } | null} */
  check(expectation) {
    return JSON.parse(this.#viewer.check(expectation));
  }

  free() {
    this.#viewer.free();
  }
}

/** @type {Record<number, string>} */
const WARNED = {
  31001: "round trip", 31002: "jitter", 31003: "loss", 31004: "MOS",
  31005: "silent microphone", 31006: "silence received",
  32001: "nothing received", 32002: "nothing sent", 33008: "another way", 61201: "one way", 61202: "echo",
  61203: "muted in hardware", 61204: "machine too busy", 61205: "outbound loss",
};

/** @param {number} code */
function warned(code) {
  return WARNED[code] ?? String(code);
}

/**
 * The index of the last one for which it is so, where it is so of the first ones only; -1 if of none.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {(one: T) => boolean} isSo
 */
export function before(list, isSo) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(/** @type {T} */ (list[middle]))) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @param {Band[]} bands @param {string} state @param {number} at */
function extend(bands, state, at) {
  const last = bands.at(-1);
  if (last?.state === state) return;
  if (last) last.to = at;
  bands.push({ from: at, to: at, state });
}

/** Lets the page paint. Timers are held back after a few; messages are not. */
function pause() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(undefined);
  });
}
