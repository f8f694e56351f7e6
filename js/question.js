/** How long a person may take to mend the microphone; the core waits for a minute. */
const PATIENCE_MS = 45_000;

/**
 * Asks a person who may say to go on, or to give up; who says neither in time gives up.
 *
 * @param {AbortSignal} over
 */
export function question(over) {
  /** @type {(again: boolean) => void} */
  let settle = () => {};
  /** @type {Promise<boolean>} */
  const answer = new Promise((resolve) => (settle = resolve));
  const [resume, giveUp] = [() => settle(true), () => settle(false)];
  const timer = setTimeout(giveUp, PATIENCE_MS);
  over.addEventListener("abort", giveUp);
  answer.then(() => clearTimeout(timer));
  return { answer, deadline: new Date(Date.now() + PATIENCE_MS), resume, giveUp };
}
