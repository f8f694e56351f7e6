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
  // It writes down what it knows in the schema, which may be frozen.
  const own = JSON.parse(JSON.stringify(schema));
  const { valid, errors } = new Validator(own, "2020-12", false).validate(value);
  if (valid) return undefined;
  // The outer errors only say that there are inner ones.
  const { instanceLocation, error } = errors.at(-1) ?? { instanceLocation: "#", error: "does not fit the schema" };
  return `${instanceLocation}: ${error}`;
}
