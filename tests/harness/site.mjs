// A static server, as any host of files is one: it knows types and headers, and remembers what it was asked for.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
  ".wasm": "application/wasm",
};

/**
 * Serves a folder, with `headers` on every answer. `tamper` is given each file's path and bytes, and returns the bytes
 * that are sent in their place.
 */
export async function startSite(folder, { headers = {}, tamper = (path, bytes) => bytes } = {}) {
  const requests = [];
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, "http://site");
    requests.push(pathname);
    const path = normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    try {
      const bytes = tamper(path, await readFile(join(folder, path)));
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, ...headers }).end(bytes);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    /** The paths that were asked for, in order. */
    requests,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
