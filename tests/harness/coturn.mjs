// A TURN server of our own: Debian's coturn, which can die and come back.

import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { freePort } from "./gateway.mjs";
import { keepSecret } from "./heard.mjs";
import { until } from "./poll.mjs";
import { scratchFolder } from "./sound.mjs";

/** Firefox asks no TURN server on loopback. */
const ADDRESS = Object.values(networkInterfaces()).flat()
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";

const USER = "relay";
const PASSWORD = "a-secret-of-the-relay";

/**
 * Starts it, on a port that is the same after each `die` and `live`. `iceServers` is what a page gets; `stop` ends it
 * for good. `isSecure` has it speak TLS too, at another port, with a certificate that nobody has signed.
 */
export async function startCoturn({ isSecure = false } = {}) {
  const folder = scratchFolder();
  const port = await freePort();
  const tlsPort = isSecure ? await freePort() : undefined;
  const file = join(folder, "turnserver.conf");
  writeFileSync(file, configuration(folder, port, tlsPort));
  let child;

  async function live() {
    child = spawn("turnserver", ["-c", file], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let words = "";
    for (const output of [child.stdout, child.stderr]) output.on("data", (piece) => { words += piece; });
    let failure;
    child.once("error", (error) => { failure = error; });
    child.ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      await until("coturn listens", async () => {
        if (failure) throw failure;
        return accepts(port);
      });
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`no TURN server: ${error.message}\n${words}`);
    }
  }

  /** At once, without a word to anybody: every relayed connection is gone. */
  async function die() {
    child.kill("SIGKILL");
    await child.ended;
  }

  process.once("exit", () => child?.kill("SIGKILL"));
  keepSecret("credential", PASSWORD);
  await live();
  return {
    iceServers: [{ urls: `turn:${ADDRESS}:${port}?transport=udp`, username: USER, credential: PASSWORD }],
    /** Where it listens, for other addresses than that. */
    host: ADDRESS,
    port,
    tlsPort,
    credentials: { username: USER, credential: PASSWORD },
    live,
    die,
    stop: die,
  };
}

function configuration(folder, port, tlsPort) {
  const tls = tlsPort === undefined ? ["no-tls"] : [`tls-listening-port=${tlsPort}`, ...certificate(folder)];
  return [
    `listening-port=${port}`, `listening-ip=${ADDRESS}`, `relay-ip=${ADDRESS}`,
    // The gateway has an address on loopback too, where no TURN server relays to unless told so.
    "allow-loopback-peers",
    "lt-cred-mech", "realm=offhook", `user=${USER}:${PASSWORD}`, "fingerprint",
    ...tls, "no-dtls", "no-cli", "no-multicast-peers",
    `pidfile=${join(folder, "turnserver.pid")}`, `userdb=${join(folder, "turnserver.db")}`, "log-file=stdout",
  ].join("\n");
}

function certificate(folder) {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=relay"];
  execFileSync("openssl", [...make, "-keyout", key, "-out", cert], { stdio: "ignore", timeout: 20_000 });
  return [`cert=${cert}`, `pkey=${key}`];
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, ADDRESS);
    socket.once("connect", () => resolve(!socket.destroy().connecting));
    socket.once("error", () => resolve(false));
  });
}
