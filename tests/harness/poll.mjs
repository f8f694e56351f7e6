// Waiting for something to be so, with a bound; never for time to pass.

/** Between two looks, in milliseconds: short beside what any test waits for. */
const PAUSE = 50;

/** How long anything may take that takes a moment, in milliseconds: a slow machine with two browsers needs many. */
const PATIENCE = 30_000;

/**
 * Looks until `look` returns something true, and returns that. Throws an error that says what was waited for and what
 * was last seen: the last look begins after `within` milliseconds, however long each of them takes.
 */
export async function until(what, look, { within = PATIENCE } = {}) {
  const deadline = performance.now() + within;
  for (;;) {
    const isLast = performance.now() > deadline;
    const seen = await look();
    if (seen) return seen;
    if (isLast) throw new Error(`${what}: not so within ${within} ms (last seen: ${JSON.stringify(seen)})`);
    await pause();
  }
}

/** Like `until`, on values that are compared: returns once `look` returns `wanted`. */
export async function untilEqual(what, wanted, look, { within = PATIENCE } = {}) {
  let seen;
  try {
    await until(what, async () => (seen = await look()) === wanted, { within });
  } catch (error) {
    throw new Error(`${what}: wanted ${JSON.stringify(wanted)}, saw ${JSON.stringify(seen)} (${error.message})`);
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}
