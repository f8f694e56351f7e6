export { checkCall } from "./check/check.js";
