// The code in the pages of documentation.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/process.mjs";

/** What stands in the documentation for the reader's own gateway. */
const ELSEWHERE = "wss://pbx.example:8082";

/**
 * The files that a page of the documentation shows, by name: the name stands alone in the line before the code, between
 * backticks. Code without a name is `block-1` and so on. `gateway` is put where the page has an example's address.
 */
export function filesOf(page, gateway) {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  const blocks = [...text.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$/gms)];
  const files = {};
  for (const [n, [, name, language, code]] of blocks.entries()) {
    if (language !== "sh") files[name ?? `block-${n}.${language}`] = code.replaceAll(ELSEWHERE, gateway ?? ELSEWHERE);
  }
  return files;
}
