// A page whose calls are reported over HTTP: a client, a server and a clock, scripted, and new for each test.

import { afterEach, beforeEach, mock } from "node:test";
import { reports } from "../../js/reports.js";
import { browserReport, quiet, telnyxClient, telnyxServer } from "./reports-scene.mjs";

/** The page that the entry stands on. */
export const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);

export let server;
export let made;

beforeEach(() => {
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: Date.UTC(2026, 0, 1) });
  server = telnyxServer();
});

afterEach(() => {
  made?.stop();
  server.restore();
  mock.timers.reset();
});

/** Has something report, until the test is over. */
export function use(reporting) {
  made = reporting;
}

/** A client that is registered, and whose calls are reported. */
export function setUp(options, client = telnyxClient()) {
  const outcomes = [];
  use(reports({ call: true, onOutcome: (outcome) => outcomes.push(outcome), ...options }));
  made(client);
  client.register();
  return { client, outcomes };
}

/** Lets a call be talked in for so many seconds, from the `first` on. */
export function talk(call, seconds, { first = 1, ...how } = {}) {
  for (let second = first; second < first + seconds; second += 1) {
    mock.timers.tick(1000);
    call.tell("report", { report: browserReport(second, how) });
  }
}

/** Lets time pass, with all that follows from it. */
export async function pass(ms) {
  for (let passed = 0; passed < ms; passed += 250) {
    mock.timers.tick(250);
    await quiet();
  }
}
