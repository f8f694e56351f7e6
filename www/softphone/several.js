import { isUp } from "./card.js";
import { announce } from "./announce.js";
import { part, setIcon } from "./dom.js";
import { partyOf } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/control.js").CallControl} CallControl
 * @typedef {import("../../js/control.js").Conference} Conference
 *
 * @typedef {object} Page
 * @property {() => CallControl | undefined} control
 * @property {() => boolean} isExclusive
 * @property {() => void} onGone the bar is gone, and had the focus
 * @property {(error: unknown) => void} onError
 */

/** The bar over two calls: who is talked to, swap, conference. */
export class Several {
  #bar = part(document, "several", HTMLElement);
  #swap = part(document, "swap", HTMLButtonElement);
  #conference = part(document, "conference", HTMLButtonElement);
  #page;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#onClick(this.#swap, (control) => control.swap());
    this.#onClick(this.#conference, (control) => this.#toggleConference(control));
  }

  show() {
    const control = this.#page.control();
    const calls = control === undefined ? [] : upOf(control);
    const conference = control?.currentConference;
    const hadFocus = this.#bar.contains(document.activeElement);
    this.#bar.hidden = calls.length < 2;
    if (control === undefined || this.#bar.hidden) {
      if (hadFocus) this.#page.onGone();
      return;
    }
    this.#bar.dataset.conference = String(conference !== undefined);
    part(this.#bar, "several-words", HTMLElement).textContent = wordsOf(control);
    this.#swap.disabled = conference !== undefined || control.held.length === 0;
    const isIn = conference !== undefined;
    part(this.#conference, "conference-words", HTMLElement).textContent = isIn ? "Leave conference" : "Conference";
    setIcon(part(this.#conference, "conference-icon", SVGUseElement), isIn ? "close" : "people");
  }

  /** @param {CallControl} control */
  async #toggleConference(control) {
    const { currentConference: conference } = control;
    if (conference !== undefined) return this.#leave(control, conference);
    const [one, other] = upOf(control);
    if (one === undefined || other === undefined) return;
    await control.conference(one, other);
    announce(`Conference with ${partyOf(one).name} and ${partyOf(other).name}`);
  }

  /**
   * Both would be talked in at once: the second of them waits.
   *
   * @param {CallControl} control
   * @param {Conference} conference
   */
  async #leave(control, conference) {
    const [, other] = conference.calls;
    if (this.#page.isExclusive() && other !== undefined && other.state === "active") {
      const { error } = await control.request([{ type: "setHeld", call: other, held: true }]);
      if (error) throw error;
    }
    await conference.leave();
    announce("You have left the conference");
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {(control: CallControl) => void | Promise<void>} what
   */
  #onClick(button, what) {
    button.addEventListener("click", async () => {
      const control = this.#page.control();
      if (control === undefined || button.getAttribute("aria-busy") === "true") return;
      button.setAttribute("aria-busy", "true");
      try {
        await what(control);
      } catch (error) {
        this.#page.onError(error);
      }
      button.removeAttribute("aria-busy");
    });
  }
}

/** Those that were answered: who is talked to first, then who was held last. @param {CallControl} control */
function upOf({ active, calls, held }) {
  const talked = calls.filter((call) => call !== active && !held.includes(call));
  return [...(active === undefined ? [] : [active]), ...talked, ...held].filter(isUp);
}

/** @param {CallControl} control */
function wordsOf({ currentConference: conference, active, held }) {
  if (conference !== undefined) return `Conference: you, ${namesOf(conference.calls)} hear each other.`;
  const waiting = held.length === 0 ? "" : `${namesOf(held)} on hold.`;
  return active === undefined ? waiting : `Talking to ${partyOf(active).name}. ${waiting}`;
}

/** @param {readonly Call[]} calls */
function namesOf(calls) {
  return calls.map((call) => partyOf(call).name).join(" and ");
}
