import { OffhookError } from "./offhook-error.js";

export { OffhookError };

/**
 * An option that is wrong, said as the core says it.
 *
 * @param {string} option
 * @param {string} was
 * @param {string} expected
 */
export function wrongOption(option, was, expected) {
  const message = `option \`${option}\` was ${was}, but must be ${expected}`;
  const code = /^(login|password|token)$|^anonymous/.test(option) ? 46002 : 44002;
  return new OffhookError({ message, kind: "misuse", code, fatal: false, option });
}

/**
 * @param {number} code
 * @param {string} message
 */
export function misuse(code, message) {
  return new OffhookError({ message, kind: "misuse", code, fatal: false });
}
