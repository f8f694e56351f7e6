export { createCallControl } from "./control/control.js";
