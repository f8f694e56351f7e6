/** @typedef {import("../agent.js").WidgetSettings} WidgetSettings */

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";
const isFlag = (/** @type {unknown} */ value) => typeof value === "boolean";
const isOneOf = (/** @type {unknown[]} */ ...known) => (/** @type {unknown} */ value) => known.includes(value);
const isPage = (/** @type {unknown} */ value) => typeof value === "string" && /^https:\/\/[^\s]+$/i.test(value);
export const isImage = (/** @type {unknown} */ value) => isPage(value)
  || typeof value === "string" && /^data:image\/[\w.+-]+[;,]/i.test(value);

/** What each may be. @type {{ [name in keyof WidgetSettings]: (value: unknown) => boolean }} */
const SETTINGS = {
  theme: isOneOf("light", "dark"),
  language: isText,
  autoStart: isFlag,
  showTranscript: isFlag,
  agentThinkingText: isText,
  defaultState: isOneOf("collapsed", "expanded"),
  position: isText,
  startCallText: isText,
  speakToInterruptText: isText,
  logoIconUrl: isImage,
  giveFeedbackUrl: isPage,
  reportIssueUrl: isPage,
  viewHistoryUrl: isPage,
};

/**
 * What a server says of how a widget shall be. What is odd is left out: an address that runs code must never get into a
 * page.
 *
 * @param {any} sent
 * @returns {WidgetSettings}
 */
export function readSettings(sent) {
  /** @type {Record<string, unknown>} */
  const settings = {};
  for (const [name, fits] of Object.entries(SETTINGS)) {
    // The server's names are in snake case.
    const value = sent?.[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
    if (fits(value)) settings[name] = value;
  }
  const styles = texts(sent?.custom_styles);
  if (styles) settings["customStyles"] = styles;
  const visualizer = texts(sent?.audio_visualizer_config);
  if (visualizer) settings["audioVisualizer"] = visualizer;
  return Object.freeze(settings);
}

/** The members that are text. @param {unknown} sent */
function texts(sent) {
  if (typeof sent !== "object" || sent === null) return undefined;
  return Object.freeze(Object.fromEntries(Object.entries(sent).filter(([, value]) => isText(value))));
}
