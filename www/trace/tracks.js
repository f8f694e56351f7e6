import { make } from "../softphone/dom.js";
import { before } from "./model.js";
import { pathOf, plotsOf, topOf } from "./plots.js";

/**
 * @typedef {import("./model.js").Trace} Trace
 * @typedef {import("./model.js").Band} Band
 * @typedef {import("./model.js").Row} Row
 * @typedef {{ from: number, to: number, width: number }} View what is in sight, and in how many pixels
 *
 * @typedef {object} Track
 * @property {HTMLElement} element
 * @property {(view: View) => void} draw
 * @property {(at: number) => void} [tell] says what is so at a moment
 */

const SVG = "http://www.w3.org/2000/svg";
const BAND = 22;
const TICKS = 26;
const PLOT = 46;
/** Of a letter of a band's word, in pixels. */
const LETTER = 6.6;

/** All that a recording has to show along its time. @param {Trace} trace @returns {Track[]} */
export function tracksOf(trace) {
  return [
    axis(),
    bands("Session", "", trace.session),
    ...trace.calls.map(({ id, name, bands: states }) => bands(name, trace.colour(id), states)),
    ticks(trace),
    ...(trace.warnings.length > 0 ? [bands("Warnings", "", trace.warnings, "warned")] : []),
    ...plotsOf(trace.points).map((plot) => plotted(trace, plot)),
  ];
}

/**
 * @param {string} name
 * @param {number} height
 * @param {string} [kind]
 */
function track(name, height, kind = "band") {
  const svg = shape("svg", { height: String(height), "aria-hidden": "true" });
  const label = make("span", { className: "label" }, make("b", { textContent: name }));
  const element = make("div", { className: `track ${kind}` }, label, svg);
  return { element, svg, label };
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** @param {View} view */
function scale({ from, to, width }) {
  return (/** @type {number} */ at) => ((at - from) / (to - from)) * width;
}

/** Steps that people count in, in milliseconds. */
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000,
  60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** @returns {Track} */
function axis() {
  const { element, svg } = track("", 18, "axis");
  return {
    element,
    draw(view) {
      const x = scale(view);
      const wanted = (view.to - view.from) / (view.width / 90);
      const step = STEPS.find((one) => one >= wanted) ?? 3_600_000;
      const marks = [];
      for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
        const text = shape("text", { x: x(at).toFixed(1), y: "12" });
        text.textContent = tick(at, step);
        const isFirst = x(at) < 16;
        if (!isFirst) text.setAttribute("text-anchor", x(at) > view.width - 16 ? "end" : "middle");
        marks.push(text, shape("path", { d: `M${x(at).toFixed(1)} 15v3` }));
      }
      svg.replaceChildren(...marks);
    },
  };
}

/** @param {number} at @param {number} step */
function tick(at, step) {
  const seconds = at / 1000;
  if (seconds >= 60 && step >= 1000) {
    const two = (/** @type {number} */ count) => String(count).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    const hours = minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : String(minutes);
    return `${hours}:${two(Math.round(seconds % 60))}`;
  }
  return `${seconds.toFixed(step < 1000 ? Math.min(3, Math.ceil(-Math.log10(step / 1000))) : 0)} s`;
}

/**
 * States that last.
 *
 * @param {string} name
 * @param {string} colour
 * @param {Band[]} states where one is without a word, nothing is
 * @param {string} [kind] where states are not of the kind that has a colour each
 * @returns {Track}
 */
function bands(name, colour, states, kind) {
  const { element, svg, label } = track(name, BAND);
  label.dataset.call = colour;
  const value = make("span", { className: "value" });
  label.append(value);
  return {
    element,
    draw(view) {
      const x = scale(view);
      const shown = [];
      for (const { from, to, state } of states) {
        if (to < view.from || from > view.to || state === "") continue;
        const left = Math.max(0, x(from));
        const width = Math.max(1.5, Math.min(view.width, x(to)) - left);
        const look = kind ?? state;
        shown.push(shape("rect", {
          class: `state ${look}`, rx: width > 6 ? "4" : "1",
          x: left.toFixed(1), y: "2", width: width.toFixed(1), height: String(BAND - 4),
        }));
        if (width > state.length * LETTER + 12) {
          const text = shape("text", { x: (left + 7).toFixed(1), y: "15", class: `on ${look}` });
          text.textContent = state;
          shown.push(text);
        }
      }
      svg.replaceChildren(...shown);
    },
    tell(at) {
      value.textContent = states[before(states, ({ from }) => from <= at)]?.state ?? "";
    },
  };
}

/** Every frame, up what is sent and down what comes; and problems over both. @param {Trace} trace @returns {Track} */
function ticks(trace) {
  const { element, svg, label } = track("Frames", TICKS, "ticks");
  label.append(make("span", { className: "value", textContent: "↑ sent ↓ received" }));
  const rows = trace.rows.filter(({ kind, trouble, differs }) => kind === "frame" || trouble || differs);
  return {
    element,
    draw(view) {
      const x = scale(view);
      /** @type {Set<string>[]} */
      const [sent, received, warned, failed] = [new Set(), new Set(), new Set(), new Set()];
      const start = Math.max(0, before(rows, ({ at }) => at < view.from));
      for (let index = start; index < rows.length; index += 1) {
        const row = /** @type {Row} */ (rows[index]);
        if (row.at > view.to) break;
        if (row.at < view.from) continue;
        const place = Math.round(x(row.at)).toString();
        if (row.trouble === "error" || row.differs) failed?.add(place);
        else if (row.trouble === "warning") warned?.add(place);
        if (row.kind === "frame") (row.to === "server" ? sent : received)?.add(place);
      }
      const middle = TICKS / 2;
      svg.replaceChildren(
        shape("path", { class: "middle", d: `M0 ${middle}H${view.width}` }),
        shape("path", { class: "sent", d: [...sent ?? []].map((at) => `M${at} ${middle - 1}v-7`).join("") }),
        shape("path", { class: "received", d: [...received ?? []].map((at) => `M${at} ${middle + 1}v7`).join("") }),
        ...[...warned ?? []].map((at) => shape("circle", { class: "warning", cx: at, cy: String(middle), r: "3.5" })),
        ...[...failed ?? []].map((at) => shape("circle", { class: "error", cx: at, cy: String(middle), r: "3.5" })),
      );
    },
  };
}

/** @param {Trace} trace @param {import("./plots.js").Plot} plot @returns {Track} */
function plotted(trace, plot) {
  const { element, svg, label } = track(plot.words, PLOT, "plot");
  const values = plot.lines.map(({ words }, index) => {
    const value = make("span", {});
    label.append(make("span", { className: `value line-${index}` }, make("i", {}), `${words} `, value));
    return value;
  });
  element.dataset.plot = plot.name;
  const { floor = 0, say } = plot;
  const top = topOf(plot, trace.points);
  const y = (/** @type {number} */ value) => PLOT - 3 - ((value - floor) / (top - floor)) * (PLOT - 8);
  return {
    element,
    draw(view) {
      const first = Math.max(0, before(trace.points, ({ at }) => at < view.from));
      const last = before(trace.points, ({ at }) => at <= view.to) + 2;
      const points = trace.points.slice(first, last);
      const most = shape("text", { x: String(view.width - 4), y: "11", "text-anchor": "end" });
      most.textContent = say(top / (plot.ceiling === undefined ? 1.08 : 1));
      svg.replaceChildren(
        shape("path", { class: "ground", d: `M0 ${PLOT - 2.5}H${view.width}` }),
        ...plot.lines.map(({ key }, index) => {
          return shape("path", { class: `line line-${index}`, d: pathOf(points, key, scale(view), y) });
        }),
        most,
      );
    },
    tell(at) {
      const point = trace.pointAt(at);
      plot.lines.forEach(({ key }, index) => {
        const value = point?.[key];
        const shown = values[index];
        if (shown) shown.textContent = typeof value === "number" ? say(value) : "–";
      });
    },
  };
}
