// In place of what judges options (`options.js`), in the widget: what it says itself is as it must be. What a page says is
// judged by the same, which is loaded then.

import { late } from "../late.js";
import { takeAnswerOptions, takeCallOptions, takeConnectOptions, takeListenOptions } from "../taken.js";

/** @typedef {typeof import("./judge.js")} Judge */

/** @type {Judge | undefined} */
let judge;

/** Has what is given from here on judged. */
export async function loadJudge() {
  judge ??= await late("widget/judge.js", () => import("./judge.js"));
}

export const readConnectOptions = judged("readConnectOptions", takeConnectOptions);
export const readCallOptions = judged("readCallOptions", (given) => takeCallOptions(given ?? {}));
export const readAnswerOptions = judged("readAnswerOptions", (given) => takeAnswerOptions(given ?? {}));
export const readListenOptions = judged("readListenOptions", (given) => takeListenOptions(given ?? {}));
export const readPreloadOptions = judged("readPreloadOptions", (given) => given?.wasmUrl);
export const readDevice = judged("readDevice", (device) => device ?? undefined);
export const kind = judged("kind", String);
export const [secret, object, readText, readFunction, readConstraints] = /** @type {const} */ ([
  "secret", "object", "readText", "readFunction", "readConstraints",
]).map((name) => judged(name, (_, value) => value));
export const [
  checkAgentOptions, checkContext, checkFormat, checkListener, checkMessage, checkTool, checkVolume,
] = /** @type {const} */ ([
  "checkAgentOptions", "checkContext", "checkFormat", "checkListener", "checkMessage", "checkTool", "checkVolume",
]).map((name) => judged(name, () => {}));

/**
 * @param {keyof Judge} name
 * @param {(...given: any[]) => any} otherwise
 * @returns {(...given: any[]) => any}
 */
function judged(name, otherwise) {
  return (...given) => /** @type {any} */ (judge?.[name] ?? otherwise)(...given);
}
