// `npm run docs`: makes the documentation site in target/docs. `-- --serve` shows it, `-- --port 8000` there;
// `-- --update` first renews what its pages have from the code.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { renewTables } from "./docs-tables.mjs";
import { Failure, ROOT, run, say, seconds } from "./process.mjs";

const DOCS = join(ROOT, "docs");

/** Where the site is. */
export const SITE = join(ROOT, "target", "docs");

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** What makes the site is installed beside its pages: it needs another TypeScript than the package. */
export async function setUpDocs() {
  const wanted = createHash("sha256").update(readFileSync(join(DOCS, "package-lock.json"))).digest("hex");
  const stamp = join(DOCS, "node_modules", ".offhook-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const started = performance.now();
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: DOCS, limit: 600 });
  writeFileSync(stamp, wanted);
  say(`Installed what makes the documentation in ${seconds(started)}`);
}

/** Makes the site. A page or a type that is not as it should be is a failure. */
export async function buildSite({ quiet = false } = {}) {
  const started = performance.now();
  const program = join(DOCS, "node_modules", "typedoc", "bin", "typedoc");
  const args = [program, "--options", join(DOCS, "typedoc.config.mjs")];
  await run(process.execPath, args, { cwd: DOCS, quiet, limit: 300 });
  say(`Made the documentation in ${seconds(started)}`);
}

/** Serves the site on this machine until the process ends; resolves to its address. */
export function serveSite(port = 0) {
  const server = createServer(({ url }, response) => {
    const file = fileAt(url);
    if (!file) return response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? "text/plain; charset=utf-8";
    return response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Failure(`the documentation cannot be served: ${error.message}`)));
    server.listen(port, "127.0.0.1", () => {
      resolve({ address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() });
    });
  });
}

/** The file of the site that an address means, if there is one. */
function fileAt(url) {
  try {
    const path = normalize(decodeURIComponent(new URL(url, "http://x").pathname));
    const file = join(SITE, path.endsWith("/") ? `${path}index.html` : path);
    return statSync(file).isFile() ? file : undefined;
  } catch {
    // No address, or nothing there.
    return undefined;
  }
}

async function main() {
  const options = { serve: { type: "boolean" }, port: { type: "string" }, update: { type: "boolean" } };
  const { values } = parseArgs({ options });
  await setUpDocs();
  if (values.update) {
    const changed = await renewTables({ update: true });
    say(changed.length > 0 ? `Renewed ${changed.join(" and ")}` : "All that is made from the code is as the code is");
  }
  await buildSite();
  if (!values.serve && values.port === undefined) return say(`The documentation is in ${SITE}`);
  const { address } = await serveSite(Number(values.port ?? 0));
  return say(`The documentation is at ${address}\n  Ctrl-C ends.`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main();
  } catch (error) {
    const isTold = error instanceof Failure || error.code?.startsWith("ERR_PARSE_ARGS");
    if (!isTold) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
