// What a page downloads before its first call, and whether that is little enough.

import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ROOT } from "./process.mjs";

/** 62 KiB: the size of the incumbent. */
const LIMIT = 63_488;

const files = ["pkg/offhook_bg.wasm", "pkg/index.js"].map((file) => join(ROOT, file));
const missing = files.filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(`missing: ${missing.map((file) => relative(ROOT, file)).join(", ")}. Build first: npm run build`);
  process.exit(1);
}

const rows = files.map((file) => ({ name: relative(ROOT, file), ...weigh(readFileSync(file)) }));
const sum = { name: "together" };
for (const column of ["raw", "gzip", "brotli"]) sum[column] = rows.reduce((total, row) => total + row[column], 0);

console.log(line("", "raw", "gzip", "brotli"));
for (const { name, raw, gzip, brotli } of [...rows, sum]) console.log(line(name, ...[raw, gzip, brotli].map(grouped)));
console.log(`limit: ${grouped(LIMIT)} bytes of brotli together; ${grouped(Math.abs(LIMIT - sum.brotli))} ${sum.brotli > LIMIT ? "over" : "left"}`);
if (sum.brotli > LIMIT) process.exitCode = 1;

function weigh(bytes) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, quality).length };
}

function line(name, ...figures) {
  return name.padEnd(24) + figures.map((figure) => figure.padStart(10)).join("");
}

function grouped(number) {
  return number.toLocaleString("en");
}
