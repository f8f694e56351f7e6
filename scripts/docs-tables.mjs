// What in docs/ is made from the code: the tables of error codes, and those of every option and every event.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Failure, ROOT, run } from "./process.mjs";
import { cargoEnvironment } from "./tools.mjs";

const DOCS = join(ROOT, "docs");

/** What each page has between its marks: the names of the tables, and who makes them. */
const PAGES = { "errors.md": errorTables, "options.md": memberTables };

/** What to do about the codes that only the JavaScript has. */
const ADVICE = {
  60008: "Reload the page: every client is over, and `connect()` makes no new one. Report what the console says.",
  60009: "Nothing: calls go on unjudged. `watchQuality()` begins anew. Report what the console says.",
  60050: "Open it again with `openDirectory()`.",
  60060: "Dispose of the other one first: a client has one.",
  60061: "Make a new one with `createCallControl()`.",
  60062: "End a call first, or allow more.",
  60063: "Offer the button only while `control.held` names somebody.",
  60064: "Offer the button only while there are two calls that were answered, and no conference.",
  60065: "Nothing: the application has reset everything.",
  60150: "See `cause`: the disk is full, or the browser allows no storage. What was stored before stays; what could not be "
    + "is to be loaded again.",
  60151: "See `serverCode`: the feed's server does not know the address, or wants other `headers`. What was loaded stays.",
  60250: "Correct the feed: the message says what is wrong with it. What was loaded stays.",
  60070: "Make another agent with `createAgent()`.",
  60071: "Call what `registerTool()` returned first, as in the clean-up of a component.",
  60072: "Let people write only while `agent.call` is active.",
  60073: "Keep the one that `createAgent()` returned, or dispose of it, as in the clean-up of an effect.",
  60074: "Offer to call only while `agent.call` is `undefined`.",
  60361: "Ask for the conference at a click; both calls go on as they were.",
  60403: "Check that this version's own file is served at `url`, that `script-src` has `'wasm-unsafe-eval'`, and the "
    + "network; then connect again.",
  60450: "Try again later. If it stays so, check the address, and what its server allows other origins; it must not redirect.",
  60461: "The transaction has failed, and what was done before is taken back. Try again; `withinSeconds` gives more time.",
  60407: "Check the address, the network, and `connect-src` of the page's policy; the region's tone sounds in its place.",
  61101: "Show a button that calls `resume()`: the call is heard from the person's next click or key on.",
  61102: "Show which microphone is in use now.",
};

const KINDS = ["misuse", "refused", "peerMisbehaved", "media", "lost", "defect", "warning"];

/** Says which pages differ from what the code makes; `update` writes them anew. */
export async function renewTables({ update = false } = {}) {
  const changed = [];
  for (const [name, makeTables] of Object.entries(PAGES)) {
    const path = join(DOCS, name);
    const page = readFileSync(path, "utf8");
    const renewed = fill(name, page, await makeTables());
    if (renewed === page) continue;
    changed.push(name);
    if (update) writeFileSync(path, renewed);
  }
  return changed;
}

/** The page with each table between its marks. Every table has its place, and every place its table. */
function fill(name, page, tables) {
  const places = [...page.matchAll(/<!-- made from the code: (\w+) -->/g)].map(([, place]) => place);
  const [lost] = [...tables.keys()].filter((table) => !places.includes(table));
  if (lost) throw new Failure(`docs/${name} has no place for the table ${lost}`);
  return page.replace(/(<!-- made from the code: (\w+) -->\n)[^]*?(<!-- until here -->)/g, (_, begin, place, end) => {
    if (!tables.has(place)) throw new Failure(`docs/${name}: nothing makes the table ${place}`);
    return `${begin}\n${tables.get(place)}\n\n${end}`;
  });
}

/** One table for each kind of error. */
async function errorTables() {
  const rows = await errorRows();
  const [odd] = rows.filter(({ kind }) => !KINDS.includes(kind));
  if (odd) throw new Failure(`${odd.code} is of the kind ${odd.kind}, which has no table`);
  return new Map(KINDS.map((kind) => {
    const own = rows.filter((row) => row.kind === kind).sort((a, b) => a.code - b.code);
    if (kind === "warning") {
      const cells = own.map(({ code, message, advice }) => [code, message, advice]);
      return [kind, table(["Code", "Message", "What to do"], cells)];
    }
    const cells = own.map(({ code, fatal, isMildToo, message, advice }) => {
      return [code, `${fatal ? "yes" : "no"}${isMildToo ? " ¹" : ""}`, message, advice];
    });
    return [kind, table(["Code", "Fatal", "Message", "What to do"], cells)];
  }));
}

/** The core says its own; of what the JavaScript says, the codes that the core does not have. */
async function errorRows() {
  const printed = await run("cargo", ["run", "--quiet", "--package", "offhook-core", "--example", "errors"], {
    env: cargoEnvironment(), quiet: true, limit: 600,
  });
  const core = printed.trim().split("\n").map((line) => JSON.parse(line));
  const said = scriptCodes();
  const rows = core.map((row) => {
    return { ...row, isMildToo: row.fatal && said.some(({ code, fatal }) => code === row.code && fatal === false) };
  });
  // What is only compared at one place is told at another.
  const told = said.toSorted((a, b) => Number(a.message === undefined) - Number(b.message === undefined));
  for (const { code, kind, fatal, message, place } of told) {
    if (rows.some((row) => row.code === code)) continue;
    if (message === undefined || kind === undefined) throw new Failure(`${place}: nothing there says what ${code} is`);
    if (!(code in ADVICE)) throw new Failure(`scripts/docs-tables.mjs: what to do about ${code} (${message})?`);
    rows.push({ code, kind, fatal, message, advice: ADVICE[code] });
  }
  return rows;
}

/** Every code that stands in js/, with what stands around it. */
function scriptCodes() {
  const ts = typescript();
  const files = readdirSync(join(ROOT, "js"), { recursive: true }).filter((name) => name.endsWith(".js")).sort();
  return files.flatMap((name) => {
    const text = readFileSync(join(ROOT, "js", name), "utf8");
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const codes = [];
    const visit = (node) => {
      if (ts.isNumericLiteral(node) && /^[346]\d{4}$/.test(node.getText())) {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        codes.push({ code: Number(node.text), place: `js/${name}:${line}`, ...meaning(ts, node) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return codes;
  });
}

/** What a code means, by the three ways in which js/ writes errors; nothing where it is only compared. */
function meaning(ts, node) {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression.getText() === "misuse") {
    return { kind: "misuse", fatal: false, message: words(ts, parent.arguments[1]) };
  }
  // In a list of a code and its words, for failures of the microphone that end nothing.
  if (ts.isArrayLiteralExpression(parent)) {
    return { kind: "media", fatal: false, message: words(ts, parent.elements[1]) };
  }
  if (!ts.isPropertyAssignment(parent) || parent.name.getText() !== "code") return {};
  const member = (name) => parent.parent.properties.find((property) => property.name?.getText() === name);
  const taker = parent.parent.parent;
  const isWarning = ts.isCallExpression(taker) && words(ts, taker.arguments[0]) === "warning";
  return {
    kind: isWarning ? "warning" : words(ts, member("kind")?.initializer),
    fatal: member("fatal")?.initializer.kind === ts.SyntaxKind.TrueKeyword,
    message: words(ts, member("message")?.initializer ?? constant(ts, node, "message")),
  };
}

/** The words of a text; what is put into it differs each time. */
function words(ts, node) {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…").replace(/…+/g, "…");
  }
  return ts.isIdentifier(node) ? words(ts, constant(ts, node, node.text)) : undefined;
}

/** What a constant in one of the blocks around `node` is. */
function constant(ts, node, name) {
  for (let block = node.parent; block; block = block.parent) {
    if (!block.statements) continue;
    for (const statement of block.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const found = statement.declarationList.declarations.find((declaration) => declaration.name.getText() === name);
      if (found) return found.initializer;
    }
  }
  return undefined;
}

/** One table for each interface of options, and one for each of events. */
function memberTables() {
  const ts = typescript();
  const text = readFileSync(join(ROOT, "js", "index.d.ts"), "utf8");
  const source = ts.createSourceFile("index.d.ts", text, ts.ScriptTarget.Latest, true);
  const wanted = source.statements.filter((statement) => {
    return ts.isInterfaceDeclaration(statement) && /(?:Options|Target|Token|Events)$/.test(statement.name.text);
  });
  return new Map(wanted.map(({ name: { text: name }, members }) => {
    const own = members.filter(({ type }) => type.kind !== ts.SyntaxKind.NeverKeyword);
    if (name.endsWith("Events")) {
      const rows = own.map((event) => {
        return [code(event.name.getText()), told(ts, name, event), payload(ts, source, event.type)];
      });
      return [name, table(["Event", "When", "With"], rows)];
    }
    const rows = own.map((option) => optionRow(ts, source, name, option));
    return [name, table(["Option", "What it is", "Default", "Type"], rows)];
  }));
}

function optionRow(ts, source, owner, option) {
  const { name, type, questionToken } = option;
  const text = told(ts, owner, option);
  const [sentence, usual] = text.match(/ ?\bDefault: (.+?)\.(?= |$)/) ?? ["", questionToken ? "none" : "required"];
  return [code(name.getText()), text.replace(sentence, "").trim(), usual, code(choices(ts, source, type))];
}

/** The doc comment of a member. */
function told(ts, owner, member) {
  const comments = ts.getJSDocCommentsAndTags(member).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "");
  const text = comments.join(" ").replace(/\s+/g, " ").trim();
  if (!text) throw new Failure(`js/index.d.ts: ${owner}.${member.name.getText()} has no doc comment`);
  return text;
}

/** A type on one line; in place of the name of a choice, what can be chosen. */
function choices(ts, source, type) {
  const aliases = source.statements.filter((statement) => ts.isTypeAliasDeclaration(statement));
  const alias = aliases.find(({ name }) => name.text === type.getText());
  const parts = alias && ts.isUnionTypeNode(alias.type) ? alias.type.types : [];
  const isChoice = parts.length > 0 && parts.every((one) => ts.isLiteralTypeNode(one));
  return (isChoice ? alias.type : type).getText().replace(/\s+/g, " ");
}

/** What an event carries, a line for each part. */
function payload(ts, source, type) {
  const members = carried(ts, source, type);
  if (!members) return code(type.getText());
  const parts = members.map(({ name, questionToken, type: own }) => {
    return code(`${name.getText()}${questionToken ? "?" : ""}: ${own.getText()}`);
  });
  return parts.join("<br>") || "nothing";
}

/** The parts of what an event carries, also where it is another event's and more; none where it has a name. */
function carried(ts, source, type) {
  if (ts.isTypeLiteralNode(type)) return type.members;
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap((part) => carried(ts, source, part));
  if (!ts.isIndexedAccessTypeNode(type)) return undefined;
  const events = source.statements.find(({ name }) => name?.text === type.objectType.getText());
  const event = events.members.find(({ name }) => name.text === type.indexType.literal.text);
  return carried(ts, source, event.type);
}

function code(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replace(/\|/g, "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The one of docs/: the root's has no interface for programs. */
function typescript() {
  return createRequire(join(DOCS, "package.json"))("typescript");
}
