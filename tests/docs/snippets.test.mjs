// The code in the pages, against the types of the package.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { scratchFolder } from "../harness/sound.mjs";
import { setUpDocs } from "../../scripts/docs.mjs";
import { ROOT, attempt } from "../../scripts/process.mjs";

const DOCS = join(ROOT, "docs");

/** Pages whose code is run elsewhere: tests/bindings. */
const ELSEWHERE = ["react.md", "vue.md", "svelte.md"];

/** Packages that are not installed here. */
const FOREIGN = /\bTelnyxRTC\b|from "next\/server"/;

/** What the pages leave to the reader's own page. */
const READERS_OWN = [
  "answerButton", "rejectButton", "callButton", "loginForm", "label", "password", "options", "destinationNumber", "who",
  "showRinging", "hideRinging", "startRinging", "showCard", "showWaiting", "allowsWaiting",
  "showMicrophones", "retryButton", "reportButton", "fetchToken", "fetchEntries", "isWithinOfficeHours", "showQuestion",
  "signIn", "suppressor", "stream", "showHint", "mix", "music", "showState", "showTranscript", "showEnd", "fileInput",
  "cart", "monitoring", "meter",
];

before(setUpDocs);

test("what the pages show compiles", async () => {
  const folder = scratchFolder();
  const pages = readdirSync(DOCS).filter((name) => name.endsWith(".md") && !ELSEWHERE.includes(name));
  const snippets = pages.flatMap(blocks);
  for (const { name, code } of snippets) writeFileSync(join(folder, name), code);
  mkdirSync(join(folder, "types"));
  const own = READERS_OWN.map((name) => `var ${name}: any;`).join(" ");
  writeFileSync(join(folder, "types", "page.d.ts"), `
    import type { Call, Client } from "offhook";
    import type { Agent } from "offhook/agent";
    import type { AudioSession } from "offhook/audio";
    import type { QualityWatch } from "offhook/quality";
    declare global {
      var client: Client; var call: Call; var audio: AudioSession; var agent: Agent; var quality: QualityWatch; ${own}
    }`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration()));

  const tsc = join(DOCS, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await attempt(process.execPath, [tsc, "--project", folder], { quiet: true, limit: 120 });

  assert.equal(code, 0, output);
  assert.ok(snippets.length >= 25, `only ${snippets.length} were found`);
});

/** The code of a page as modules of which each is checked for itself. */
function blocks(page) {
  const text = readFileSync(join(DOCS, page), "utf8");
  const found = [...text.matchAll(/^```(js|ts|tsx)\n([^]*?)^```$/gm)].filter(([, , code]) => !FOREIGN.test(code));
  return found.map(([, language, code], n) => {
    const imports = code.match(/^import .*$/gm) ?? [];
    const rest = code.replace(/^import .*$/gm, "");
    const missing = ["connect", "preload"].filter((name) => !imports.join("\n").includes(name));
    const given = missing.length > 0 ? `import { ${missing.join(", ")} } from "offhook";` : "";
    // A function, so that names may be used again and promises awaited.
    const body = /^export |^"use client"/m.test(rest) ? rest : `export async function snippet() {\n${rest}\n}`;
    const extension = language === "js" ? "ts" : language;
    return { name: `${page.replace(".md", "")}-${n}.${extension}`, code: [...imports, given, body].join("\n") };
  });
}

function configuration() {
  return {
    compilerOptions: {
      target: "es2022", lib: ["es2022", "dom", "dom.iterable", "esnext.disposable"], module: "esnext",
      moduleResolution: "bundler", jsx: "react-jsx", noEmit: true, skipLibCheck: true,
      // As a page's own JavaScript is checked by nobody.
      strict: true, noImplicitAny: false, useUnknownInCatchVariables: false,
      types: [],
      paths: {
        offhook: [join(ROOT, "js", "index.d.ts")],
        "offhook/audio": [join(ROOT, "js", "audio.d.ts")],
        "offhook/agent": [join(ROOT, "js", "agent.d.ts")],
        "offhook/check": [join(ROOT, "js", "check.d.ts")],
        "offhook/control": [join(ROOT, "js", "control.d.ts")],
        "offhook/directory": [join(ROOT, "js", "directory.d.ts")],
        "offhook/log": [join(ROOT, "js", "log.d.ts")],
        "offhook/quality": [join(ROOT, "js", "quality.d.ts")],
        "offhook/reports": [join(ROOT, "js", "reports.d.ts")],
        "offhook/react": [join(ROOT, "js", "react.d.ts")],
        "offhook/tones": [join(ROOT, "js", "tones.d.ts")],
        "offhook/trace": [join(ROOT, "js", "trace.d.ts")],
        "offhook/widget": [join(ROOT, "js", "widget.d.ts")],
        react: [join(DOCS, "node_modules", "@types", "react", "index.d.ts")],
        "react/jsx-runtime": [join(DOCS, "node_modules", "@types", "react", "jsx-runtime.d.ts")],
      },
    },
    include: ["*.ts", "*.tsx", "types/*.ts"],
  };
}
