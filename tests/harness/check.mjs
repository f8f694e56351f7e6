// A check before a call, in a page that keeps books on what is left behind.

import { createSocket } from "node:dgram";
import { openPage } from "./phone.mjs";

/** A page in which checks can be made. */
export async function openChecks({ browser, gateway }) {
  const page = await openPage(browser, `${gateway.page}bare.html`);
  await page.evaluate(loadChecks);
  return page;
}

/**
 * Makes a check. What came of it: its `report` or its `error`, what it `told`, and how often the page has asked for a
 * microphone meanwhile. `abortAt` aborts it at the nth thing that it tells.
 */
export async function check(page, options, { abortAt } = {}) {
  // As text: Firefox's driver leaves out what stands in a value twice.
  const text = await page.evaluate((given, at) => window.runCheck(given, at), options, abortAt);
  return JSON.parse(text);
}

/** A port that swallows what is sent to it. */
export async function startHole(host) {
  const socket = createSocket("udp4");
  await new Promise((resolve, reject) => socket.once("error", reject).bind(0, host, resolve));
  return { port: socket.address().port, stop: () => new Promise((resolve) => socket.close(resolve)) };
}

/** Runs in a page: lets it make checks. */
export async function loadChecks() {
  const { checkCall } = await import("/js/check.js");
  window.runCheck = async ({ withClient, ...options }, abortAt) => {
    const before = watched.requests;
    const told = [];
    let count = 0;
    const running = checkCall({ ...options, ...(withClient && { client: window.client }) });
    running.on("progress", ({ step, report }) => {
      const { state, verdict } = report.steps[step];
      told.push({ step, state, verdict, whole: report.verdict });
      count += 1;
      if (count === abortAt) running.abort(new Error("enough"));
    });
    running.on("level", ({ rmsDb }) => told.push({ step: "level", rmsDb }));
    const outcome = await running.done.then((report) => ({ report }), (error) => ({ error: error.message }));
    // It tells nothing more.
    const { length } = told;
    await new Promise((resolve) => setTimeout(resolve, 0));
    const isQuiet = told.length === length && JSON.stringify(running.report) === JSON.stringify(running.report);
    return JSON.stringify({ ...outcome, told, isQuiet, asked: watched.requests - before, last: running.report });
  };
}
