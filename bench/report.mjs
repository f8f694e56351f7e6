// From samples to a table: medians, the middle half, ratios, and whether the targets are reached.

import { cpus, loadavg } from "node:os";

const COLUMNS = ["offhook", "incumbent", "bare"];

/**
 * What the samples say, as plain data. `samples` holds numbers by contestant and measure.
 *
 * @param {typeof import("./rows.mjs").ROWS} rows
 * @param {Map<string, number[]>} samples by `sampleKey`
 */
export function judge(rows, samples) {
  return rows.map(({ name, title, unit, cells, targets }) => {
    const columns = {};
    for (const [column, cell] of Object.entries(cells)) {
      const values = samples.get(sampleKey(cell)) ?? [];
      if (values.length > 0) columns[column] = { of: cell, ...summary(values) };
    }
    const medians = Object.fromEntries(Object.entries(columns).map(([column, { median }]) => [column, median]));
    const ratios = {};
    const isThere = medians.offhook !== undefined;
    for (const other of ["incumbent", "bare"]) {
      if (isThere && medians[other] !== undefined) ratios[other] = medians.offhook / medians[other];
    }
    const verdicts = isThere ? targets.map(({ says, holds }) => ({ says, isReached: holds(medians) })) : [];
    return { name, title: title.trim(), isDetail: title.startsWith(" "), unit, columns, ratios, targets: verdicts };
  });
}

export function sampleKey({ contestant, measure }) {
  return `${contestant} ${measure}`;
}

/** The machine and the run, in one line. */
export function circumstances({ version, rounds, warmUps }) {
  const [{ model }] = cpus();
  const machine = `${cpus().length} × ${model.trim()}, load ${loadavg()[0].toFixed(1)}`;
  return `${version}, ${machine}; medians of ${rounds} rounds (middle half), ${warmUps} before them dropped`;
}

/** Lines for people. */
export function table(rows) {
  const head = ["", "Offhook", "incumbent", "bare", "÷ inc.", "÷ bare", "to be reached"];
  const lines = rows.map((row) => [
    (row.isDetail ? "  " : "") + row.title,
    ...COLUMNS.map((column) => spread(row, column)),
    ratio(row.ratios.incumbent), ratio(row.ratios.bare), verdict(row),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  return [head, ...lines].map((line) => line.map((text, at) => {
    return at === 0 || at === head.length - 1 ? text.padEnd(widths[at]) : text.padStart(widths[at]);
  }).join("  ").trimEnd()).join("\n");
}

/** The same for a README. */
export function markdown(rows) {
  const lines = rows.map((row) => [
    (row.isDetail ? "… " : "") + row.title,
    ...COLUMNS.map((column) => (row.columns[column] ? amount(row.columns[column].median, row.unit) : "–")),
    ratio(row.ratios.incumbent) || "–", ratio(row.ratios.bare) || "–", verdict(row),
  ]);
  const head = ["", "Offhook", "`@telnyx/webrtc`", "bare", "÷ incumbent", "÷ bare", "to be reached"];
  const rule = ["---", "--:", "--:", "--:", "--:", "--:", "---"];
  return [head, rule, ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Median and quartiles. */
function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const quartiles = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  return { median: quantile(sorted, 0.5), quartiles, samples: values.length };
}

function quantile(sorted, share) {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

function spread(row, column) {
  const cell = row.columns[column];
  if (!cell) return "";
  const text = amount(cell.median, row.unit);
  if (cell.samples === 1) return text;
  return `${text} (${cell.quartiles.map((value) => number(value, row.unit)).join("–")})`;
}

function amount(value, unit) {
  return `${number(value, unit)} ${unit}`;
}

function number(value, unit) {
  if (unit === "B") return Math.round(value).toLocaleString("en");
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

function ratio(value) {
  return value === undefined ? "" : value.toFixed(2);
}

function verdict({ targets }) {
  return targets.map(({ says, isReached }) => `${says}: ${isReached ? "reached" : "NOT REACHED"}`).join("; ");
}
