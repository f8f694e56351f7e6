import { make, part } from "./dom.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {"signed-out" | "connecting" | "ready" | "reconnecting" | "lost"} State
 */

const DIALECTS = { freeswitch: "FreeSWITCH", telnyx: "Telnyx" };

/** What of a session's id is enough to tell it from another. */
const SHORT = 8;

/**
 * @param {State} state
 * @param {string} words
 * @param {readonly string[]} [more]
 */
export function showStatus(state, words, more = []) {
  const line = part(document, "status", HTMLElement);
  line.dataset.state = state;
  line.replaceChildren(make("span", { className: "status-words" }, words),
    ...more.map((fact) => ` · ${fact}`));
}

/**
 * The status line and the facts of the session.
 *
 * @param {Client} client
 * @param {string} user
 */
export function showReady(client, user) {
  const dialect = DIALECTS[client.dialect];
  const region = client.dialect === "telnyx" ? [`region ${client.region}`] : [];
  const sessid = client.sessid ?? "";
  showStatus("ready", user === "" ? "Connected" : `Connected as ${user}`,
    [dialect, ...region, `session ${sessid.slice(0, SHORT)}`]);
  /** @type {[string, string, string][]} */
  const facts = [["User", user === "" ? "from the token" : user, "fact-user"], ["Gateway", client.url, "fact-url"],
    ["Dialect", dialect, "fact-dialect"], ["Session", sessid, "sessid"]];
  part(document, "session-facts", HTMLElement).replaceChildren(...facts.flatMap(([name, value, testid]) =>
    [make("dt", {}, name), make("dd", { testid }, value)]));
}
