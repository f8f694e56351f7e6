/** @typedef {import("../quality.js").QualitySample} QualitySample */
/** @typedef {import("../quality.js").QualitySummary} QualitySummary */
/** @typedef {import("../quality.js").CallTimings} CallTimings */
/** @typedef {import("../quality.js").CallVerdict} CallVerdict */
/** @typedef {import("../quality.js").Finding} Finding */
/** @typedef {import("../quality.js").MilestoneName} MilestoneName */
/** @typedef {import("../quality.js").Spread} Spread */

// The module's rows of numbers, in the order in which `quality/src/answers.rs` writes them.

const BANDS = /** @type {const} */ (["excellent", "good", "fair", "poor", "bad", "unknown"]);

const MEASURES = /** @type {const} */ ([
  "loss", "seconds", "packetsReceived", "bytesReceived", "packetsLost", "packetsSent", "bytesSent", "remoteLoss",
  "jitter", "inboundJitter", "rtt", "inboundLevel", "outboundLevel", "concealed", "bufferDelay",
]);

const COSTS = /** @type {const} */ (["loss", "jitter", "rtt"]);

/** Where the measures begin: after the two scores, the band, and what costs most. */
const FIRST_MEASURE = 4;

const TOTALS = /** @type {const} */ ([
  "seconds", "packetsReceived", "bytesReceived", "packetsLost", "packetsSent", "bytesSent", "loss",
]);
const SPREADS = /** @type {const} */ ([
  "remoteLoss", "jitter", "rtt", "mos", "mosCqe", "concealed", "inboundLevel", "outboundLevel",
]);

const DURATIONS = /** @type {const} */ ([
  "registration", "callSetup", "timeToFirstRtp", "iceGathering", "signalling", "mediaEstablishment", "answerDelay",
]);

const SEVERITIES = /** @type {const} */ (["failed", "bad", "impaired", "unnoticed"]);
const SIDES = /** @type {const} */ (["here", "there", "network", "server", "unknown"]);

/** How many numbers a finding is, its evidence last. */
const FINDING = 12;
const EVIDENCE = 6;

/**
 * A sample, and what changed with it.
 *
 * @param {Float64Array} row
 * @param {number} at
 */
export function readMeasured(row, at) {
  const [mos, mosCqe, band, cost] = row;
  const measures = MEASURES.map((name, n) => [name, known(row[FIRST_MEASURE + n])]);
  const sample = Object.freeze(/** @type {QualitySample} */ ({
    at, mos: known(mos), mosCqe: known(mosCqe), quality: BANDS[band ?? NaN] ?? "unknown",
    costliest: COSTS[cost ?? NaN],
    ...Object.fromEntries(measures),
  }));
  return { sample, changes: readChanges(row.subarray(FIRST_MEASURE + MEASURES.length)) };
}

/**
 * What is wrong from here on, or no longer.
 *
 * @param {Float64Array} row
 */
export function readChanges(row) {
  return [...row].map((code) => ({ code: Math.abs(code), raised: code > 0 }));
}

/**
 * @param {Float64Array} row
 * @param {(code: number) => string} nameOf
 * @param {CallTimings} timings
 */
export function readSummary(row, nameOf, timings) {
  let at = 0;
  const next = () => known(row[at++]);
  const totals = Object.fromEntries(TOTALS.map((name) => [name, next()]));
  const spreads = Object.fromEntries(SPREADS.map((name) => [name, readSpread(next(), next(), next())]));
  const quality = BANDS[next() ?? NaN] ?? "unknown";
  const bands = Object.freeze(Object.fromEntries(BANDS.map((name) => [name, next()])));
  const warnings = [];
  while (at < row.length) {
    const [code = 0, first = 0, times = 0, seconds = 0] = [next(), next(), next(), next()];
    warnings.push(Object.freeze({ code, name: nameOf(code), at: first, times, seconds }));
  }
  const summary = { ...totals, ...spreads, quality, bands, warnings: Object.freeze(warnings), timings };
  return Object.freeze(/** @type {QualitySummary} */ (/** @type {unknown} */ (summary)));
}

/**
 * @param {number | undefined} least
 * @param {number | undefined} mean
 * @param {number | undefined} most
 * @returns {Spread | undefined}
 */
function readSpread(least, mean, most) {
  if (least === undefined || mean === undefined || most === undefined) return undefined;
  return Object.freeze({ least, mean, most });
}

/** @param {number | undefined} number */
function known(number) {
  return Number.isNaN(number) ? undefined : number;
}

/**
 * @param {Float64Array} row
 * @param {Partial<Record<MilestoneName, number>>} milestones
 * @returns {CallTimings}
 */
export function readTimings(row, milestones) {
  const durations = DURATIONS.flatMap((name, n) => {
    const seconds = known(row[n]);
    return seconds === undefined ? [] : [[name, seconds * 1000]];
  });
  return Object.freeze({ milestones: Object.freeze({ ...milestones }), ...Object.fromEntries(durations) });
}

/**
 * @param {Float64Array} row
 * @param {import("./words.js").Words} words
 * @returns {CallVerdict}
 */
export function readVerdict(row, words) {
  /** @type {Finding[]} */
  const findings = [];
  for (let at = 0; at < row.length; at += FINDING) findings.push(readFinding(row.subarray(at, at + FINDING), words));
  return Object.freeze({ findings: Object.freeze(findings), text: findings.map(({ text }) => text).join(" ") });
}

/**
 * @param {Float64Array} row
 * @param {import("./words.js").Words} words
 * @returns {Finding}
 */
function readFinding(row, words) {
  const [code = NaN, severity = NaN, confidence = NaN, side = NaN, from, to] = row;
  const { name, fields } = words.cause(code);
  const figures = row.subarray(FINDING - EVIDENCE);
  const evidence = Object.freeze(Object.fromEntries(fields.flatMap((field, n) => {
    const figure = known(figures[n]);
    return figure === undefined ? [] : [[field, figure]];
  })));
  const [begin, end] = [from, to].map((seconds) => known(seconds));
  return Object.freeze({
    code, cause: name, severity: SEVERITIES[severity] ?? "unnoticed", confidence, side: SIDES[side] ?? "unknown",
    ...(begin !== undefined && { from: begin * 1000 }), ...(end !== undefined && { to: end * 1000 }), evidence,
    ...words.finding(name, evidence),
  });
}
