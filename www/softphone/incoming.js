import { copyOf, part } from "./dom.js";
import { partyOf } from "./words.js";

/**
 * What the person is at when somebody calls.
 *
 * - `free`: nobody would have to make way
 * - `talking`: who is talked to can be put on hold
 * - `calling`: a call is being set up, which cannot be held
 *
 * @typedef {"free" | "talking" | "calling"} Busy
 *
 * @typedef {import("../../js/index.js").Call} Call
 */

/**
 * The card of a call that rings here.
 *
 * @param {Call} call
 * @param {{ onAnswer: () => void, onEndAndAnswer: () => void, onReject: () => void }} page
 * @returns {{ element: HTMLElement, show: (busy: Busy) => void, answer: () => void }}
 */
export function createIncoming(call, { onAnswer, onEndAndAnswer, onReject }) {
  const card = copyOf("incoming-template");
  const name = part(card, "name", HTMLElement);
  const kicker = part(card, "kicker", HTMLElement);
  const answer = part(card, "answer", HTMLButtonElement);
  const endAndAnswer = part(card, "end-and-answer", HTMLButtonElement);
  card.dataset.callId = call.id;
  name.id = `incoming-${call.id}`;
  kicker.id = `incoming-kicker-${call.id}`;
  card.setAttribute("aria-labelledby", `${kicker.id} ${name.id}`);
  answer.addEventListener("click", onAnswer);
  endAndAnswer.addEventListener("click", onEndAndAnswer);
  part(card, "reject", HTMLButtonElement).addEventListener("click", onReject);
  // What a disabled button does not do, a key does not do either.
  return { element: card, show, answer: () => answer.click() };

  /** @param {Busy} busy */
  function show(busy) {
    const party = partyOf(call);
    card.dataset.state = call.state;
    card.dataset.busy = busy;
    name.textContent = party.name;
    part(card, "number", HTMLElement).textContent = party.number;
    kicker.textContent = busy === "free" ? "Incoming call" : "Another call";
    part(card, "answer-words", HTMLElement).textContent = busy === "free" ? "Answer" : "Hold & answer";
    answer.disabled = busy === "calling";
    answer.title = busy === "calling" ? "A call that is being set up cannot be held" : "";
    endAndAnswer.hidden = busy === "free";
  }
}
