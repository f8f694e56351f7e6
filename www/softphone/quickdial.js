import { make, part } from "./dom.js";
import { FIRST_NUMBERS, ring, TEST_NUMBERS, TEST_USER } from "./gateway.js";

/**
 * The gateway's test numbers, and "ring me".
 *
 * @param {{ onCall: (destination: string | undefined) => void, onError: (error: unknown) => void,
 *   write: (kind: "session", text: string) => void }} page
 */
export function createQuickDial({ onCall, onError, write }) {
  const panel = part(document, "test-numbers", HTMLElement);
  const ringMe = part(document, "ring-me", HTMLButtonElement);
  const quick = part(document, "quick", HTMLElement);
  const more = part(document, "quick-more", HTMLElement);
  let user = "";

  ringMe.addEventListener("click", async () => {
    ringMe.disabled = true;
    try {
      await ring(user);
      write("session", `Asked the gateway to ring ${user}`);
    } catch (error) {
      onError(error);
    } finally {
      ringMe.disabled = false;
    }
  });
  return { show, hide };

  /**
   * @param {string} me
   * @param {{ welcome: boolean }} options whether a call without a number is answered
   */
  function show(me, { welcome }) {
    user = me;
    const others = TEST_NUMBERS.filter(({ number }) => number !== me);
    const isListed = others.length < TEST_NUMBERS.length;
    if (isListed) others.splice(FIRST_NUMBERS - 1, 0, { number: TEST_USER, does: "Another user" });
    quick.replaceChildren(...others.slice(0, FIRST_NUMBERS).map(entry));
    more.replaceChildren(...others.slice(FIRST_NUMBERS).map(entry));
    if (welcome) more.append(entry({ number: "", does: "No number: a welcome" }));
    panel.hidden = false;
  }

  function hide() {
    panel.hidden = true;
  }

  /** @param {{ number: string, does: string }} entry */
  function entry({ number, does }) {
    const testid = `dial-${number === "" ? "welcome" : number}`;
    const button = make("button", { type: "button", className: "quick-number", testid },
      make("b", {}, number === "" ? "–" : number), make("span", {}, does));
    button.addEventListener("click", () => onCall(number === "" ? undefined : number));
    return make("li", {}, button);
  }
}
