import { copyOf, part } from "./dom.js";
import { partyOf } from "./words.js";

/** @typedef {import("../../js/index.js").Call} Call */

/**
 * The card of a call that rings here.
 *
 * @param {Call} call
 * @param {{ onAnswer: () => void, onReject: () => void }} page
 * @returns {{ element: HTMLElement, show: () => void }}
 */
export function createIncoming(call, { onAnswer, onReject }) {
  const card = copyOf("incoming-template");
  const name = part(card, "name", HTMLElement);
  const kicker = part(card, "kicker", HTMLElement);
  card.dataset.callId = call.id;
  name.id = `incoming-${call.id}`;
  kicker.id = `incoming-kicker-${call.id}`;
  card.setAttribute("aria-labelledby", `${kicker.id} ${name.id}`);
  part(card, "answer", HTMLButtonElement).addEventListener("click", onAnswer);
  part(card, "reject", HTMLButtonElement).addEventListener("click", onReject);
  show();
  return { element: card, show };

  function show() {
    const party = partyOf(call);
    card.dataset.state = call.state;
    name.textContent = party.name;
    part(card, "number", HTMLElement).textContent = party.number;
  }
}
