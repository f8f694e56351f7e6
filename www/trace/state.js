import { make, part } from "../softphone/dom.js";
import { clock, interruptionWords, lasting, waits, wall } from "./words.js";

/**
 * @typedef {import("./model.js").Trace} Trace
 * @typedef {import("./model.js").CallState} CallState
 */

/** How the client and its calls are at a moment. */
export class StatePanel {
  #panel = part(document, "state", HTMLElement);
  #moment = part(document, "moment", HTMLElement);

  /** @param {Trace} trace @param {number} at @param {number} line */
  show(trace, at, line) {
    this.#moment.textContent = `${clock(at)}, ${wall(trace.began, at)}`;
    const state = trace.stateAfter(line);
    if (!state) {
      this.#panel.replaceChildren(hint("There is no client yet."));
      return;
    }
    const session = make("div", { className: "subject" },
      make("h3", { textContent: "Session" }), badge("session", state.session), hint(state.url));
    if (state.waits) {
      const [reason, until] = state.waits;
      const rest = until - at;
      const when = rest > 0 ? `for ${lasting(rest)} more` : "overdue";
      session.append(hint(`Waits for ${waits(reason)}: ${when}`));
    }
    this.#panel.replaceChildren(session, ...state.calls.map((call) => this.#call(trace, call)));
  }

  /** @param {Trace} trace @param {CallState} call */
  #call(trace, call) {
    const name = trace.calls.find(({ id }) => id === call.id)?.name ?? "call";
    const heading = make("h3", { textContent: name });
    heading.dataset.call = trace.colour(call.id);
    const facts = [
      call.direction === "inbound" ? "incoming" : "outgoing",
      ...(call.state === "done" ? [] : [call.mediaConnected ? "audio connected" : "audio not connected"]),
      ...(call.earlyMedia ? ["early media"] : []),
      ...(call.muted ? ["muted"] : []),
    ];
    const subject = make("div", { className: "subject" }, heading, badge("call", call.state), hint(facts.join(", ")));
    if (call.interruption) subject.append(hint(`Because ${interruptionWords(call.interruption)}`));
    if (call.reason) subject.append(hint(`Ended: ${call.reason}`));
    return subject;
  }
}

/** @param {string} of @param {string} state */
function badge(of, state) {
  return make("span", { className: `badge state ${state}`, testid: `${of}-state`, textContent: state });
}

/** @param {string} words */
function hint(words) {
  return make("p", { className: "hint", textContent: words });
}
