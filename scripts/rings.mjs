// The rings of tests, in the order in which they run: from the fastest answer to the slowest.
//
// `beside` names the ring before it that a ring runs side by side with.
//
// `least` is how many tests a ring has at least, on any machine: one that silently runs nothing fails. Raise it with every
// test added. Token servers in languages that a machine may lack do not count.
//
// `again` runs some files of a ring once more, alone: see `second-look.mjs`.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { nodeCounts, rustCounts } from "./counts.mjs";
import { importViolations } from "./imports.mjs";
import { Failure, ROOT, attempt } from "./process.mjs";
import { HEARD, cargoEnvironment, toolEnvironment } from "./tools.mjs";

/** The longest that one ring may take, in seconds. */
const LIMIT = 45 * 60;

/** How many files of tests run at the same time where nothing is measured: most of what they do is wait. */
const TWO = 2;

/** How many native tests run at the same time: those of media mostly wait. */
const THREADS = 8;

const WASM = ["--target", "wasm32-unknown-unknown"];
const DENY = ["--", "-D", "warnings"];

export const RINGS = [
  { name: "lint", least: 6, test: lint },
  { name: "core", least: 408, test: () => cargoTest(["--package", "offhook-core", "--package", "offhook-replay"]) },
  { name: "gateway", least: 294, test: () => cargoTest(["--package", "offhook-gateway"]) },
  { name: "types", least: 5, test: types },
  { name: "docs", least: 25, test: () => nodeTest("tests/docs", "chromium", { atOnce: TWO }), again: again("chromium") },
  { name: "size", least: 1, test: () => checks([["size", "node", ["scripts/size.mjs"]]]) },
  { name: "package", least: 83, test: () => nodeTest("tests/package", "chromium", { atOnce: TWO }), again: again("chromium") },
  { name: "bindings", least: 623, test: () => nodeTest("tests/bindings", "chromium", { atOnce: TWO }) },
  { name: "browser-chromium", least: 26, test: () => wasmPack("--chrome") },
  { name: "browser-firefox", least: 26, test: () => wasmPack("--firefox") },
  { name: "foreign", least: 3, test: () => nodeTest("tests/foreign", "chromium"), again: again("chromium") },
  { name: "page-chromium", least: 55, test: () => nodeTest("tests/page", "chromium", { atOnce: TWO }), again: again("chromium") },
  { name: "e2e-chromium", least: 430, test: () => endToEnd("chromium"), again: again("chromium") },
  {
    name: "e2e-firefox", least: 396, beside: "e2e-chromium", test: () => endToEnd("firefox", { quiet: true }),
    again: again("firefox"),
  },
  { name: "secrets", least: 4, test: () => nodeTest("tests/secrets", "chromium") },
];

async function lint() {
  const result = await checks([
    ["format", "cargo", ["fmt", "--all", "--check"]],
    ["clippy", "cargo", ["clippy", "--workspace", "--all-targets", ...DENY]],
    ["clippy for the browser", "cargo", ["clippy", "--package", "offhook", "--all-targets", ...WASM, ...DENY]],
    ["tsc of js/", "node_modules/.bin/tsc", ["--project", "js"]],
    ["tsc of www/", "node_modules/.bin/tsc", ["--project", "www"]],
  ]);
  const violations = importViolations();
  for (const violation of violations) console.error(violation);
  return add(result, violations.length === 0);
}

function types() {
  const folders = ["tests/types", "tests/types/bindings"];
  const compilations = folders.flatMap((folder) => ["bundler", "nodenext"].map((resolution) => {
    const project = `${folder}/tsconfig.${resolution}.json`;
    return [`types with ${project}`, "node_modules/.bin/tsc", ["--project", project]];
  }));
  return checks([...compilations, ["the public API is the reviewed one", "node", ["scripts/api.mjs", "--check"]]]);
}

/** Programs of which each is one test: it passes when it ends with 0. */
async function checks(list) {
  let result = { passed: 0, failed: 0 };
  for (const [name, program, args] of list) {
    const { code } = await attempt(program, args, { env: cargoEnvironment(), limit: LIMIT });
    console.log(`${name}: ${code === 0 ? "ok" : `FAILED (${code})`}`);
    result = add(result, code === 0);
  }
  return result;
}

function add({ passed, failed }, isPassed) {
  return isPassed ? { passed: passed + 1, failed } : { passed, failed: failed + 1 };
}

async function cargoTest(selection) {
  const env = cargoEnvironment({ RUST_TEST_THREADS: String(THREADS) });
  const { code, output } = await attempt("cargo", ["test", ...selection], { env, limit: LIMIT });
  return rustCounts(code, output);
}

async function wasmPack(browser) {
  const home = mkdtempSync(join(tmpdir(), "offhook-home-"));
  try {
    return await wasmPackAt(home, browser);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function wasmPackAt(home, browser) {
  const env = toolEnvironment({
    WASM_BINDGEN_TEST_TIMEOUT: "120", WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "60",
    // Firefox does not start as root in a home that belongs to somebody else; Rust's own folders stay where they are.
    HOME: home,
    CARGO_HOME: process.env.CARGO_HOME || join(homedir(), ".cargo"),
    RUSTUP_HOME: process.env.RUSTUP_HOME || join(homedir(), ".rustup"),
  });
  // The driver's path is given: without it wasm-pack would download one.
  const driver = browser === "--chrome" ? ["--chromedriver", "/usr/bin/chromedriver"] : ["--geckodriver", await find("geckodriver", env)];
  const args = ["test", "--headless", "--mode", "no-install", browser, ...driver];
  const { code, output } = await attempt("wasm-pack", args, { env, limit: LIMIT });
  return rustCounts(code, output);
}

async function find(program, env) {
  const { code, output } = await attempt("sh", ["-c", `command -v ${program}`], { env, quiet: true });
  if (code !== 0) throw new Failure(`${program} is missing`);
  return output.trim();
}

/**
 * What measures comes first, and has a quieter machine than the rest: one file at a time. `quiet` shows what it says only
 * when it is over: another ring is being read meanwhile.
 */
async function endToEnd(browser, { quiet = false } = {}) {
  const results = [
    await nodeTest("tests/e2e/measured", browser, { quiet }),
    await nodeTest("tests/e2e/silent", browser, { atOnce: TWO, quiet }),
    await nodeTest("tests/e2e", browser, { atOnce: TWO, quiet }),
  ];
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    problems: results.flatMap(({ problems }) => problems ?? []),
    failures: results.flatMap(({ failures }) => failures),
  };
}

/** Runs the files of a folder: more than a few browsers at once starve each other's audio on a small machine. */
async function nodeTest(folder, browser, options) {
  const heard = heardOf(folder, browser);
  rmSync(heard, { recursive: true, force: true });
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".test.mjs"));
  if (files.length === 0) throw new Failure(`${folder} has no tests`);
  return nodeFiles(files.map((name) => join(folder, name)), browser, { ...options, heard });
}

/** Where what is said in a run of a folder's tests is kept. */
function heardOf(folder, browser) {
  return join(HEARD, `${folder.replaceAll("/", "-")}-${browser}`);
}

function again(browser) {
  return (file) => nodeFiles([file], browser, { heard: heardOf(relative(ROOT, dirname(file)), browser) });
}

async function nodeFiles(files, browser, { atOnce = 1, quiet = false, heard }) {
  const scratch = mkdtempSync(join(tmpdir(), "offhook-test-"));
  try {
    const found = join(scratch, "found");
    const { code, output } = await attempt(process.execPath, [
      "--test", "--import=./tests/harness/leave.mjs", `--test-concurrency=${atOnce}`,
      "--test-reporter=spec", "--test-reporter-destination=stdout",
      "--test-reporter=./scripts/reporter.mjs", `--test-reporter-destination=${found}`,
      ...files,
    ], { env: { ...process.env, OFFHOOK_BROWSER: browser, OFFHOOK_HEARD: heard }, limit: LIMIT, quiet });
    if (quiet) process.stdout.write(output);
    return nodeCounts(code, readFileSync(found, "utf8"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
