import { make, part } from "./dom.js";
import { store } from "./store.js";

/** @typedef {import("../../js/index.js").Region} Region */

/** @type {readonly [Region, string][]} */
const REGIONS = [
  ["auto", "Auto (nearest)"],
  ["us-east", "US East"],
  ["us-central", "US Central"],
  ["us-west", "US West"],
  ["ca-central", "Canada Central"],
  ["eu", "Europe"],
  ["apac", "Asia Pacific"],
  ["south-asia", "South Asia"],
];

/**
 * The Telnyx region menu. There is one: it moves between the sign-in form, where it can be changed, and the session,
 * where it tells what is in use.
 */
export function createRegion() {
  const field = part(document, "region-field", HTMLElement);
  const menu = part(document, "region", HTMLSelectElement);
  const hint = part(document, "region-hint", HTMLElement);
  const inForm = part(document, "region-in-form", HTMLElement);
  const inSession = part(document, "region-in-session", HTMLElement);

  menu.append(...REGIONS.map(([value, name]) => make("option", { value }, name)));
  const remembered = store.get("region");
  /** What a person chose; while signed in the menu shows what is in use. */
  let choice = REGIONS.find(([value]) => value === remembered)?.[0] ?? "auto";
  menu.addEventListener("change", () => {
    choice = chosen();
    store.set("region", choice);
  });
  unlock();
  return { chosen, lockForConnecting, lockInUse, unlock };

  /** @returns {Region} */
  function chosen() {
    return REGIONS.find(([value]) => value === menu.value)?.[0] ?? "auto";
  }

  function lockForConnecting() {
    menu.disabled = true;
    hint.textContent = "Locked while connecting.";
  }

  /**
   * @param {Region} region
   * @param {readonly (string | undefined)[]} [serving] what serves the session, as the gateway names it
   */
  function lockInUse(region, serving = []) {
    inSession.append(field);
    menu.value = region;
    menu.disabled = true;
    const name = REGIONS.find(([value]) => value === region)?.[1] ?? region;
    const names = serving.filter((name) => name !== undefined);
    const by = names.length > 0 ? `, served by ${names.join(", ")}` : "";
    hint.textContent = `In use: ${name}${by}. Locked while signed in or in a call: sign out to change it.`;
  }

  function unlock() {
    inForm.append(field);
    menu.value = choice;
    menu.disabled = false;
    hint.textContent = "Where your calls enter Telnyx's network.";
  }
}
