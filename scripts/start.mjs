// `npm start`: sets up what is missing, builds, and serves the softphone until ctrl-C.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { build } from "./build.mjs";
import { Failure, ROOT, run, say, seconds } from "./process.mjs";
import { setUpToBuild } from "./setup.mjs";
import { TARGET, cargoEnvironment } from "./tools.mjs";

try {
  await setUpToBuild();
  await build();
  const started = performance.now();
  await run("cargo", ["build", "--package", "offhook-gateway"], { env: cargoEnvironment() });
  say(`Compile the gateway: ${seconds(started)}`);
  serve();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Runs the gateway in our place: its words are ours, ctrl-C is its, and so is the exit code. */
function serve() {
  const program = join(TARGET, "debug", "offhook-gateway");
  const folders = ["--www", "www", "--js", "js", "--pkg", "pkg"];
  const gateway = spawn(program, [...folders, ...process.argv.slice(2)], { cwd: ROOT, stdio: ["inherit", "pipe", "inherit"] });
  // The terminal sends ctrl-C to both of us; the gateway ends, and then we do.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => gateway.kill(signal));
  }
  let isReady = false;
  createInterface({ input: gateway.stdout }).on("line", (line) => {
    console.log(line);
    const address = line.match(/https?:\/\/\S+/);
    if (!address || isReady) return;
    isReady = true;
    const [softphone] = address;
    say(`The softphone is at ${softphone}\n  Sign in as 1000 with password 1234 and dial 9196 to hear yourself.`);
    say(`The widget is at ${new URL("widget.html", softphone)}\n  Talk or write to its agent; configure.html beside it makes a snippet. Ctrl-C ends.`);
  });
  gateway.once("error", (error) => {
    console.error(`the gateway did not start: ${error.message}`);
    process.exitCode = 1;
  });
  gateway.once("close", (code) => {
    process.exit(code ?? 1);
  });
}
