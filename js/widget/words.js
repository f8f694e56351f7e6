/** The words of errors: loaded where something failed. */
export { spell } from "../phrases.js";
