// Sets up what is missing, and nothing else. Uses Node's own modules only: it runs before `npm ci` has.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, ROOT, answers, attempt, run, say, seconds } from "./process.mjs";
import { TOOLS, toolPath, toolRoot } from "./tools.mjs";

/** The first 20 whose test runner takes `--test-concurrency`. */
const OLDEST_NODE = [20, 10];
const WASM = "wasm32-unknown-unknown";

/** What the programs that the tests start are called, and the Debian package of each. */
const TEST_PROGRAMS = {
  chromium: "chromium",
  chromedriver: "chromium-driver",
  "firefox-esr": "firefox-esr",
  pulseaudio: "pulseaudio",
  python3: "python3",
  turnserver: "coturn",
  openssl: "openssl",
};

/** All that building and running needs. */
export async function setUpToBuild() {
  checkNode();
  await setUpDebian({ cc: "build-essential" });
  await setUpRust();
  await setUpNodeModules();
  await setUpTool("wasm-bindgen-cli");
}

/** All that the tests need. */
export async function setUpToTest() {
  checkNode();
  await setUpDebian({ cc: "build-essential", ...TEST_PROGRAMS });
  await setUpRust();
  await setUpNodeModules();
  for (const name of Object.keys(TOOLS)) await setUpTool(name);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldest, least] = OLDEST_NODE;
  if (major > oldest || (major === oldest && minor >= least)) return;
  throw new Failure(`Node.js ${OLDEST_NODE.join(".")} or newer is needed; this is ${process.versions.node}`);
}

async function setUpDebian(packages) {
  const missing = [];
  for (const [program, name] of Object.entries(packages)) {
    if (!(await isOnPath(program))) missing.push(name);
  }
  if (missing.length === 0) return;

  const install = ["apt-get", "-o", "DPkg::Lock::Timeout=900", "install", "-y", "--no-install-recommends", ...missing];
  const prefix = await rootPrefix();
  if (!(await isOnPath("apt-get"))) throw new Failure(`missing (as Debian calls it): ${missing.join(", ")}`);
  if (prefix === undefined) {
    throw new Failure(`missing: ${missing.join(", ")}. Install with:
  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(" ")}`);
  }
  const started = performance.now();
  say(`Installing ${missing.join(", ")} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const command of [["apt-get", "update"], install]) {
    const [program, ...args] = [...prefix, ...command];
    await run(program, args, { env, quiet: true, limit: 1800 });
  }
  // Debian starts its TURN server at once, and whenever the machine starts: the tests start one of their own.
  if (missing.includes("coturn") && (await isOnPath("systemctl"))) {
    const [program, ...args] = [...prefix, "systemctl", "disable", "--now", "coturn"];
    await attempt(program, args, { quiet: true, limit: 60 });
  }
  say(`Installed in ${seconds(started)}`);
}

/** What goes before a command so that it runs as root; `undefined` where that is not possible without a password. */
async function rootPrefix() {
  if (process.getuid() === 0) return [];
  return (await answers("sudo", ["-n", "true"])) ? ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"] : undefined;
}

async function isOnPath(program) {
  return (await attempt("sh", ["-c", `command -v ${program}`], { quiet: true })).code === 0;
}

async function setUpRust() {
  if (!(await isOnPath("cargo"))) {
    throw new Failure("cargo is missing. Install Rust with rustup: https://rustup.rs");
  }
  // rustup reads rust-toolchain.toml and fetches what it names when any of its programs is first called.
  await run("cargo", ["--version"], { quiet: true, limit: 1200 });
  const folder = await run("rustc", ["--print", "target-libdir", "--target", WASM], { quiet: true });
  if (existsSync(folder.trim().split("\n").at(-1))) return;
  if (!(await isOnPath("rustup"))) throw new Failure(`this Rust has no target ${WASM}, and there is no rustup to add it`);
  await run("rustup", ["target", "add", WASM], { limit: 1200 });
}

async function setUpNodeModules() {
  const wanted = createHash("sha256").update(readFileSync(join(ROOT, "package-lock.json"))).digest("hex");
  const stamp = join(ROOT, "node_modules", ".offhook-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;

  const started = performance.now();
  say("Installing npm packages");
  // All of it is needed to build, whatever NODE_ENV says.
  await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], { limit: 1200 });
  writeFileSync(stamp, wanted);
  say(`Installed in ${seconds(started)}`);
}

async function setUpTool(name) {
  if (existsSync(toolPath(name))) return;
  const { version } = TOOLS[name];
  const started = performance.now();
  say(`Building ${name} ${version}, once (a few minutes)`);
  // Unoptimised and without debug information: it builds in half the time and is fast enough.
  const install = ["install", name, "--version", version, "--debug", "--root", toolRoot(name)];
  const options = { env: { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0" }, limit: 2400 };
  // A version that a tool's own lock file names may have been withdrawn: then what its manifest allows will do.
  const { code } = await attempt("cargo", [...install, "--locked"], options);
  if (code !== 0) await run("cargo", install, options);
  say(`Built ${name} in ${seconds(started)}`);
}
