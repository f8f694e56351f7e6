/** Loaded only where tools have a schema: most pages have none. */

import { Validator } from "../pkg/json-schema.js";

/**
 * What does not fit, in words that an agent understands; nothing where all does.
 *
 * @param {object} schema
 * @param {unknown} value
 * @returns {string | undefined}
 */
export function complaint(schema, value) {
  const { valid, errors } = new Validator(/** @type {any} */ (schema), "2020-12", false).validate(value);
  if (valid) return undefined;
  // The outer errors only say that there are inner ones.
  const { instanceLocation, error } = errors.at(-1) ?? { instanceLocation: "#", error: "does not fit the schema" };
  return `${instanceLocation}: ${error}`;
}
