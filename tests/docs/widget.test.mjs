// What the page about the widget says is there is there, and the other way round.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LANGUAGES } from "../../js/widget/language.js";
import { OBSERVED } from "../../js/widget/config.js";
import { TOKENS } from "../../js/widget/styles.js";
import { ROOT } from "../../scripts/process.mjs";

const PAGE = readFileSync(join(ROOT, "docs/widget.md"), "utf8");
const TYPES = readFileSync(join(ROOT, "js/widget.d.ts"), "utf8");

const SOURCE = join(ROOT, "js/widget");
const CODE = readdirSync(SOURCE).filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(SOURCE, name), "utf8")).join("\n");

/** A chapter of the page. */
const chapter = (title) => PAGE.split(`\n## ${title}\n`)[1].split("\n## ")[0];

/** What stands in code in a text. */
const named = (text) => new Set([...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

/** What stands in code in the first cells of a chapter's tables. */
const rows = (title) => named([...chapter(title).matchAll(/^\| ([^|]*)\|/gm)].map(([, cell]) => cell).join());

const sorted = (names) => [...new Set(names)].sort();

/** All that the widget says in a language: at first, and later. */
async function textsIn(language) {
  const [first, later] = await Promise.all(["", "later/"].map((when) => import(`../../js/widget/lang/${when}${language}.js`)));
  const twice = Object.keys(later.default).filter((key) => key in first.default);
  assert.deepEqual(twice, [], language);
  return { ...first.default, ...later.default };
}

test("every attribute is told", () => {
  const told = named(chapter("Attributes"));

  assert.deepEqual(OBSERVED.filter((name) => !told.has(name)), []);
  assert.deepEqual(sorted(rows("Attributes")).filter((name) => !OBSERVED.includes(name)), []);
});

test("every event is told, and has a type", () => {
  const typed = [...TYPES.matchAll(/^ {2}"(offhook-[a-z]+)":/gm)].map(([, name]) => name);
  const sent = [...CODE.matchAll(/emit\("([a-z]+)"/g)].map(([, name]) => `offhook-${name}`);

  assert.deepEqual(sorted(rows("Events")), sorted(typed));
  assert.deepEqual(sorted(sent), sorted(typed));
});

test("every custom property is told, there are twenty at most, and each is used", () => {
  const used = [...CODE.matchAll(/var\(--offhook-([a-z-]+)/g)].map(([, name]) => name);

  assert.ok(TOKENS.length <= 20);
  assert.deepEqual(sorted(rows("Looks")), sorted(TOKENS.map((name) => `--offhook-${name}`)));
  assert.deepEqual(sorted(used), sorted(TOKENS));
});

test("every part is told", () => {
  const [, list] = chapter("Looks").match(/`::part\(\)`: ([^.]*)\./);
  const given = [...CODE.matchAll(/part: [`"]([a-z ${}-]+)[`"]|"part", "([a-z-]+)"/g)].flatMap(([, one, other]) => (one ?? other).replace(/\$\{.*\}/, "").trim().split(" "));
  const ofButtons = [...CODE.matchAll(/button\("[a-z]+", "([a-z-]+)"/g)].map(([, name]) => name);

  assert.deepEqual(sorted([...named(list)].filter((name) => !["user", "assistant"].includes(name))), sorted([...given, ...ofButtons]));
});

test("every language is told, and says all that English does", async () => {
  assert.deepEqual(sorted(named(chapter("Languages"))), sorted(LANGUAGES));
  assert.ok(LANGUAGES.length >= 12);
  const english = await textsIn("en");
  for (const language of LANGUAGES) {
    const texts = await textsIn(language);
    assert.deepEqual(Object.keys(texts), Object.keys(english), language);
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(text.trim() !== "", `${language}: ${key}`);
      for (const [hole] of english[key].matchAll(/\{\w+\}/g)) assert.ok(text.includes(hole), `${language}: ${key} has no ${hole}`);
    }
  }
});

test("the code asks for no word that no language has", async () => {
  const english = await textsIn("en");
  const asked = [...CODE.matchAll(/\bt\.([a-zA-Z]+)\b/g)].map(([, key]) => key);

  assert.ok(asked.length > 50);
  assert.deepEqual(sorted(asked).filter((key) => !(key in english)), []);
});
