/** @typedef {import("../quality.js").CallRecord} CallRecord */
/** @typedef {import("../quality.js").QualitySample} QualitySample */

/** @type {(keyof QualitySample)[]} */
const COLUMNS = [
  "seconds", "mos", "mosCqe", "quality", "jitter", "inboundJitter", "rtt", "loss", "remoteLoss", "packetsReceived",
  "bytesReceived", "packetsLost", "packetsSent", "bytesSent", "inboundLevel", "outboundLevel", "concealed",
  "bufferDelay",
];

/**
 * The samples of a call as a table, after RFC 4180. Documented in `quality.d.ts`.
 *
 * @param {CallRecord} record
 */
export function toCsv({ startedAt, samples }) {
  const rows = samples.map((sample) => {
    const time = new Date(startedAt.getTime() + sample.at).toISOString();
    return [time, sample.at / 1000, ...COLUMNS.map((name) => sample[name])];
  });
  return [["time", "at", ...COLUMNS], ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** @param {unknown} value */
function field(value) {
  // Six digits tell more than any browser measures.
  const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
