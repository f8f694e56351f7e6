/** What options must be: loaded where a page gives some. */
export * from "../options.js";
export * from "../agent/options.js";
