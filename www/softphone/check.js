import { part } from "./dom.js";

/**
 * Has the links to the check lead to a gateway.
 *
 * @param {{ url: string, dialect: string }} gateway
 */
export function pointCheckAt({ url, dialect }) {
  const address = `check.html?${new URLSearchParams({ url, dialect })}`;
  for (const name of ["check-before", "check-here"]) part(document, name, HTMLAnchorElement).href = address;
}
