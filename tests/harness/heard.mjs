// What a run of tests has said and reported, and which secrets it had: tests/secrets looks for the ones in the other.

import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where it is kept; a test that is run by itself keeps nothing. */
const FOLDER = process.env.OFFHOOK_HEARD;

/**
 * Keeps a text that somebody may read.
 *
 * @param {"log" | "console" | "events" | "gateway" | "report" | "trace"} source
 * @param {string} text
 */
export function keepText(source, text) {
  if (text) keep({ source, text });
}

/** Keeps a secret that must be in none of them. @param {string} kind @param {string} secret */
export function keepSecret(kind, secret) {
  keep({ kind, secret });
}

/** Has a page tell what was said in it before it is left. */
export function listenToPage(page) {
  if (!FOLDER) return;
  for (const method of ["close", "reload", "goto"]) {
    const leave = page[method].bind(page);
    page[method] = async (...args) => {
      await collect(page);
      return leave(...args);
    };
  }
}

function keep(line) {
  if (!FOLDER) return;
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(join(FOLDER, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`);
}

async function collect(page) {
  let told;
  try {
    told = await page.evaluate(() => ({
      console: window.watched?.written.splice(0).join("\n") ?? "",
      log: (window.phone?.diary?.text() ?? "") + (window.phone?.diary?.json() ?? ""),
      events: window.phone?.log ? JSON.stringify(window.phone.log) : "",
      frames: window.watched?.frames.map(({ text }) => String(text)) ?? [],
    }));
  } catch {
    // A page that has crashed, or shows none of ours, says nothing.
    return;
  }
  const { frames, ...texts } = told;
  for (const [source, text] of Object.entries(texts)) keepText(source, text);
  const secrets = new Set(frames.flatMap(secretsIn));
  for (const line of secrets) keepSecret(...JSON.parse(line));
}

/** The secrets in a frame as it was on the wire. */
function secretsIn(frame) {
  const named = [...frame.matchAll(/"(passwd|login_token)"\s*:\s*"((?:[^"\\]|\\.)+)"/g)];
  const ice = [...frame.matchAll(/a=(ice-pwd):([^\s\\"]+)/g)];
  // A debug report has stars on the wire already.
  return [...named, ...ice].filter(([, , secret]) => secret !== "***").map(([, kind, secret]) => JSON.stringify([kind, secret]));
}
