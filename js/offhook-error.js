/** @typedef {import("./index.js").ErrorKind} ErrorKind */

import { spell } from "./phrases.js";
import { wording } from "./wording.js";

/** Every failure that Offhook tells of; `OffhookError` in `index.d.ts` has its fields. */
export class OffhookError extends Error {
  /** @param {{ message: string, kind: ErrorKind, code: number, fatal: boolean, [field: string]: any }} fields */
  constructor(fields) {
    const { message, ...others } = wording(fields, spell);
    super(message);
    Object.assign(this, others);
  }
}
Object.defineProperty(OffhookError.prototype, "name", { value: "OffhookError" });
