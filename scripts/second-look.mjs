// A test in a real browser waits in real time, on a machine that other tests are using. One that fails is asked once
// more, alone: if it fails then, it has failed; if it holds, it is unsteady, and that is told with the reason why.

import { relative } from "node:path";
import { ROOT, say } from "./process.mjs";

/** Where more files than that have failed, it is no accident. */
const MOST_FILES = 4;

/**
 * Runs the files once more in which something failed, and changes what the ring came to.
 *
 * @param {{ name: string, again?: (file: string) => Promise<{ passed: number, failed: number }> }} ring
 * @param {{ passed: number, failed: number, problems: string[], failures: { file?: string }[], unsteady: object[] }} result
 */
export async function lookAgain({ name, again }, result) {
  const files = [...new Set(result.failures.map(({ file }) => file))];
  if (!again || result.problems.length > 0 || files.includes(undefined) || files.length > MOST_FILES) return;
  const tests = result.passed + result.failed;
  for (const file of files) {
    say(`${name}: once more, alone: ${relative(ROOT, file)}`);
    const { passed, failed } = await again(file);
    if (failed > 0 || passed === 0) continue;
    result.unsteady.push(...result.failures.filter((failure) => failure.file === file));
    result.failures = result.failures.filter((failure) => failure.file !== file);
  }
  result.failed = result.failures.length === 0 ? 0 : Math.max(1, result.failed - result.unsteady.length);
  result.passed = tests - result.failed;
}
