// What a run of tests came to: how many passed and failed, and why.

/** What `cargo test` and the browser runner say alike, one line for each test binary. */
export function rustCounts(code, output) {
  const failures = [...output.matchAll(/^-{4} (\S+) (?:stdout|output) -{4}\n([^]*?)(?=^-{4} |^failures:)/gm)]
    .map(([, name, message]) => ({ name, message: message.trim() }));
  const result = { passed: 0, failed: 0, failures };
  for (const [, passed, failed, ignored] of output.matchAll(/^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    result.passed += Number(passed);
    // A test that was left out did not hold.
    result.failed += Number(failed) + Number(ignored);
  }
  return withCode(code, result);
}

/** What the reporter wrote. */
export function nodeCounts(code, found) {
  const lines = found.split("\n").filter(Boolean).map((text) => JSON.parse(text));
  const count = (wanted) => lines.find(({ word }) => word === wanted)?.count ?? 0;
  return withCode(code, {
    passed: count("pass"),
    // A test that was skipped or cancelled did not hold.
    failed: count("fail") + count("cancelled") + count("skipped") + count("todo"),
    failures: lines.flatMap(({ failure }) => failure ?? []),
  });
}

/** A program that failed without counting a failure still failed. */
function withCode(code, result) {
  return code === 0 || result.failed > 0 ? result : { ...result, failed: 1, problems: [`ended with ${code}`] };
}
