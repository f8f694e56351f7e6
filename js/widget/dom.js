// What a shadow root shows, said as a tree, and the least that makes it so. Text never becomes markup: there is no
// innerHTML here, so that a page may forbid it (Trusted Types), and no attribute that a strict policy refuses.

/** @typedef {Branch | string | number | boolean | null | undefined} Twig */
/** @typedef {Twig | readonly Twig[]} Twigs */
/** @typedef {Record<string, any>} Props */
/** @typedef {{ tag: string, props: Props, twigs: Twigs[], node?: Node, text?: string }} Branch */

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "circle", "rect"]);

/** What a person changes: as attributes they would only say how it began. */
const OWN = new Set(["value", "checked", "selected"]);

/** What each node shows, by its name among its siblings. @type {WeakMap<Node, Map<string, Branch>>} */
const SHOWN = new WeakMap();

/**
 * Names an element. Props are attributes, listeners (`onclick`), custom properties in `style`, `key` among its
 * siblings, and `ref`, which is given the node once.
 *
 * @param {string} tag
 * @param {Props | null} [props]
 * @param {...Twigs} twigs
 * @returns {Branch}
 */
export function h(tag, props, ...twigs) {
  return { tag, props: props ?? {}, twigs };
}

/**
 * Makes a node's children what the twigs say. Who has a key keeps its node; so does who keeps its place.
 *
 * @param {Node} parent
 * @param {readonly Twigs[]} twigs
 */
export function render(parent, twigs) {
  /** @type {Map<string, Branch>} */
  const now = new Map();
  for (const [place, twig] of twigs.flat().entries()) {
    if (typeof twig === "boolean" || twig === undefined || twig === null || twig === "") continue;
    const branch = typeof twig === "object" ? twig : { tag: "", props: {}, twigs: [], text: `${twig}` };
    now.set(branch.props.key ?? `${place} ${branch.tag}`, branch);
  }
  const before = SHOWN.get(parent) ?? new Map();
  // First what goes: what stays is then in order, and moving a node would take the focus from it.
  for (const [name, { node }] of before) if (!now.has(name)) node.remove();
  let next = parent.firstChild;
  for (const [name, branch] of now) {
    const old = before.get(name);
    const node = (branch.node = old?.node ?? create(branch));
    if (next !== null && node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
    // Whoever shows again what it has shown knows that it is the same.
    if (branch !== old) update(branch, old);
  }
  SHOWN.set(parent, now);
}

/**
 * Gives a node that is not rendered what it lacks of these, and takes what is undefined.
 *
 * @param {Element} element
 * @param {Record<string, string | undefined>} attributes
 */
export function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** @param {Branch} branch */
function create({ tag, text, props }) {
  if (text !== undefined) return document.createTextNode(text);
  const node = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  props.ref?.(node);
  return node;
}

/**
 * @param {Branch} branch
 * @param {Branch | undefined} old
 */
function update({ node, props, twigs, text }, old) {
  if (text !== undefined) {
    if (old && old.text !== text) /** @type {Text} */ (node).data = text;
    return;
  }
  const element = /** @type {any} */ (node);
  const were = old?.props ?? {};
  for (const name of Object.keys({ ...were, ...props })) {
    if (name === "key" || name === "ref") continue;
    const value = props[name];
    // What a person has typed is no longer what was rendered last.
    if (OWN.has(name) ? element[name] !== value : were[name] !== value) set(element, name, value);
  }
  render(element, twigs);
}

/**
 * @param {any} element
 * @param {string} name
 * @param {any} value
 */
function set(element, name, value) {
  if (name === "style") {
    for (const [property, worth] of Object.entries(value)) element.style.setProperty(property, worth);
  } else if (name.startsWith("on")) element[name] = value ?? null;
  else if (OWN.has(name)) element[name] = value ?? "";
  else if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}
