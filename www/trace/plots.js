/** @typedef {import("./model.js").Point} Point */
/** @typedef {{ key: keyof Point, words: string }} Line */

/**
 * @typedef {object} Plot
 * @property {string} name
 * @property {string} words
 * @property {Line[]} lines
 * @property {number} least what the upper edge is at least
 * @property {number} [floor] what the lower edge is
 * @property {number} [ceiling] what the upper edge is, whatever comes
 * @property {(value: number) => string} say
 */

/** @type {readonly Plot[]} */
export const PLOTS = [
  {
    name: "packets", words: "Packets/s", least: 60, say: (value) => String(Math.round(value)),
    lines: [{ key: "sent", words: "sent" }, { key: "received", words: "received" }],
  },
  {
    name: "bytes", words: "Bytes/s", least: 1000,
    say: (value) => (value < 1000 ? String(Math.round(value)) : `${(value / 1000).toFixed(1)} k`),
    lines: [{ key: "bytesSent", words: "sent" }, { key: "bytesReceived", words: "received" }],
  },
  {
    name: "levels", words: "Level", least: 0.05,
    say: (value) => (value > 0 ? `${Math.max(-99, Math.round(20 * Math.log10(value)))} dB` : "silent"),
    lines: [{ key: "levelSent", words: "sent" }, { key: "levelReceived", words: "received" }],
  },
  {
    name: "delay", words: "Delay", least: 0.1, say: (value) => `${Math.round(value * 1000)} ms`,
    lines: [{ key: "rtt", words: "RTT" }, { key: "jitter", words: "jitter" }],
  },
  {
    name: "loss", words: "Loss", least: 0.05, say: (value) => `${(value * 100).toFixed(1)} %`,
    lines: [{ key: "loss", words: "of what comes" }],
  },
  {
    name: "mos", words: "MOS", least: 4.5, floor: 1, ceiling: 4.5, say: (value) => value.toFixed(2),
    lines: [{ key: "mos", words: "score" }],
  },
];

/** Counters that fail to come for longer than this, in milliseconds, leave a gap. */
const GAP = 3500;

/**
 * The plots of which a recording has something.
 *
 * @param {readonly Point[]} points
 */
export function plotsOf(points) {
  return PLOTS.filter(({ lines }) => points.some((point) => lines.some(({ key }) => point[key] !== null)));
}

/**
 * The upper edge of a plot.
 *
 * @param {Plot} plot
 * @param {readonly Point[]} points
 */
export function topOf({ lines, least, ceiling }, points) {
  if (ceiling !== undefined) return ceiling;
  let top = least;
  for (const point of points) for (const { key } of lines) top = Math.max(top, Number(point[key] ?? 0));
  return top * 1.08;
}

/**
 * The path of a line: at most two points to a pixel, the least and the most of what falls there.
 *
 * @param {readonly Point[]} points those in sight
 * @param {keyof Point} key
 * @param {(at: number) => number} x
 * @param {(value: number) => number} y
 */
export function pathOf(points, key, x, y) {
  let path = "";
  let last = -Infinity;
  let peer = -1;
  /** @type {{ at: number, least: number, most: number, last: number } | undefined} */
  let pixel;
  const flush = () => {
    if (!pixel) return;
    const { at, least, most, last: end } = pixel;
    const values = least === most ? [end] : [most, least, end];
    path += values.map((value) => `L${at} ${y(value).toFixed(1)}`).join("");
    pixel = undefined;
  };
  for (const point of points) {
    const value = point[key];
    if (typeof value !== "number") continue;
    const at = Math.round(x(point.at) * 2) / 2;
    if (point.at - last > GAP || point.peer !== peer) {
      flush();
      // A point alone is seen, too: its line has round ends.
      path += `M${at} ${y(value).toFixed(1)}h0`;
    } else if (pixel?.at === at) {
      pixel.least = Math.min(pixel.least, value);
      pixel.most = Math.max(pixel.most, value);
      pixel.last = value;
    } else {
      flush();
      pixel = { at, least: value, most: value, last: value };
    }
    last = point.at;
    ({ peer } = point);
  }
  flush();
  return path;
}
