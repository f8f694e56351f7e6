/** @typedef {import("./panel.js").Shell} Shell */

/** On a telephone the open panel is all there is to see. */
const whole = matchMedia("(max-width: 480px)");

const STOPS = "button:not([disabled]), a[href], input:not([disabled]), select, textarea, [tabindex='0']";

/** Where the keyboard is: into the panel and back to where it came from, and around in it where it covers all. */
export class Focus {
  #box;
  #shell;
  /** Where it was when the panel was opened. @type {HTMLElement | null} */
  #from = null;
  #over = new AbortController();
  #wasInside = false;

  /**
   * @param {HTMLElement} box
   * @param {Shell} shell
   * @param {() => void} escape
   * @param {() => void} changed
   */
  constructor(box, shell, escape, changed) {
    this.#box = box;
    this.#shell = shell;
    const { signal } = this.#over;
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) {
        event.stopPropagation();
        escape();
      } else if (event.key === "Tab") this.#turn(event);
    }, { signal });
    whole.addEventListener("change", changed, { signal });
    box.addEventListener("focusin", () => (this.#wasInside = true), { signal });
    box.addEventListener("focusout", ({ relatedTarget }) => (this.#wasInside = relatedTarget === null), { signal });
    // A keyboard on the screen leaves less of it.
    globalThis.visualViewport?.addEventListener("resize", () => {
      shell.frame.style.setProperty("--seen", `${Math.round(globalThis.visualViewport?.height ?? 0)}px`);
    }, { signal });
  }

  get isInside() {
    return this.#active !== null;
  }

  /** Whether nothing else can be seen, and the keyboard stays here. */
  get isAlone() {
    return whole.matches && this.#shell.frame.dataset.form !== "inline";
  }

  /** @param {boolean} toWrite */
  enter(toWrite) {
    const active = document.activeElement;
    if (!this.isInside) this.#from = active === this.#shell.element ? null : /** @type {HTMLElement | null} */ (active);
    const wanted = toWrite ? "textarea" : ".primary:not([disabled]), .gate button, textarea";
    const target = this.#box.querySelector(wanted) ?? this.#box.querySelector("button");
    /** @type {HTMLElement | null} */ (target)?.focus();
  }

  /** Back to where it was, as far as that is still there. */
  leave() {
    const from = this.#from?.isConnected && this.#from !== document.body ? this.#from : this.#shell.launcher;
    from.focus();
    this.#from = null;
  }

  /** What had the focus may be gone with what is shown: it then stays in the panel, and does not fall to the page. */
  mend() {
    if (!this.#wasInside || this.isInside) return;
    const active = document.activeElement;
    if (active !== null && active !== document.body && active !== this.#shell.element) return;
    /** @type {HTMLElement} */ (this.#box.querySelector(".primary:not([disabled])") ?? this.#box).focus();
  }

  stop() {
    this.#over.abort();
  }

  get #active() {
    const { activeElement } = /** @type {ShadowRoot} */ (this.#shell.frame.getRootNode());
    return activeElement && this.#box.contains(activeElement) ? activeElement : null;
  }

  /** @param {KeyboardEvent} event */
  #turn(event) {
    if (!this.isAlone) return;
    const all = /** @type {HTMLElement[]} */ ([...this.#box.querySelectorAll(STOPS)]);
    const stops = all.filter((stop) => stop.checkVisibility());
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.#active !== edge) return;
    event.preventDefault();
    other?.focus();
  }
}
