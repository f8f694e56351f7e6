import { createCallControl } from "../js/control.js";
import { part } from "./dom.js";
import { partyOf, warningWords } from "./words.js";
import { store } from "./store.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/control.js").CallControl} CallControl
 * @typedef {import("../../js/control.js").SecondCallPolicy} SecondCallPolicy
 *
 * @typedef {object} Page
 * @property {(call: Call) => void} onRing a call waits for the person
 * @property {() => void} onChange there are other calls, or they stand otherwise
 * @property {(call: Call, words: string) => void} onRejected nobody was asked about it
 * @property {(what: string, advice: string) => void} onWarning
 * @property {(kind: "call" | "warning", text: string) => void} write
 */

/** One is talked in, one is asked meanwhile, and two more can wait. */
const MAXIMUM_CALLS = 4;

/** Which of several calls is talked in, as the person has chosen. */
export class Order {
  #policy = part(document, "second-call", HTMLSelectElement);
  #exclusive = part(document, "exclusive", HTMLInputElement);
  #resumes = part(document, "resume-held", HTMLInputElement);
  #page;
  /** @type {Client | undefined} */
  #client;
  /** @type {CallControl | undefined} */
  #control;
  /** Whether the control in force was made with other choices. */
  #isOld = false;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    const { policy, exclusive, resumes } = remembered();
    this.#policy.value = policy;
    // A policy that this page does not know.
    if (this.#policy.selectedIndex < 0) this.#policy.value = "ring";
    this.#exclusive.checked = exclusive;
    this.#resumes.checked = resumes;
    for (const choice of [this.#policy, this.#exclusive, this.#resumes]) {
      choice.addEventListener("change", () => {
        this.#remember();
        this.#isOld = true;
        this.#renew();
      });
    }
  }

  /** While somebody is signed in. */
  get control() {
    return this.#control;
  }

  /** Whether only one call is talked in at a time. */
  get isExclusive() {
    return this.#exclusive.checked;
  }

  /** @param {Client} client */
  attach(client) {
    this.#client = client;
    this.#begin(client);
    client.on("callEnded", () => this.#renew());
  }

  detach() {
    this.#control?.[Symbol.dispose]();
    this.#control = undefined;
    this.#client = undefined;
  }

  /** With a call up, another control would not know whom this one holds. */
  #renew() {
    const client = this.#client;
    if (!this.#isOld || client === undefined || client.calls.some(({ state }) => state !== "done")) return;
    this.#control?.[Symbol.dispose]();
    this.#begin(client);
  }

  /** @param {Client} client */
  #begin(client) {
    this.#isOld = false;
    const control = createCallControl(client, {
      // Asked call by call, so that a choice holds for the next one.
      onSecondCall: () => /** @type {SecondCallPolicy} */ (this.#policy.value),
      maximumCalls: MAXIMUM_CALLS,
      exclusive: this.#exclusive.checked,
      resumeHeld: this.#resumes.checked,
    });
    this.#control = control;
    control.on("incomingCall", ({ call }) => this.#page.onRing(call));
    control.on("changed", this.#page.onChange);
    control.on("rejected", ({ call, reason }) => {
      const words = reason === "policy" ? "Rejected as busy: you were in a call" : "Rejected as busy: too many calls";
      this.#page.onRejected(call, words);
      this.#page.write("call", `${partyOf(call).name}: ${words}`);
    });
    control.on("warning", (warning) => {
      const { what, advice } = warningWords(warning);
      this.#page.write("warning", `${what} ${advice}`);
      this.#page.onWarning(what, advice);
    });
  }

  #remember() {
    const [policy, exclusive, resumes] = [this.#policy.value, this.#exclusive.checked, this.#resumes.checked];
    store.set("order", JSON.stringify({ policy, exclusive, resumes }));
  }
}

/** What was chosen the last time; nothing of it is trusted. */
function remembered() {
  try {
    const { policy, exclusive, resumes } = JSON.parse(store.get("order") ?? "{}");
    return { policy: String(policy ?? "ring"), exclusive: exclusive !== false, resumes: resumes !== false };
  } catch {
    return { policy: "ring", exclusive: true, resumes: true };
  }
}
