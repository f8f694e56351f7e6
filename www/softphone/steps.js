import { make } from "./dom.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").CallState} CallState
 */

/** @type {Record<Call["direction"], readonly [CallState, string][]>} */
const STEPS = {
  outbound: [["new", "New"], ["connecting", "Connecting"], ["ringing", "Ringing"], ["active", "Active"]],
  inbound: [["ringing", "Ringing"], ["connecting", "Answering"], ["active", "Active"]],
};

/**
 * A call's way through its states, with the time since it began.
 *
 * A state that never came stays open: FreeSWITCH does not tell of ringing.
 *
 * @param {HTMLElement} root
 * @param {Call} call
 */
export function createSteps(root, call) {
  const began = performance.now();
  const steps = STEPS[call.direction];
  const items = steps.map(([state, name]) => {
    const time = make("span", { className: "step-time" });
    const item = make("li", {}, make("span", { className: "step-name" }, name), time);
    item.dataset.step = state;
    return item;
  });
  root.replaceChildren(...items);
  return { reach };

  /** @param {CallState} state */
  function reach(state) {
    const at = steps.findIndex(([step]) => step === state);
    if (at < 0) return;
    for (const [index, item] of items.entries()) {
      if (index < at && item.dataset.at === undefined) item.dataset.skipped = "";
      if (index === at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
    const item = items[at];
    if (item === undefined || item.dataset.at !== undefined) return;
    const ms = Math.round(performance.now() - began);
    item.dataset.at = String(ms);
    const time = item.lastElementChild;
    if (time && at > 0) time.textContent = ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
  }
}
