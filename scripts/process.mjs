// Running other programs: with their output shown, captured, or both, and never longer than they may.

import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** How long the output of a program that has ended may take to arrive, in milliseconds. */
const LAST_WORDS = 2_000;

/** How long the processes of a browser that was told to close may take to end, in milliseconds. */
const LAST_BREATH = 5_000;

/** A failure that is told in one sentence, without a stack. */
export class Failure extends Error {}

/** Prints a sentence of a script's own. */
export function say(text) {
  console.log(process.stdout.isTTY ? `\x1b[1m▸ ${text}\x1b[0m` : `▸ ${text}`);
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Runs a program to its end and shows its output. Resolves to what it wrote; rejects with a `Failure` unless it ends
 * with 0. `quiet` shows the output only after a failure; `limit` is in seconds.
 */
export async function run(program, args, { env, quiet = false, limit, cwd = ROOT } = {}) {
  const { code, output, timedOut } = await attempt(program, args, { env, quiet, limit, cwd });
  if (code === 0) return output;
  if (quiet) process.stderr.write(output);
  const why = timedOut ? `did not end within ${limit} s` : `failed (${code})`;
  throw new Failure(`${program} ${args.join(" ")} ${why}`);
}

/** Like `run`, but a failure is an answer too: resolves to `{ code, output, timedOut }`. */
export function attempt(program, args, { env = process.env, quiet = false, limit, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const pieces = [];
    let timedOut = false;
    // A group of its own, so that what it started can be ended with it: then ctrl-C no longer reaches it by itself.
    const stop = () => endGroup(child.pid);
    const leave = () => process.exit(130);
    const timer = limit && setTimeout(() => { timedOut = true; stop(); }, limit * 1000);
    process.once("exit", stop);
    for (const signal of SIGNALS) process.once(signal, leave);
    const settle = (finish) => {
      clearTimeout(timer);
      process.off("exit", stop);
      for (const signal of SIGNALS) process.off(signal, leave);
      stop();
      finish();
    };
    for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      from.on("data", (piece) => {
        pieces.push(piece);
        if (!quiet) to.write(piece);
      });
    }
    child.once("error", (error) => settle(() => {
      if (error.code === "ENOENT") resolve({ code: 127, output: `${program}: not found\n`, timedOut });
      else reject(error);
    }));
    // Whoever it left behind may hold its output open for ever: ending the group closes it.
    child.once("exit", () => setTimeout(stop, LAST_WORDS));
    child.once("close", (code, signal) => settle(() => {
      resolve({ code: code ?? signal, output: Buffer.concat(pieces).toString(), timedOut });
    }));
  });
}

/** Whether a program can be found and answers to `args`. */
export async function answers(program, args = ["--version"]) {
  return (await attempt(program, args, { quiet: true, limit: 600 })).code === 0;
}

/** Ends what is left of a process group. */
export function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/**
 * Ends every process whose environment holds `mark` (`NAME=value`), and says which. Browsers leave the process group
 * of who started them, but keep its environment. Does nothing where there is no /proc.
 */
export function endMarked(mark) {
  return marked(mark).flatMap(({ pid, command }) => {
    try {
      process.kill(pid, "SIGKILL");
      return [`${pid} ${command}`];
    } catch {
      // It ended by itself meanwhile.
      return [];
    }
  });
}

/** Like `endMarked`, after a while in which what is about to end may do so. */
export async function endLeftOver(mark) {
  const deadline = performance.now() + LAST_BREATH;
  while (marked(mark).length > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  return endMarked(mark);
}

function marked(mark) {
  return processIds().flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
      if (pid === process.pid || !environment.includes(mark)) return [];
      return [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] }];
    } catch {
      // It ended meanwhile, or belongs to somebody else.
      return [];
    }
  });
}

function processIds() {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}
