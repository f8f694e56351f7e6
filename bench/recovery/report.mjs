// From samples to a table: the median and the worst of each, and whether the goals are met.

import { cpus } from "node:os";

/** What a goal says of one fault in Chromium on loopback. It is met if the worst of all samples holds to it. */
const GOALS = [
  { fault: "drop", dialect: "telnyx", measure: "gap", below: 20, says: "no gap" },
  { fault: "drop", dialect: "freeswitch", measure: "heard", below: 800, says: "heard within 800 ms" },
  { fault: "reload", dialect: "telnyx", measure: "heard", below: 1_500, says: "heard within 1.5 s" },
  { fault: "reload", dialect: "freeswitch", measure: "heard", below: 1_500, says: "heard within 1.5 s" },
  { fault: "restart", dialect: "telnyx", measure: "ready", below: 2_000, says: "ready within 2 s" },
  { fault: "restart", dialect: "freeswitch", measure: "ready", below: 2_000, says: "ready within 2 s" },
];

const MEASURES = ["gap", "heard", "active", "ready", "ended"];

const HEAD = [
  "fault", "dialect", "browser", "gap", "heard after", "active after", "ready after", "ended after", "of", "load",
  "ends with, goal",
];

/** Which columns are numbers. */
const isNumber = (column) => column > 2 && column < HEAD.length - 1;

/** Whether anything is asked of a fault. */
export function hasGoal(fault, dialect, browser) {
  return goalsOf(fault, dialect, browser).length > 0;
}

function goalsOf({ name }, dialect, browser) {
  return browser === "chromium" ? GOALS.filter((goal) => goal.fault === name && goal.dialect === dialect) : [];
}

/** One fault in one dialect in one browser, as plain data. */
export function rowOf({ fault, dialect, browser, samples, failed }) {
  const valuesOf = (measure) => samples.map((sample) => sample[measure]).filter((value) => value !== undefined);
  const measures = {};
  for (const measure of MEASURES) {
    if (valuesOf(measure).length > 0) measures[measure] = summary(valuesOf(measure));
  }
  const loads = valuesOf("load");
  return {
    name: fault.name, title: fault.title, dialect, browser, measures, failed,
    samples: samples.length,
    load: loads.length > 0 ? { least: Math.min(...loads), most: Math.max(...loads) } : undefined,
    hows: [...new Set(valuesOf("how"))],
    goals: goalsOf(fault, dialect, browser).map(({ measure, below, says }) => {
      const { median, worst } = measures[measure] ?? {};
      return { says, isByMedian: median < below, isMet: worst < below && failed === 0 };
    }),
  };
}

/** Lines for people, or for a README. */
export function table(rows, { markdown = false } = {}) {
  const lines = rows.map((row) => [
    row.title, row.dialect, row.browser, ...MEASURES.map((measure) => amount(row.measures[measure])),
    String(row.samples), load(row), verdict(row),
  ]);
  if (markdown) {
    const rule = HEAD.map((_, column) => (isNumber(column) ? "--:" : "---"));
    return [HEAD, rule, ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
  }
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...lines].map((line) => line[column].length)));
  return [HEAD, ...lines].map((line) => line.map((text, column) => {
    return isNumber(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  }).join("  ").trimEnd()).join("\n");
}

/** The machine and the run, and what is missing in it. */
export function circumstances({ versions, failures, cut }) {
  const [{ model }] = cpus();
  return [
    `ms: median (worst) of as many samples as "of" says; load: the machine's in the minute before, least and most; a`,
    `goal is met if the worst sample meets it. ${versions.join(", ")}; ${cpus().length} × ${model.trim()}`,
    ...cut.map((what) => `CUT SHORT ${what}`),
    ...failures.map((failure) => `FAILED ${failure}`),
  ].join("\n");
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

function load({ load: span }) {
  return span ? `${span.least.toFixed(1)}–${span.most.toFixed(1)}` : "–";
}

function verdict({ hows, goals, failed }) {
  const met = ({ isMet, isByMedian }) => (isMet ? "met" : isByMedian ? "met by the median only" : "NOT MET");
  return [
    ...hows, ...goals.map((goal) => `${goal.says}: ${met(goal)}`), ...(failed > 0 ? [`${failed} FAILED`] : []),
  ].join("; ");
}
