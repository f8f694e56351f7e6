// The tools that are not part of the source: which, where, and at what version.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Failure, ROOT } from "./process.mjs";

/** What is kept from one run to the next, by version. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "offhook");

/** Where cargo puts what it builds. */
export const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR || "target");

/** What a run of tests has said, ring by ring, and the secrets that it had: see tests/secrets. */
export const HEARD = join(TARGET, "heard");

/** Built from crates.io once and kept in the user's cache, by version, so that clones share them. */
export const TOOLS = {
  // Its output format is that of one exact library version.
  "wasm-bindgen-cli": { version: lockedVersion("wasm-bindgen"), program: "wasm-bindgen" },
  "wasm-pack": { version: "0.15.1", program: "wasm-pack" },
  geckodriver: { version: "0.37.1", program: "geckodriver" },
};

/** The folder that holds a tool's `bin/`. */
export function toolRoot(name) {
  return join(CACHE, `${name}-${TOOLS[name].version}`);
}

/** The path of a tool's program. */
export function toolPath(name) {
  return join(toolRoot(name), "bin", TOOLS[name].program);
}

/** The environment of whatever runs cargo: a `target-dir` of the user's own configuration must not move what it builds. */
export function cargoEnvironment(more = {}) {
  return { ...process.env, CARGO_TARGET_DIR: TARGET, ...more };
}

/** The environment in which all tools are found by name. */
export function toolEnvironment(more = {}) {
  const folders = Object.keys(TOOLS).map((name) => join(toolRoot(name), "bin"));
  return cargoEnvironment({ PATH: [...folders, process.env.PATH].join(":"), ...more });
}

function lockedVersion(crate) {
  const lock = readFileSync(join(ROOT, "Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`));
  if (!found) throw new Failure(`Cargo.lock does not name ${crate}`);
  return found[1];
}
