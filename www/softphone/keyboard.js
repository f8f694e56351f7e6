import { DIGIT } from "./keys.js";

/**
 * The keyboard of the whole page. Fields and controls keep the keys that are theirs.
 *
 * @param {{ isActive: () => boolean, onDigit: (digit: string) => void, onEnter: () => void, onEscape: () => void,
 *   onBackspace: () => void }} page
 */
export function listenToKeys({ isActive, onDigit, onEnter, onEscape, onBackspace }) {
  document.addEventListener("keydown", (event) => {
    if (!isActive() || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    if (key === "Escape" && isText(target) && target.value !== "") {
      // Who is typing means the text, not the call.
      target.value = "";
      target.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
      return;
    }
    const typing = target instanceof HTMLInputElement;
    const choosing = target instanceof HTMLSelectElement;
    const pressing = target instanceof Element && target.matches("button, summary");

    if (key === "Escape" && !choosing && !event.repeat) onEscape();
    else if (typing || choosing) return;
    else if (key === "Enter" && !pressing && !event.repeat) onEnter();
    else if (key === "Backspace") onBackspace();
    else if (DIGIT.test(key)) onDigit(key);
    else return;
    event.preventDefault();
  });
}

/**
 * @param {EventTarget | null} target
 * @returns {target is HTMLInputElement}
 */
function isText(target) {
  return target instanceof HTMLInputElement && /^(text|search|tel)$/.test(target.type);
}
