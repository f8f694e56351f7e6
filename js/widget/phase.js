/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("../widget.js").WidgetState} Phase */

/**
 * What is shown of a conversation, by where its base stands and what its call and its agent do.
 *
 * @param {Conversation} conversation
 * @param {Phase} base
 * @returns {Phase}
 */
export function phaseOf({ agent, call, client, needed, phase, questions }, base) {
  if (base === "ended" || base === "error" || base === "idle") return base;
  if (needed) return "permission";
  if (!call || !agent) return base;
  if (client?.reconnecting || call.state === "reconnecting" || call.state === "dropped") return "recovering";
  if (call.state === "held") return "waiting";
  if (base === "permission") return base;
  if (questions.length > 0) return "toolRunning";
  // Its end is told at once after this.
  if (agent.state === "ended") return phase;
  return agent.state === "idle" ? "connecting" : agent.state;
}
