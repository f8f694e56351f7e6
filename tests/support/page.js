// All that a page of the browser tests loads beside the tests themselves: the entry's modules but for the one that
// loads WebAssembly, which is there already, and the gateway inside the page.

export { open } from "../../js/client.js";
export { die } from "../../js/death.js";
export { readConnectOptions } from "../../js/options.js";
export * from "./gateway.js";
