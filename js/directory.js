export { openDirectory } from "./directory/directory.js";
export { openHistory } from "./directory/history.js";
export { parseNumber } from "./directory/number.js";
