// What the page's attributes say.

/**
 * Attributes that have a property of the same name, in camel case. Those of `<telnyx-ai-agent>` are among them, so that
 * who changes over changes the tag's name.
 */
export const REFLECTED = [
  "agent-id", "version-id", "conversation-id", "url", "dialect", "number", "region", "environment", "language", "theme",
  "form", "anchor", "mode", "label", "heading", "logo", "terms", "terms-url", "terms-version", "transcript-view",
  "visualizer", "resume", "caller-name", "caller-number",
];

/** Attributes that are there or not. */
export const SWITCHES = ["auto-start", "show-latency"];

/** What else says the same. @type {Record<string, string[]>} */
const ALIASES = {
  number: ["call-destination-number"],
  "caller-name": ["call-caller-name"],
  "caller-number": ["call-caller-number"],
  language: ["lang"],
  "show-latency": ["show-user-perceived-latency", "show-greeting-latency"],
};

export const OBSERVED = [...REFLECTED, ...SWITCHES, ...Object.values(ALIASES).flat()];

/** @typedef {"icon" | "pill" | "panel" | "inline"} Form */

/** @type {readonly Form[]} */
const FORMS = ["icon", "pill", "panel", "inline"];

/** @param {string} name */
export function camel(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/**
 * @param {Element} element
 * @param {string} name
 */
export function read(element, name) {
  for (const spelling of [name, ...(ALIASES[name] ?? [])]) {
    const value = element.getAttribute(spelling);
    if (value !== null && (value !== "" || SWITCHES.includes(name))) return value;
  }
  return undefined;
}

/**
 * Whether a switch is on: `attr`, `attr="true"`; not `attr="false"`.
 *
 * @param {Element} element
 * @param {string} name
 */
export function isOn(element, name) {
  const value = read(element, name);
  return value !== undefined && value !== "false" && value !== "off";
}

/**
 * One of a few, or the first of them.
 *
 * @template {string} T
 * @param {string | undefined} value
 * @param {readonly T[]} known
 * @returns {T}
 */
export function oneOf(value, known) {
  return known.find((word) => word === value) ?? /** @type {T} */ (known[0]);
}

/** @param {string | undefined} value */
export function readForm(value) {
  return oneOf(value, FORMS);
}

/**
 * Where the widget stands: of the eight anchors the lower end unless it is another. `start` and `end` follow the
 * direction of the language.
 *
 * @param {string | undefined} value
 */
export function readAnchor(value) {
  const words = value?.split(/[-\s]+/) ?? [];
  const across = words.find((word) => ["left", "right", "start", "end"].includes(word));
  const down = words.find((word) => ["top", "bottom"].includes(word));
  if (!across && !down) return { across: "end", down: "bottom" };
  return { across: across ?? "center", down: down ?? "middle" };
}
