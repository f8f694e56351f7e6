import { POOR_BELOW } from "./band.js";
import { copyOf, make, part } from "./dom.js";

/**
 * @typedef {import("../../js/quality.js").QualitySample} Sample
 *
 * @typedef {object} Metric
 * @property {string} id
 * @property {string} name
 * @property {string} unit
 * @property {(sample: Sample) => number | undefined} of
 * @property {number} limit where it begins to be heard
 * @property {boolean} isBetterHigh
 * @property {(value: number) => string} format
 */

const whole = (/** @type {number} */ value) => String(Math.round(value));
const tenths = (/** @type {number} */ value) => value.toFixed(1);

/** @type {readonly Metric[]} */
const METRICS = [
  { id: "mos", name: "MOS", unit: "", of: ({ mos }) => mos, limit: POOR_BELOW, isBetterHigh: true, format: tenths },
  {
    id: "jitter", name: "Jitter", unit: "ms", limit: 30, isBetterHigh: false, format: whole,
    of: ({ jitter, inboundJitter }) => times(1000, worse(jitter, inboundJitter)),
  },
  { id: "rtt", name: "Round trip", unit: "ms", of: ({ rtt }) => times(1000, rtt), limit: 400, isBetterHigh: false, format: whole },
  {
    id: "loss", name: "Loss", unit: "%", limit: 1, isBetterHigh: false, format: tenths,
    of: ({ loss, remoteLoss }) => times(100, worse(loss, remoteLoss)),
  },
];

/** What the scale of scores spans. */
const SCORES = /** @type {const} */ ([1, 4.5]);

/** The drawing's own units; the page stretches it. */
const [WIDTH, HEIGHT] = [120, 36];

/** Beyond that the line breaks: nothing was measured in between. */
const GAP_MS = 5000;

/** Shorter than that, a call's beginning would look like its whole. */
const SHORTEST_MS = 20_000;

/** The four figures of a call over time. */
export class Plots {
  #root;
  #window;
  /** @type {Map<Metric, HTMLElement>} */
  #plots = new Map();
  #table;

  /**
   * @param {HTMLElement} root
   * @param {{ window?: number, table: HTMLElement }} options of a call that goes on, how many milliseconds of its end are
   *   shown, beside the last figures; else all is, beside the mean. And where the same stands in numbers.
   */
  constructor(root, { window, table }) {
    this.#root = root;
    this.#window = window;
    this.#table = table;
  }

  /** @param {readonly Sample[]} samples */
  show(samples) {
    const end = samples.at(-1)?.at ?? 0;
    const begin = Math.max(samples[0]?.at ?? 0, end - (this.#window ?? Infinity));
    const shown = samples.filter(({ at }) => at >= begin);
    const span = { begin: Math.min(begin, Math.max(0, end - SHORTEST_MS)), end: Math.max(end, SHORTEST_MS) };
    const rows = METRICS.map((metric) => {
      const points = shown.flatMap((sample) => {
        const value = metric.of(sample);
        return value === undefined ? [] : [{ at: sample.at, value }];
      });
      this.#draw(metric, points, span);
      return rowOf(metric, points.map(({ value }) => value));
    });
    this.#table.replaceChildren(...rows);
  }

  /**
   * @param {Metric} metric
   * @param {{ at: number, value: number }[]} points
   * @param {{ begin: number, end: number }} span
   */
  #draw(metric, points, span) {
    const { name, unit, limit, isBetterHigh, format } = metric;
    const plot = this.#plots.get(metric) ?? this.#add(metric);
    const values = points.map(({ value }) => value);
    const now = this.#window === undefined ? meanOf(values) : values.at(-1);
    const isBeyond = now !== undefined && (isBetterHigh ? now < limit : now > limit);
    plot.dataset.beyond = String(isBeyond);
    part(plot, "plot-now", HTMLElement).textContent = now === undefined ? "–" : format(now);
    const what = this.#window === undefined ? `${unit} mean`.trim() : unit;
    part(plot, "plot-unit", HTMLElement).textContent = now === undefined ? "" : what;
    part(plot, "plot-mark", HTMLElement).textContent = isBeyond ? (isBetterHigh ? "low" : "high") : "";
    const range = values.length === 0 ? "" : `${format(Math.min(...values))} – ${format(Math.max(...values))}`;
    part(plot, "plot-range", HTMLElement).textContent = range;
    const words = range === "" ? "nothing yet" : `from ${range.replace("–", "to")} ${unit}`;
    part(plot, "plot-drawing", SVGSVGElement).setAttribute("aria-label", `${name}: ${words}`.trim());

    const y = scaleOf(metric, values);
    const x = (/** @type {number} */ at) => ((at - span.begin) / (span.end - span.begin)) * WIDTH;
    const height = y(limit).toFixed(1);
    const line = part(plot, "plot-limit", SVGLineElement);
    for (const end of ["y1", "y2"]) line.setAttribute(end, height);
    part(plot, "plot-line", SVGPathElement).setAttribute("d", pathOf(points, x, y));
  }

  /** @param {Metric} metric */
  #add(metric) {
    const plot = copyOf("plot-template");
    plot.dataset.metric = metric.id;
    part(plot, "plot-name", HTMLElement).textContent = metric.name;
    this.#plots.set(metric, plot);
    this.#root.append(plot);
    return plot;
  }
}

/**
 * Numbers to heights. A calm call must not look wild because nothing happens in it: the limit is always within.
 *
 * @param {Metric} metric
 * @param {number[]} values
 */
function scaleOf({ limit, isBetterHigh }, values) {
  const [least, most] = isBetterHigh ? SCORES : [0, Math.max(limit * 1.5, ...values.map((value) => value * 1.1))];
  // The line is as thick as two units.
  return (/** @type {number} */ value) => HEIGHT - 1 - ((value - least) / (most - least)) * (HEIGHT - 2);
}

/**
 * @param {{ at: number, value: number }[]} points
 * @param {(at: number) => number} x
 * @param {(value: number) => number} y
 */
function pathOf(points, x, y) {
  return points.map(({ at, value }, place) => {
    const before = points[place - 1];
    const step = before === undefined || at - before.at > GAP_MS ? "M" : "L";
    return `${step}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  }).join("");
}

/**
 * @param {Metric} metric
 * @param {number[]} values
 */
function rowOf({ name, unit, format }, values) {
  const figures = [values.at(-1), Math.min(...values), meanOf(values), Math.max(...values)];
  const cells = figures.map((value) => make("td", {}, values.length === 0 || value === undefined ? "–" : format(value)));
  const head = make("th", { scope: "row" }, unit === "" ? name : `${name}, ${unit}`);
  return make("tr", {}, head, ...cells);
}

/** @param {number[]} values */
function meanOf(values) {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * @param {number} factor
 * @param {number | undefined} value
 */
function times(factor, value) {
  return value === undefined ? undefined : value * factor;
}

/**
 * Of the two ways, the worse.
 *
 * @param {number | undefined} one
 * @param {number | undefined} other
 */
function worse(one, other) {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
