// What all measurements stand on: a gateway, a browser, and a server that gives each contestant to a page of its own.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, stop, transform } from "esbuild";
import { ROOT } from "../scripts/process.mjs";
import { launchBrowser } from "../tests/harness/browser.mjs";
import { startGateway } from "../tests/harness/gateway.mjs";
import { marks } from "./page/marks.js";

/** Isolated pages have a clock of 5 µs; others one of 100. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cache-control": "no-store",
};

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Bench</title>
<script type="module" src="/page/measure.js"></script>
`;

/** What stands between Node and the page. A row that needs longer says so itself. */
const PATIENCE = 60_000;

/** Starts all that is needed. `close()` ends it. */
export async function openStage() {
  const files = await contestants();
  const gateway = await startGateway();
  const server = await serve(files);
  const browser = await launchBrowser();
  return {
    files, gateway, browser,
    version: await browser.version(),
    visit: (user) => visit({ browser, gateway, server, user }),
    async close() {
      await browser.close();
      await gateway.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a page loads, by path. The incumbent is bundled as an application does it: what nobody imports falls away. */
async function contestants() {
  const options = { minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "error" };
  const { outputFiles: [incumbent] } = await build({
    stdin: { contents: 'export { TelnyxRTC } from "@telnyx/webrtc";', resolveDir: ROOT },
    bundle: true, write: false, ...options,
  });
  const { code: bare } = await transform(readFileSync(join(ROOT, "bench/bare.js")), options);
  await stop();
  const pages = ["contestants", "frames", "judging", "measure"];
  const files = pages.map((name) => [`/page/${name}.js`, `bench/page/${name}.js`]);
  const shipped = ["index.js", "offhook_bg.wasm", "quality.js", "quality_bg.wasm"];
  files.push(...shipped.map((name) => [`/pkg/${name}`, `pkg/${name}`]));
  return new Map([
    ["/", Buffer.from(PAGE)],
    ["/bare.js", Buffer.from(bare)],
    ["/incumbent.js", Buffer.from(incumbent.contents)],
    ...files.map(([path, file]) => [path, readFileSync(join(ROOT, file))]),
  ]);
}

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

async function serve(files) {
  const server = createServer(({ url }, response) => {
    const body = files.get(url);
    const type = TYPES[url.match(/\.\w+$/)?.[0]] ?? "text/html; charset=utf-8";
    response.writeHead(body ? 200 : 404, { ...HEADERS, "content-type": type }).end(body);
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return server;
}

/** A page in a browser context of its own: nothing is cached, and nobody shares its process. */
async function visit({ browser, gateway, server, user }) {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const context = await browser.createBrowserContext();
  await context.overridePermissions(origin, ["microphone"]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const broken = [];
  page.on("pageerror", (error) => broken.push(error.message));
  await page.evaluateOnNewDocument(marks);
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.waitForFunction(() => window.bench !== undefined && crossOriginIsolated);
  return {
    page,
    cdp: await page.createCDPSession(),
    /** Runs a measurement in the page; fails with the words of the page. */
    measure: (name, ...args) => page.evaluate((what, given) => window.bench[what](...given), name, args),
    /** Starts one that waits for a call, and then has the gateway ring. */
    async measureRung(name) {
      await page.evaluate((what) => { window.rung = window.bench[what](); }, name);
      const measured = page.evaluate(() => window.rung);
      await gateway.ring(user);
      return measured;
    },
    broken,
    close: () => context.close(),
  };
}
