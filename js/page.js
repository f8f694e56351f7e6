/** @typedef {import("../pkg/offhook.js").PageFact["kind"]} PageFact */

/**
 * Tells what happens to the page that may change whether the gateway can be reached, until the signal aborts.
 *
 * @param {(what: PageFact) => void} tell
 * @param {AbortSignal} signal
 */
export function watchPage(tell, signal) {
  const options = { signal };
  for (const what of /** @type {PageFact[]} */ (["online", "offline"])) addEventListener(what, () => tell(what), options);
  addEventListener("visibilitychange", () => document.hidden || tell("visible"), options);
  // It was asleep in the back-forward cache.
  addEventListener("pageshow", ({ persisted }) => persisted && tell("visible"), options);
  // Not in TypeScript's library: some browsers have none.
  const { connection } = /** @type {{ connection?: EventTarget & { type?: string, effectiveType?: string } }} */ (navigator);
  const kind = () => connection?.type ?? connection?.effectiveType;
  let before = kind();
  const changed = () => {
    // Its estimates of the speed change all the time.
    if (before !== (before = kind())) tell("networkChanged");
  };
  connection?.addEventListener("change", changed, options);
}
