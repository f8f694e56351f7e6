// Where the widget calls, as the page says, and how it looks, as the server says.

/** @typedef {import("../agent.js").WidgetSettings} WidgetSettings */
/** @typedef {{ [name in "form" | "theme" | "language" | "visualizer"]?: string | undefined }} Wished */

import { read } from "./config.js";

/** The custom properties by which a page themes the widget. */
export const TOKENS = [
  "accent", "accent-ink", "surface", "sunken", "ink", "soft", "line", "danger", "bubble", "bubble-ink",
  "orb-from", "orb-to", "font", "font-size", "radius", "shadow", "width", "height", "offset", "z-index",
];

/** Values that could make the browser fetch something. */
const FETCHES = /url|image|src|attr|@|\\/i;

/**
 * @param {Element} element
 * @param {Record<string, any>} given
 */
export function connection(element, given) {
  const at = (/** @type {string} */ name) => read(element, name);
  const targetId = at("agent-id");
  const anonymous = targetId === undefined ? undefined : {
    targetId, ...some({ targetVersionId: at("version-id"), conversationId: at("conversation-id") }),
  };
  const connect = {
    ...some({ url: at("url"), dialect: at("dialect"), region: at("region"), environment: at("environment") }),
    ...(given.credentials ?? some({ anonymous })),
    onReload: at("resume") === "off" ? "hangup" : "resume",
    ...given.connectOptions,
  };
  const call = {
    ...some({ destinationNumber: at("number"), callerName: at("caller-name"), callerNumber: at("caller-number") }),
    ...given.callOptions,
  };
  return { connect, call };
}

/**
 * Whether there is somebody to sign in as.
 *
 * @param {{ element: Element, given: Record<string, any> }} page
 */
export function isKnown({ element, given }) {
  return read(element, "agent-id") !== undefined || given.credentials !== undefined;
}

/**
 * Takes over what the server says of the looks; what the page says itself is stronger. What is left is for the element.
 *
 * @param {WidgetSettings} settings
 * @param {HTMLElement} frame
 * @param {HTMLElement} element
 * @returns {Wished}
 */
export function wishes({ customStyles = {}, audioVisualizer, theme, language, position }, frame, element) {
  const { color = "", preset } = audioVisualizer ?? {};
  // Other names than the browser's are a server's own: what they look like is not known.
  const styles = { ...customStyles, ...(CSS.supports("color", color) && { "orb-from": color }) };
  const said = getComputedStyle(element);
  for (const [name, value] of Object.entries(styles)) {
    const token = name.replace(/^--(?:offhook-)?/, "");
    const property = `--offhook-${token}`;
    const isFree = TOKENS.includes(token) && said.getPropertyValue(property) === "";
    if (isFree && !FETCHES.test(value)) frame.style.setProperty(property, value);
  }
  return some({
    theme, language, form: position === "inline" ? "inline" : undefined,
    visualizer: preset && (/bar/i.test(preset) ? "bars" : "orb"),
  });
}

/**
 * The words that the server has in place of the language's.
 *
 * @param {WidgetSettings | undefined} settings
 * @returns {Record<string, string>}
 */
export function wordsOfServer({ startCallText, agentThinkingText, speakToInterruptText } = {}) {
  return {
    ...(startCallText && { startCall: startCallText }),
    ...(agentThinkingText && { thinking: agentThinkingText }),
    ...(speakToInterruptText && { hintSpeaking: speakToInterruptText }),
  };
}

/**
 * What is there of it.
 *
 * @template {object} T
 * @param {T} fields
 */
function some(fields) {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return /** @type {Partial<T>} */ (Object.fromEntries(there));
}
