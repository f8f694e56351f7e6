// The little of Markdown that agents write, as nodes: what is no mark of it stays text, and links lead only to the web.

import { h } from "./dom.js";

/** @typedef {import("./dom.js").Branch} Branch */
/** @typedef {import("./dom.js").Twig} Twig */

// A link's words and its target are bounded: what never ends would be looked for from each bracket anew.
const INLINE = new RegExp([
  "`([^`\\n]+)`", "\\*\\*(.+?)\\*\\*", "__(.+?)__", "\\*([^*\\s][^*]*)\\*",
  "\\[([^\\]\\n]{1,300})\\]\\(([^)\\s]{1,2000})\\)", "(https?:\\/\\/[^\\s<>()]+[^\\s<>().,;:!?])",
].join("|"), "g");

const FENCE = /^```/;
const BULLET = /^\s*[-*•]\s+/;
const NUMBER = /^\s*\d+[.)]\s+/;

/**
 * @param {string} text
 * @returns {Branch[]}
 */
export function markdown(text) {
  const lines = text.split("\n");
  /** @type {Branch[]} */
  const blocks = [];
  /** @param {(line: string) => boolean} belongs */
  const take = (belongs) => {
    const last = lines.findIndex((line) => !belongs(line));
    return lines.splice(0, last < 0 ? lines.length : last);
  };
  const isPlain = (/** @type {string} */ line) => {
    return line.trim() !== "" && ![FENCE, BULLET, NUMBER].some((mark) => mark.test(line));
  };
  while (lines.length > 0) {
    const line = /** @type {string} */ (lines[0]);
    if (FENCE.test(line)) {
      lines.shift();
      blocks.push(h("pre", null, h("code", null, take((next) => !FENCE.test(next)).join("\n"))));
      lines.shift();
    } else if (BULLET.test(line)) blocks.push(list("ul", take((next) => BULLET.test(next)), BULLET));
    else if (NUMBER.test(line)) blocks.push(list("ol", take((next) => NUMBER.test(next)), NUMBER));
    else if (isPlain(line)) blocks.push(paragraph(take(isPlain)));
    else lines.shift();
  }
  return blocks;
}

/**
 * A place in a text that is cut there, behind the mark that it would cut in two.
 *
 * @param {string} text
 * @param {number} at
 */
export function behindMark(text, at) {
  for (const { index, 0: mark } of text.matchAll(INLINE)) {
    if (index < at && at < index + mark.length) return index + mark.length;
  }
  return at;
}

/**
 * @param {string} tag
 * @param {string[]} lines
 * @param {RegExp} mark
 */
function list(tag, lines, mark) {
  return h(tag, null, lines.map((line, place) => h("li", { key: place }, ...inline(line.replace(mark, "")))));
}

/** @param {string[]} lines */
function paragraph(lines) {
  const text = lines.join("\n").replace(/^#{1,6} (.*)/gm, "**$1**");
  return h("p", null, ...inline(text));
}

/**
 * @param {string} text
 * @returns {Twig[]}
 */
function inline(text) {
  /** @type {Twig[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, code, strong, alsoStrong, emphasis, label, target, bare] = match;
    parts.push(text.slice(from, match.index));
    from = match.index + all.length;
    if (code) parts.push(h("code", null, code));
    else if (strong ?? alsoStrong) parts.push(h("strong", null, ...inline(strong ?? alsoStrong ?? "")));
    else if (emphasis) parts.push(h("em", null, ...inline(emphasis)));
    else parts.push(link(target ?? bare ?? "", label ?? bare ?? "", all));
  }
  parts.push(text.slice(from));
  return parts;
}

/**
 * @param {string} target
 * @param {string} label
 * @param {string} asWritten
 */
function link(target, label, asWritten) {
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(target)) return asWritten;
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, label);
}
