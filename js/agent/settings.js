/** @typedef {import("../agent.js").WidgetSettings} WidgetSettings */

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";
const isFlag = (/** @type {unknown} */ value) => typeof value === "boolean";
const isOneOf = (/** @type {unknown[]} */ ...known) => (/** @type {unknown} */ value) => known.includes(value);
const isPage = (/** @type {unknown} */ value) => typeof value === "string" && /^https:\/\/[^\s]+$/i.test(value);
export const isImage = (/** @type {unknown} */ value) => isPage(value)
  || typeof value === "string" && /^data:image\/[\w.+-]+[;,]/i.test(value);

/** The server's names, ours, and what each may be. @type {[string, keyof WidgetSettings, (value: unknown) => boolean][]} */
const SETTINGS = [
  ["theme", "theme", isOneOf("light", "dark")],
  ["language", "language", isText],
  ["auto_start", "autoStart", isFlag],
  ["show_transcript", "showTranscript", isFlag],
  ["agent_thinking_text", "agentThinkingText", isText],
  ["default_state", "defaultState", isOneOf("collapsed", "expanded")],
  ["position", "position", isText],
  ["start_call_text", "startCallText", isText],
  ["speak_to_interrupt_text", "speakToInterruptText", isText],
  ["logo_icon_url", "logoIconUrl", isImage],
  ["give_feedback_url", "giveFeedbackUrl", isPage],
  ["report_issue_url", "reportIssueUrl", isPage],
  ["view_history_url", "viewHistoryUrl", isPage],
];

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
  for (const [theirs, ours, fits] of SETTINGS) if (fits(sent?.[theirs])) settings[ours] = sent[theirs];
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
