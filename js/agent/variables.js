import { object, readText } from "../options.js";

/**
 * Under which names an assistant finds a call's headers: Telnyx makes them lower-case, with underscores and without `X-`.
 *
 * @param {Record<string, string>} headers
 */
export function dynamicVariables(headers) {
  /** @type {Record<string, string>} */
  const variables = {};
  for (const [name, value] of Object.entries(object("headers", headers, "an object"))) {
    variables[name.replace(/^X-/i, "").toLowerCase().replaceAll("-", "_")] = readText(`headers["${name}"]`, value);
  }
  return variables;
}
