// The real gateway as a process of its own, on a port of its own.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/process.mjs";
import { TARGET } from "../../scripts/tools.mjs";
import { keepText } from "./heard.mjs";

const PROGRAM = join(TARGET, "debug", "offhook-gateway");

/** Starting takes milliseconds; a machine under load may need more. */
const PATIENCE = 30_000;

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
    /** What reports of a call came in, or of all: `calls` over HTTP, `debug` over the socket. */
    async reports(call) {
      const response = await fetch(new URL(call === undefined ? "reports" : `reports?call=${call}`, address));
      if (!response.ok) throw new Error(`no reports: ${response.status} ${await response.text()}`);
      return response.json();
    },
    /** Ends it as a power cut does. */
    async kill() {
      keepText("gateway", log.join("\n"));
      kill();
      await ended;
      process.off("exit", kill);
    },
    /** Stops it as ctrl-C does, and returns its exit code. */
    async stop() {
      // One that has stopped already has nothing to tell.
      const response = await fetch(new URL("reports", address)).catch(() => undefined);
      keepText("report", (await response?.text()) ?? "");
      keepText("gateway", log.join("\n"));
      child.kill("SIGINT");
      const timer = setTimeout(kill, PATIENCE);
      const code = await ended;
      clearTimeout(timer);
      process.off("exit", kill);
      return code;
    },
  };
}

/** Ports that no system hands out by itself: whoever asks for any other port does not get one of them meanwhile. */
const OWN_PORTS = { first: 20_000, count: 12_000 };

/** A port that nobody listens on. */
export async function freePort() {
  for (let tried = 0; tried < 100; tried += 1) {
    const port = OWN_PORTS.first + Math.floor(Math.random() * OWN_PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    // At every address: a TURN server listens at another one than the rest.
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
