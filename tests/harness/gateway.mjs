// The real gateway as a process of its own, on a port of its own.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/process.mjs";
import { TARGET } from "../../scripts/tools.mjs";

const PROGRAM = join(TARGET, "debug", "offhook-gateway");

/** Starting takes milliseconds; a machine under load may need more. */
const PATIENCE = 10_000;

/** The pages of the tests; `www` is the softphone. */
export const TEST_PAGES = "tests/harness/www";

/**
 * Starts a gateway that serves the pages in `www`, at a free port if none is given; an answered call waits `detachTime` seconds for its client to come
 * back. Resolves when it says its address.
 */
export async function startGateway({ www = TEST_PAGES, detachTime = 3, port = 0 } = {}) {
  const args = ["--port", String(port), "--www", www, "--js", "js", "--pkg", "pkg", "--detach-time", String(detachTime)];
  const child = spawn(PROGRAM, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));

  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the gateway said no address:\n${log.join("\n")}`)), PATIENCE);
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.push(line);
      const said = line.match(/https?:\/\/\S+/);
      if (!said) return;
      clearTimeout(timer);
      resolve(new URL(said[0]));
    });
    child.once("error", reject);
    ended.then((code) => reject(new Error(`the gateway ended with ${code}:\n${log.join("\n")}`)));
  });

  return {
    page: address.href,
    log,
    freeswitch: `ws://${address.host}/`,
    telnyx: `ws://${address.host}/telnyx`,
    /** A signed token for `user`. */
    async token(user) {
      const response = await fetch(new URL(`token?user=${user}&ttl=3600`, address));
      if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`);
      const text = (await response.text()).trim();
      return text.startsWith("{") ? JSON.parse(text).token : text;
    },
    /** Has the gateway call `user`. */
    async ring(user) {
      const response = await fetch(new URL(`call?user=${user}`, address), { method: "POST" });
      if (!response.ok) throw new Error(`cannot ring ${user}: ${response.status} ${await response.text()}`);
    },
    /** Lets something go wrong, as `drop&user=1000`; the gateway's `--help` lists what. Returns how many it hit. */
    async fault(query) {
      const response = await fetch(new URL(`fault?${query}`, address), { method: "POST" });
      if (!response.ok) throw new Error(`no ${query}: ${response.status} ${await response.text()}`);
      return (await response.json()).hit;
    },
    /** What RTP the one call of `user` has sent and received, as the gateway counted it. */
    async traffic(user) {
      const response = await fetch(new URL(`traffic?user=${user}`, address));
      if (!response.ok) throw new Error(`no traffic: ${response.status} ${await response.text()}`);
      const { calls: [{ sent, received }] } = await response.json();
      return { sent, received };
    },
    /** Ends it as a power cut does. */
    async kill() {
      kill();
      await ended;
      process.off("exit", kill);
    },
    /** Stops it as ctrl-C does, and returns its exit code. */
    async stop() {
      child.kill("SIGINT");
      const timer = setTimeout(kill, PATIENCE);
      const code = await ended;
      clearTimeout(timer);
      process.off("exit", kill);
      return code;
    },
  };
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
