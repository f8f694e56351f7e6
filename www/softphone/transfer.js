import { make, part, setIcon } from "./dom.js";
import { wordsOf } from "./notices.js";
import { partyOf } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 *
 * @typedef {object} Page
 * @property {() => Call[]} others the calls that this one can be joined with
 * @property {(to: string | Call) => void} onTransferred the gateway has agreed
 */

const ALONE = "They go there at once. To ask first, hold this call and make another: then the two can be joined.";
const SEVERAL = "A number: they go there at once. Join: the two talk with each other, without you.";

/** The row in a call's card from which the other party is sent elsewhere. */
export class Transfer {
  #call;
  #page;
  #opener;
  #form;
  #number;
  #joins;
  #problem;

  /**
   * @param {HTMLElement} card
   * @param {Call} call
   * @param {Page} page
   */
  constructor(card, call, page) {
    this.#call = call;
    this.#page = page;
    this.#opener = part(card, "transfer", HTMLButtonElement);
    this.#form = part(card, "transfer-form", HTMLFormElement);
    this.#number = part(card, "transfer-to", HTMLInputElement);
    this.#joins = part(card, "joins", HTMLElement);
    this.#problem = part(card, "transfer-problem", HTMLElement);
    this.#opener.addEventListener("click", () => (this.#form.hidden ? this.#open() : this.#close()));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const to = this.#number.value.trim();
      if (to === "") this.#number.focus();
      else this.#transfer(to);
    });
    this.#form.addEventListener("keydown", (event) => {
      // With a number in it the field is cleared first, as every field is.
      if (event.key !== "Escape" || (event.target === this.#number && this.#number.value !== "")) return;
      event.preventDefault();
      this.#close();
    });
  }

  show() {
    const isUp = this.#call.state === "active" || this.#call.state === "held";
    this.#opener.disabled = !isUp;
    if (this.#form.hidden) return;
    if (!isUp) this.#form.hidden = true;
    this.#opener.setAttribute("aria-expanded", String(isUp));
    this.#showJoins();
  }

  #open() {
    this.#form.hidden = false;
    this.#tell("");
    this.show();
    this.#number.focus();
    this.#form.scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.#form.hidden = true;
    this.#opener.setAttribute("aria-expanded", "false");
    this.#opener.focus();
  }

  #showJoins() {
    const others = this.#page.others();
    const hint = part(this.#form, "transfer-hint", HTMLElement);
    hint.textContent = others.length === 0 ? ALONE : SEVERAL;
    const ids = others.map(({ id }) => id).join();
    // A button that somebody is about to press is not replaced by its like.
    if (this.#joins.dataset.ids === ids) return;
    this.#joins.dataset.ids = ids;
    this.#joins.replaceChildren(...others.map((other) => this.#join(other)));
  }

  /** @param {Call} other */
  #join(other) {
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.classList.add("icon");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    setIcon(use, "join");
    icon.append(use);
    const button = make("button", { type: "button", className: "secondary", testid: "join" }, icon,
      make("span", {}, `Join with ${partyOf(other).name}`));
    button.dataset.callId = other.id;
    button.addEventListener("click", () => this.#transfer(other));
    return button;
  }

  /** @param {string | Call} to */
  async #transfer(to) {
    if (this.#form.getAttribute("aria-busy") === "true") return;
    this.#form.setAttribute("aria-busy", "true");
    this.#tell("");
    try {
      await this.#call.transfer(to);
      this.#page.onTransferred(to);
    } catch (error) {
      const { what, advice } = wordsOf(error);
      this.#tell(`${what} ${advice}`);
    } finally {
      this.#form.removeAttribute("aria-busy");
    }
  }

  /** @param {string} problem */
  #tell(problem) {
    this.#problem.textContent = problem;
    this.#problem.hidden = problem === "";
  }
}
