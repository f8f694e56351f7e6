import { copyOf, make, part, setIcon } from "./dom.js";
import { causeWords, duration, partyOf, reasonWords } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").Termination} Termination
 * @typedef {import("../../js/index.js").OffhookError} OffhookError
 */

/** Calls of this visit that are kept in view. */
const MOST = 20;

/**
 * The calls that have ended, newest first.
 *
 * @param {{ onCall: (destination: string | undefined) => void }} page
 */
export function createRecent({ onCall }) {
  const panel = part(document, "recent", HTMLElement);
  const list = part(document, "recent-list", HTMLElement);
  part(document, "clear-recent", HTMLButtonElement).addEventListener("click", () => {
    list.replaceChildren();
    panel.hidden = true;
  });
  return { add };

  /**
   * @param {Call} call
   * @param {Termination} reason
   * @param {{ fault: OffhookError | undefined, transferred: string | undefined }} how what failed on this side, or where
   *   it went
   * @returns {string} why it ended, in words
   */
  function add(call, reason, { fault, transferred }) {
    const since = call.connectedAt ?? call.answeredAt;
    const words = transferred ?? reasonWords(call, reason, { answered: since !== undefined, fault });
    const { name } = partyOf(call);
    const back = call.direction === "outbound" ? call.destinationNumber : call.remoteNumber;
    const now = new Date();

    const entry = copyOf("ended-template");
    entry.dataset.callId = call.id;
    entry.dataset.by = reason.by;
    entry.dataset.missed = String(call.direction === "inbound" && since === undefined && reason.by !== "local");
    setIcon(part(entry, "direction-icon", SVGUseElement), call.direction);
    const preposition = call.direction === "inbound" ? "From " : "To ";
    part(entry, "name", HTMLElement).replaceChildren(make("span", { className: "unseen" }, preposition), name);
    part(entry, "reason", HTMLElement).textContent = words;
    part(entry, "cause", HTMLElement).textContent = causeWords(reason);
    const length = since === undefined ? "" : duration(now.getTime() - since.getTime());
    part(entry, "timer", HTMLElement).textContent = length;
    const at = part(entry, "ended-at", HTMLTimeElement);
    at.dateTime = now.toISOString();
    at.textContent = now.toTimeString().slice(0, 5);
    const redial = part(entry, "redial", HTMLButtonElement);
    redial.setAttribute("aria-label", `Call ${name} again`);
    redial.hidden = back === undefined && call.direction === "inbound";
    redial.addEventListener("click", () => onCall(back));
    list.prepend(entry);
    while (list.childElementCount > MOST) list.lastElementChild?.remove();
    panel.hidden = false;
    return words;
  }
}
