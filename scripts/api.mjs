// `npm run api`: writes what the package promises its users to `api/`, where a change of it is seen by who reviews it.
//
// One file for each entry, as the compiler prints its types: without comments, which may change as they like. With
// `--check` nothing is written; it fails where `api/` says otherwise.

import {
  copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, ROOT, run } from "./process.mjs";

const API = join(ROOT, "api");

try {
  const wanted = await describe();
  if (process.argv.includes("--check")) check(wanted);
  else write(wanted);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** The text of each file in `api/`, by its name. */
async function describe() {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const entries = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  const files = new Map();
  // One after the other: each is a compiler of its own.
  for (const [entry, paths] of entries) {
    const file = entry === "." ? name : basename(entry);
    const header = `// import … from "${join(name, entry)}": ${(await values(paths.default)).join(", ")}\n\n`;
    files.set(`${file}.d.ts`, header + (await declarations(file, join(ROOT, paths.types))));
  }
  return files;
}

/** The names of what an entry exports when it runs. */
async function values(path) {
  const file = join(ROOT, path);
  if (!existsSync(file)) throw new Failure(`missing: ${path}. Build first: npm run build`);
  return Object.keys(await import(pathToFileURL(file))).sort();
}

/** The types in a file as the compiler prints them. */
async function declarations(name, types) {
  const scratch = mkdtempSync(join(tmpdir(), "offhook-api-"));
  try {
    // The compiler prints only what might have been code.
    const source = join(scratch, `${name}.ts`);
    copyFileSync(types, source);
    await run(join(ROOT, "node_modules", ".bin", "tsc"), [
      "--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--removeComments", "--noResolve", "--noCheck",
      "--target", "es2022", "--outDir", join(scratch, "out"), source,
    ], { quiet: true, limit: 120 });
    return readFileSync(join(scratch, "out", `${name}.d.ts`), "utf8");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function write(wanted) {
  mkdirSync(API, { recursive: true });
  for (const file of reviewed()) if (!wanted.has(file)) rmSync(join(API, file));
  for (const [file, text] of wanted) writeFileSync(join(API, file), text);
}

function check(wanted) {
  const files = new Set([...wanted.keys(), ...reviewed()]);
  const changed = [...files].filter((file) => {
    return !existsSync(join(API, file)) || readFileSync(join(API, file), "utf8") !== wanted.get(file);
  });
  if (changed.length === 0) return;
  const names = changed.map((file) => `api/${file}`).join(", ");
  throw new Failure(`the public API is not what ${names} says: run npm run api and review the diff`);
}

function reviewed() {
  return existsSync(API) ? readdirSync(API) : [];
}
