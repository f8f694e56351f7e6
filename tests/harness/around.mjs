// What happens around a page: its browser's network, its history, and the sleep of the machine that it runs on.

import { readFileSync, readdirSync } from "node:fs";
import { BROWSER } from "./browser.mjs";
import { until } from "./poll.mjs";

/** What a browser tells when its network goes or comes. */
export function offline({ page }, isOffline) {
  if (BROWSER === "chromium") return page.setOfflineMode(isOffline);
  return page.evaluate((event) => window.dispatchEvent(new Event(event)), isOffline ? "offline" : "online");
}

/** The page is told what a browser tells when its network comes back, as another one. */
export function networkChanges({ page }) {
  return page.evaluate(() => window.dispatchEvent(new Event("online")));
}

/** Leaves for another page, and comes back: whether the page was kept meanwhile, and what the browser says if not. */
export async function leaveAndGoBack({ page, gateway }) {
  await page.bringToFront();
  await page.evaluate(() => { window.isKept = true; });
  await page.goto(`${gateway.page}blank.html`, { waitUntil: "load" });
  // Puppeteer's own way waits for ever in Firefox.
  await page.evaluate(() => history.back());
  const isThere = () => page.evaluate(() => window.phone !== undefined).catch(() => false);
  await until("the page is there again", isThere);
  return page.evaluate(() => ({
    isKept: window.isKept === true,
    reasons: performance.getEntriesByType("navigation")[0].notRestoredReasons?.reasons?.map(({ reason }) => reason),
  }));
}

/**
 * Stops all processes of a browser, as a machine that goes to sleep does; returns what wakes them. Where there is no
 * /proc it cannot be done.
 */
export function sleep(browser) {
  const asleep = family(browser.process().pid);
  for (const pid of asleep) signal(pid, "SIGSTOP");
  return () => {
    for (const pid of asleep) signal(pid, "SIGCONT");
  };
}

/** A process and all that it started, and those started. */
function family(root) {
  const children = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number)) {
    const parent = parentOf(pid);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  // Grows while it is walked.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid) {
  try {
    // The name before it, in parentheses, may hold anything.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return Number(parent);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
