// Looks for secrets in what a run of tests has said: `tests/harness/heard.mjs` has kept both.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What is shorter is part of many a word: there it is a secret only where it stands as one. */
const UNMISTAKABLE = 8;

/**
 * What one process of a run has kept.
 *
 * @typedef {{ from: string, texts: { source: string, text: string }[], secrets: { kind: string, secret: string }[] }} Heard
 */

/** All that was kept by runs of these folders of tests. */
export function readHeard(root, names) {
  return names.flatMap((name) => {
    const folder = join(root, name);
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return files.map((file) => {
      const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
      return {
        from: `${name}/${file}`,
        texts: lines.filter(({ source }) => source !== undefined),
        secrets: lines.filter(({ kind }) => kind !== undefined),
      };
    });
  });
}

/** Where a secret stands in a text, in one sentence each. */
export function findSecrets(heard) {
  return heard.flatMap(({ from, texts, secrets }) => {
    const unique = [...new Map(secrets.map((one) => [one.secret, one])).values()];
    return texts.flatMap(({ source, text }) => unique.flatMap(({ kind, secret }) => {
      const at = find(text, secret);
      return at < 0 ? [] : [`${from}: ${source} has the ${kind} ${secret}: …${text.slice(Math.max(0, at - 60), at + 80)}…`];
    }));
  });
}

function find(text, secret) {
  if (secret.length >= UNMISTAKABLE) return text.indexOf(secret);
  const literal = secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.search(new RegExp(`(?:["'\`]|pass\\w*["'\\\\]*\\s*[:=]?\\s*)${literal}(?![\\w.])`, "i"));
}

/** How many bytes of each source there are, and how many secrets of each kind. */
export function count(heard) {
  const bytes = {};
  const kinds = {};
  for (const { texts, secrets } of heard) {
    for (const { source, text } of texts) bytes[source] = (bytes[source] ?? 0) + text.length;
    for (const { kind } of secrets) kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return { bytes, kinds };
}
