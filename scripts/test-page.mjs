// Makes one file of the modules that the browser tests share (`tests/*.rs`), where their bindings expect it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./process.mjs";

const FROM = "tests/support/page.js";
const TO = join(ROOT, "pkg", "test-page.js");

export async function bundleTestPage() {
  const { build, stop } = await import("esbuild");
  const { outputFiles: [{ text }] } = await build({
    absWorkingDir: ROOT, entryPoints: [FROM], bundle: true, format: "esm", target: "es2022", logLevel: "warning",
    write: false,
  });
  // It leaves a process running that waits for more to do.
  await stop();
  // A newer file that says the same would have the tests compiled again.
  if (!existsSync(TO) || readFileSync(TO, "utf8") !== text) writeFileSync(TO, text);
}
