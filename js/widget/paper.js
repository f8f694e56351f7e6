// What stays of a conversation: on paper, and where the server sends people on.

/** @typedef {import("./language.js").Texts} Texts */
/** @typedef {import("./conversation.js").Conversation} Conversation */

import { wordy } from "./button.js";
import { clockTime } from "./clock.js";
import { copy } from "./clipboard.js";
import { h } from "./dom.js";
import { COPY, DOWNLOAD } from "./icons.js";
import { web } from "./web.js";

/**
 * @param {Conversation} conversation
 * @param {Texts} t
 * @param {string} language
 */
export function papers({ items }, t, language) {
  const text = () => items.map((item) => line(item, t, language)).filter(Boolean).join("\n");
  return h("div", { class: "row", key: "papers" },
    wordy("copy", "secondary small", t.copy, () => copy(text()), COPY),
    wordy("download", "secondary small", t.save, () => save(text()), DOWNLOAD));
}

/**
 * @param {Conversation} conversation
 * @param {Texts} t
 */
export function links({ agent }, t) {
  const { giveFeedbackUrl, reportIssueUrl, viewHistoryUrl } = agent?.settings ?? {};
  const all = [[giveFeedbackUrl, t.feedbackPage], [reportIssueUrl, t.reportPage], [viewHistoryUrl, t.historyPage]];
  const known = all.filter(([url]) => url && web(url));
  return known.length > 0 && h("ul", { class: "links", key: "links" }, known.map(([url, words]) => {
    return h("li", { key: url }, h("a", { href: web(url ?? ""), target: "_blank", rel: "noopener noreferrer" }, words));
  }));
}

/**
 * When, who and what, as far as it was heard.
 *
 * @param {import("../agent.js").TranscriptItem} item
 * @param {Texts} t
 * @param {string} language
 */
function line({ role, text, images, unheardFrom, at }, t, language) {
  const words = [...images.map(() => `[${t.image}]`), text.slice(0, unheardFrom).trim()].filter(Boolean).join(" ");
  return words && `${clockTime(at, language)} ${role === "user" ? t.you : t.assistant}: ${words}`;
}

/** Has the browser save it, as if it came from a server. @param {string} text */
function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `conversation-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
