// From samples to a table: the median and the worst of each, and whether the goals are reached.

import { cpus, loadavg } from "node:os";

/** What a goal says of one fault in Chromium: the worst of all samples holds to it. */
const GOALS = [
  { fault: "drop", dialect: "telnyx", measure: "gap", below: 20, says: "no gap" },
  { fault: "drop", dialect: "freeswitch", measure: "heard", below: 800, says: "heard within 800 ms" },
  { fault: "reload", dialect: "telnyx", measure: "heard", below: 1_500, says: "heard within 1.5 s" },
  { fault: "reload", dialect: "freeswitch", measure: "heard", below: 1_500, says: "heard within 1.5 s" },
  { fault: "restart", dialect: "telnyx", measure: "ready", below: 2_000, says: "ready within 2 s" },
  { fault: "restart", dialect: "freeswitch", measure: "ready", below: 2_000, says: "ready within 2 s" },
];

const MEASURES = ["gap", "heard", "active", "ready", "ended"];

/** One fault in one dialect in one browser, as plain data. */
export function rowOf({ fault: { name, title }, dialect, browser, samples }) {
  const measures = {};
  for (const measure of MEASURES) {
    const values = samples.map((sample) => sample[measure]).filter((value) => value !== undefined);
    if (values.length > 0) measures[measure] = summary(values);
  }
  const goals = browser === "chromium" ? GOALS.filter((goal) => goal.fault === name && goal.dialect === dialect) : [];
  return {
    name, title, dialect, browser, measures, samples: samples.length,
    codes: [...new Set(samples.map(({ code }) => code).filter((code) => code !== undefined))],
    goals: goals.map(({ measure, below, says }) => {
      return { says, isReached: measures[measure]?.median < below, isAlways: measures[measure]?.worst < below };
    }),
  };
}

/** Lines for people, or for a README. */
export function table(rows, { markdown = false } = {}) {
  const head = ["fault", "dialect", "browser", "gap", "heard after", "active after", "ready after", "ended after", ""];
  const lines = rows.map((row) => [
    row.title, row.dialect, row.browser, ...MEASURES.map((measure) => amount(row.measures[measure])), verdict(row),
  ]);
  if (markdown) {
    const rule = head.map((_, at) => (at > 2 && at < head.length - 1 ? "--:" : "---"));
    return [head, rule, ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
  }
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  return [head, ...lines].map((line) => line.map((text, at) => {
    return at > 2 && at < head.length - 1 ? text.padStart(widths[at]) : text.padEnd(widths[at]);
  }).join("  ").trimEnd()).join("\n");
}

/** The machine and the run, in one line. */
export function circumstances({ versions, rounds }) {
  const [{ model }] = cpus();
  const machine = `${cpus().length} × ${model.trim()}, load ${loadavg()[0].toFixed(1)}`;
  return `ms: median (worst) of ${rounds} rounds; ${versions.join(", ")}; ${machine}`;
}

function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, worst: sorted.at(-1), values };
}

function amount(measure) {
  return measure ? `${Math.round(measure.median)} (${Math.round(measure.worst)})` : "–";
}

function verdict({ codes, goals }) {
  const ends = codes.map((code) => `ends with ${code}`);
  return [...ends, ...goals.map(({ says, isReached, isAlways }) => {
    return `${says}: ${isAlways ? "reached" : isReached ? "reached, not always" : "NOT REACHED"}`;
  })].join("; ");
}
