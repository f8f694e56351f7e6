import { part } from "./dom.js";
import { fillKeys, flashKey } from "./keys.js";

/**
 * The field and the keys for a destination.
 *
 * @param {{ onCall: (destination: string) => void, onPress: (digit: string) => void, onEmpty: () => boolean }} page
 *   `onEmpty` tells whether it found something else to do
 */
export function createDialpad({ onCall, onPress, onEmpty }) {
  const form = part(document, "dial-form", HTMLFormElement);
  const field = part(document, "destination", HTMLInputElement);
  const erase = part(document, "backspace", HTMLButtonElement);
  const keys = part(document, "keys", HTMLElement);
  const hint = part(document, "dial-hint", HTMLElement);
  const usual = [...hint.childNodes];

  fillKeys(keys, "key", press);
  field.addEventListener("input", changed);
  erase.addEventListener("click", () => {
    backspace();
    if (field.value === "") field.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dial();
  });
  changed();
  return { press, backspace, dial, clear, fill, focus: () => field.focus(), isEmpty: () => field.value.trim() === "" };

  /** @param {string} digit */
  function press(digit) {
    field.value += digit;
    flashKey(keys, "key", digit);
    onPress(digit);
    changed();
    field.scrollLeft = field.scrollWidth;
  }

  function backspace() {
    field.value = field.value.slice(0, -1);
    changed();
  }

  function clear() {
    field.value = "";
    changed();
  }

  /** @param {string} destination */
  function fill(destination) {
    field.value = destination;
    changed();
    field.focus();
  }

  function dial() {
    const destination = field.value.trim();
    if (destination === "" && onEmpty()) return;
    if (destination === "") {
      field.setAttribute("aria-invalid", "true");
      hint.textContent = "Type a number, a user or a SIP URI first.";
      field.focus();
      return;
    }
    clear();
    onCall(destination);
  }

  function changed() {
    erase.hidden = field.value === "";
    field.classList.toggle("long", field.value.length > 12);
    field.classList.toggle("longer", field.value.length > 20);
    field.removeAttribute("aria-invalid");
    hint.replaceChildren(...usual);
  }
}
