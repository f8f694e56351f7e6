// The package as npm would publish it, and applications that have installed it.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, attempt, run } from "../../scripts/process.mjs";
import { CACHE } from "../../scripts/tools.mjs";
import { scratchFolder } from "./sound.mjs";

const FIXTURES = join(ROOT, "tests", "package");

/** As long as a slow machine needs for a program, and for npm to fetch what is not in its cache; in seconds. */
export const PATIENCE = 120;
const DOWNLOAD = 900;

const scratch = scratchFolder();

/** The build as it is, packed: the path of the tarball. */
export const tarball = await pack();

async function pack() {
  await run("npm", ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", scratch], {
    quiet: true, limit: PATIENCE,
  });
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return join(scratch, `${name}-${version}.tgz`);
}

/**
 * A copy of the application in `tests/package/` with the package installed, and what its lock file names; its path.
 * `also` names files that applications share.
 */
export async function application(name, { also = [] } = {}) {
  const folder = join(scratch, name);
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  for (const file of also) cpSync(join(FIXTURES, file), join(folder, file));
  if (existsSync(join(folder, "package-lock.json"))) await copyTree(join(await locked(name), "node_modules"), folder);
  const installed = join(folder, "node_modules", "offhook");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], { quiet: true, limit: PATIENCE });
  return folder;
}

/** A folder with the `node_modules` that a fixture's lock file names: installed once, and kept in the user's cache. */
export async function locked(name) {
  const manifests = ["package.json", "package-lock.json"].map((file) => join(FIXTURES, name, file));
  const hash = createHash("sha256");
  for (const file of manifests) hash.update(readFileSync(file));
  const kept = join(CACHE, `${name}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(kept)) return kept;

  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "installing-"));
  try {
    for (const file of manifests) cpSync(file, join(folder, file.split("/").at(-1)));
    const options = ["--include=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["ci", ...options], { cwd: folder, quiet: true, limit: DOWNLOAD });
    renameSync(folder, kept);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    // Another run was faster.
    if (!existsSync(kept)) throw error;
  }
  return kept;
}

/** Copies a folder into another. Where both lie on one disk, it links to the files: they are many and do not change. */
async function copyTree(from, to) {
  const options = { quiet: true, limit: PATIENCE };
  const { code } = await attempt("cp", ["--archive", "--link", from, to], options);
  if (code !== 0) await run("cp", ["--archive", "--force", from, to], options);
}
