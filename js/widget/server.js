// Where the widget calls, as the page says, and how it looks, as the server says.

/** @typedef {import("../agent.js").WidgetSettings} WidgetSettings */
/** @typedef {{ [name in "form" | "theme" | "language" | "visualizer"]?: string | undefined }} Wished */

/** @typedef {Pick<import("./panel.js").Shell, "read" | "given">} Page */

/** @param {Page} page */
export function connection({ read: at, given }) {
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
 * @param {Page} page
 */
export function isKnown({ read, given }) {
  return read("agent-id") !== undefined || given.credentials !== undefined;
}

/**
 * What the server says of the widget as a whole; what the page says itself is stronger.
 *
 * @param {WidgetSettings} settings
 * @returns {Wished}
 */
export function wishes({ audioVisualizer, theme, language, position }) {
  const preset = audioVisualizer?.preset;
  return some({
    theme, language, form: position === "inline" ? "inline" : undefined,
    visualizer: preset && (/bar/i.test(preset) ? "bars" : "orb"),
  });
}

/** Whether the server says something of the looks that this browser knows. @param {WidgetSettings} settings */
export function isStyled({ customStyles = {}, audioVisualizer }) {
  return Object.keys(customStyles).length > 0 || CSS.supports("color", audioVisualizer?.color ?? "");
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
