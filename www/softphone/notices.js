import { announceUrgently } from "./announce.js";
import { copyOf, part } from "./dom.js";
import { errorWords } from "./words.js";

/** @typedef {import("../../js/index.js").OffhookError} OffhookError */

/** More would push the phone off the screen. */
const MOST = 3;

/**
 * Problems, each with what to do.
 *
 * @param {(kind: "error", text: string) => void} write
 */
export function createNotices(write) {
  const root = part(document, "notices", HTMLElement);
  /** The same error can come from a promise, a call and the client. @type {WeakSet<object>} */
  const shown = new WeakSet();
  return { show, tell, clear };

  /** @param {unknown} error */
  function show(error) {
    if (error instanceof Object) {
      if (shown.has(error)) return;
      shown.add(error);
    }
    const { what, advice, code } = wordsOf(error);
    write("error", `${what} ${advice}${code === "" ? "" : ` (${code})`}`);
    tell(what, advice, code);
  }

  /**
   * @param {string} what
   * @param {string} advice
   * @param {string} [code]
   */
  function tell(what, advice, code = "") {
    announceUrgently(`${what} ${advice}`);
    const same = [...root.children].find((notice) => part(notice, "notice-what", HTMLElement).textContent === what);
    if (same !== undefined) return add(part(same, "notice-advice", HTMLElement), advice);

    const notice = copyOf("notice-template");
    part(notice, "notice-what", HTMLElement).textContent = what;
    part(notice, "notice-advice", HTMLElement).textContent = advice;
    part(notice, "notice-code", HTMLElement).textContent = code;
    part(notice, "dismiss", HTMLButtonElement).addEventListener("click", () => {
      notice.remove();
      root.hidden = root.childElementCount === 0;
    });
    root.prepend(notice);
    while (root.childElementCount > MOST) root.lastElementChild?.remove();
    root.hidden = false;
  }

  function clear() {
    root.replaceChildren();
    root.hidden = true;
  }
}

/**
 * One thing can have several consequences, such as a headset that goes.
 *
 * @param {HTMLElement} line
 * @param {string} advice
 */
function add(line, advice) {
  if (!line.textContent?.includes(advice)) line.textContent += ` ${advice}`;
}

/**
 * @param {unknown} error
 * @returns {{ what: string, advice: string, code: string }}
 */
export function wordsOf(error) {
  if (isOffhookError(error)) return errorWords(error);
  if (isOfTheDevice(error)) {
    return { what: error.message, advice: "Look at the browser's settings for this page.", code: error.name };
  }
  return { what: error instanceof Error ? error.message : String(error), advice: "", code: "" };
}

/**
 * @param {unknown} error
 * @returns {error is OffhookError}
 */
export function isOffhookError(error) {
  return error instanceof Error && error.name === "OffhookError";
}

/**
 * @param {unknown} error
 * @returns {error is DOMException}
 */
function isOfTheDevice(error) {
  return error instanceof DOMException && /^(NotAllowed|NotFound|NotReadable|Overconstrained)Error$/.test(error.name);
}
