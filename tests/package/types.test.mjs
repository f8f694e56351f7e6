// The packed types, as the oldest and the newest compiler that we support read them, and as an editor shows them.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { PATIENCE, application, locked } from "../harness/package.mjs";
import { ROOT, attempt } from "../../scripts/process.mjs";
import { anyIn, documented, exported } from "./walk.mjs";

const folder = await application("plain");
const installed = join(folder, "node_modules", "offhook");
const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const oldest = join(await locked("typescript"), "node_modules", "typescript");
const ts = createRequire(import.meta.url)(oldest);

const COMPILERS = { "5.2": oldest, newest: join(ROOT, "node_modules", "typescript") };

/** What can be imported and has types, as `{ entry, path }`. */
const ENTRIES = Object.entries(exports).filter(([, { types }]) => types !== undefined).map(([name, paths]) => {
  return { entry: posix.join("offhook", name), path: paths.default };
});

// Who uses the bindings to React has React.
mkdirSync(join(folder, "node_modules", "@types"));
for (const name of ["react", "@types/react"]) {
  symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
}
cpSync(join(ROOT, "tests", "types"), join(folder, "types"), { recursive: true });
const FILES = readdirSync(join(folder, "types"), { recursive: true });
const PROJECTS = FILES.filter((name) => /tsconfig\..+\.json$/.test(name));

for (const [version, compiler] of Object.entries(COMPILERS)) {
  for (const project of PROJECTS) {
    test(`an application compiles with TypeScript ${version}: ${project}`, async () => {
      const args = [join(compiler, "bin", "tsc"), "--project", project, "--listFiles"];
      const options = { cwd: join(folder, "types"), quiet: true, limit: PATIENCE };
      const { code, output } = await attempt(process.execPath, args, options);

      assert.equal(code, 0, output);
      assert.ok(output.includes(join(installed, "js", "index.d.ts")), `not the packed types:\n${output}`);
    });
  }
}

test("the oldest compiler is the oldest that is promised", () => {
  assert.match(ts.version, /^5\.2\./);
});

test("an `any` would be found, however deep", () => {
  const program = programOf(`
    export interface Client { on(listener: (event: { readonly frames: readonly Inner[] }) => void): void }
    interface Inner { readonly sessid: string; readonly payload: Promise<any> | undefined }
  `);

  assert.deepEqual(anyIn(ts, program, folder), ["Client.on(listener)(event).frames<0>.payload|<0>"]);
});

/** A script tag's entry has nothing that a program could import. */
const IMPORTED = ENTRIES.filter(({ entry }) => entry !== "offhook/embed");

for (const { entry, path } of IMPORTED) {
  test(`what users see of ${entry} has no any`, () => {
    assert.deepEqual(anyIn(ts, programOf(`export * from "${entry}";`), folder), []);
  });

  test(`what the types of ${entry} promise to be there is there, and nothing else`, async () => {
    const values = Object.keys(await import(pathToFileURL(join(installed, path))));

    assert.deepEqual(exported(ts, programOf(`export * from "${entry}";`)), values.sort());
  });

  test(`an editor has words for every part of ${entry}`, () => {
    assert.deepEqual(untold(documented(ts, programOf(`export * from "${entry}";`), folder)), []);
  });
}

test("the words are those that were written", () => {
  const told = documented(ts, programOf('export * from "offhook";'), folder);

  assert.match(told["connect"], /^Connects and signs in: once, within ten seconds\./);
  assert.match(told["Client.newCall"], /^Calls somebody\. The call exists at once, in state `new`\./);
  assert.match(told["CommonOptions.forceRelay"], /^Use only relayed candidates/);
});

test("a part without words would be found", () => {
  const program = programOf("/** Told. */ export interface Told { untold: string }");

  assert.deepEqual(untold(documented(ts, program, folder)), ["Told.untold"]);
});

function untold(told) {
  return Object.keys(told).filter((name) => told[name] === "");
}

/** A program of one file in the application. */
function programOf(text) {
  const file = join(folder, "walked.ts");
  writeFileSync(file, text);
  return ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true, types: [],
  });
}
