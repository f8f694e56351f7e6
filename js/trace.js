export * from "./index.js";
export { traces } from "./recording.js";
