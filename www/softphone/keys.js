import { make } from "./dom.js";

const KEYS = [
  ["1", ""], ["2", "ABC"], ["3", "DEF"],
  ["4", "GHI"], ["5", "JKL"], ["6", "MNO"],
  ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"],
  ["*", ""], ["0", "+"], ["#", ""],
];

const SPOKEN = new Map([["*", "star"], ["#", "pound"]]);

/** What the keyboard may send to a call or add to a number. */
export const DIGIT = /^[0-9*#]$/;

/**
 * Fills a key pad.
 *
 * @param {HTMLElement} root
 * @param {string} prefix of each key's test id
 * @param {(digit: string) => void} onPress
 */
export function fillKeys(root, prefix, onPress) {
  root.replaceChildren(...KEYS.map(([digit = "", letters = ""]) => {
    const key = make("button", { type: "button", className: "key", testid: `${prefix}-${digit}` },
      make("span", {}, digit), make("small", {}, letters));
    const spoken = SPOKEN.get(digit);
    if (spoken !== undefined) key.setAttribute("aria-label", spoken);
    key.addEventListener("click", () => onPress(digit));
    // A key clicked must not take the focus: Enter then calls, and does not press the key again.
    key.addEventListener("mousedown", (event) => event.preventDefault());
    return key;
  }));
}

/**
 * Shows a key as pressed that was typed.
 *
 * @param {HTMLElement} root
 * @param {string} prefix
 * @param {string} digit
 */
export function flashKey(root, prefix, digit) {
  const key = root.querySelector(`[data-testid="${prefix}-${digit}"]`);
  if (!key) return;
  key.classList.add("pressed");
  setTimeout(() => key.classList.remove("pressed"), 140);
}
