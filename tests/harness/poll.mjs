// Waiting for something to be so, with a bound; never for time to pass.

/** Between two looks, in milliseconds: short beside what any test waits for. */
const PAUSE = 50;

/**
 * Looks until `look` returns something true, and returns that. Throws an error that says what was waited for and what
 * was last seen.
 */
export async function until(what, look, { within = 10_000 } = {}) {
  const deadline = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: not so within ${within} ms (last seen: ${JSON.stringify(seen)})`);
    await pause();
  }
}

/** Like `until`, on values that are compared: returns once `look` returns `wanted`. */
export async function untilEqual(what, wanted, look, { within = 10_000 } = {}) {
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
