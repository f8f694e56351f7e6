import { make, part } from "../softphone/dom.js";
import { clock } from "./words.js";

/** @typedef {import("./model.js").Trace} Trace */

const STATES = {
  call: ["active", "held", "ringing", "connecting", "reconnecting", "dropped", "done", "new"],
  session: ["ready", "reconnecting", "connecting", "closed", "closing", "new"],
};

/** A replay of a long recording takes a while: not at every letter. */
const QUIET = 350;

/** What somebody expects of a moment: together with the recording, a test. */
export class Expectation {
  #form = part(document, "expect", HTMLFormElement);
  #from = part(document, "expect-from", HTMLElement);
  #who = part(document, "expect-who", HTMLSelectElement);
  #verb = part(document, "expect-verb", HTMLSelectElement);
  #state = part(document, "expect-state", HTMLSelectElement);
  #joint = part(document, "expect-joint", HTMLElement);
  #within = part(document, "expect-within", HTMLInputElement);
  #verdict = part(document, "verdict", HTMLElement);
  #name = part(document, "expect-name", HTMLInputElement);
  /** @type {Trace | undefined} */
  #trace;
  #at = 0;
  #timer = 0;

  constructor() {
    this.#who.addEventListener("change", () => this.#offerStates());
    for (const field of [this.#who, this.#verb, this.#state, this.#within]) {
      field.addEventListener("input", () => this.#later());
    }
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#export();
    });
  }

  /** @param {Trace} trace */
  show(trace) {
    this.#trace = trace;
    const calls = trace.calls.map(({ id, name }) => ({ value: id, textContent: `call ${name}` }));
    const who = [...calls, { value: "", textContent: "the session" }];
    this.#who.replaceChildren(...who.map((option) => make("option", option)));
    this.#name.value = "";
    this.#offerStates();
  }

  /** The moment from which on it is expected. @param {number} at */
  moveTo(at) {
    this.#at = at;
    this.#from.textContent = clock(at);
    this.#later();
  }

  #offerStates() {
    const states = this.#who.value === "" ? STATES.session : STATES.call;
    this.#state.replaceChildren(...states.map((value) => make("option", { value, textContent: value })));
  }

  #later() {
    this.#joint.textContent = this.#verb.value === "stays" ? "for" : "within";
    this.#verdict.dataset.state = "asked";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#judge(), QUIET);
  }

  #line() {
    const within = this.#within.valueAsNumber;
    if (!this.#trace || !(within >= 0 && within <= 3600)) return undefined;
    return this.#trace.expectation({
      at: this.#at, call: this.#who.value, verb: this.#verb.value, state: this.#state.value, within,
    });
  }

  /** Says what the test would say: one that holds already shows no defect. */
  #judge() {
    const line = this.#line();
    const found = line && this.#trace?.check(line);
    if (!found) {
      this.#verdict.dataset.state = "bad";
      this.#verdict.textContent = "Seconds from 0 to 3600.";
      return;
    }
    const was = found.words.split(": it was ").at(-1);
    this.#verdict.dataset.state = found.met ? "holds" : "fails";
    const words = found.met ? "Holds already" : "Fails, as a test of a defect should";
    this.#verdict.textContent = `${words}. It was ${was}.`;
  }

  #export() {
    const line = this.#line();
    if (!line || !this.#trace) {
      this.#within.focus();
      return;
    }
    const text = `${this.#trace.text.trimEnd()}\n${line}\n`;
    const name = this.#name.value.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    save(new Blob([text], { type: "application/x-ndjson" }), `${name || "what-should-have-been"}.trace`);
  }
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  // Once the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
