/** @typedef {import("./index.js").ErrorKind} ErrorKind */

/** Every failure that Offhook tells of; `OffhookError` in `index.d.ts` has its fields. */
export class OffhookError extends Error {
  /** @param {{ message: string, kind: ErrorKind, code: number, fatal: boolean, [field: string]: unknown }} fields */
  constructor({ message, ...fields }) {
    super(message);
    Object.assign(this, fields);
  }
}
Object.defineProperty(OffhookError.prototype, "name", { value: "OffhookError" });
