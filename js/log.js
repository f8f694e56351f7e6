export { consoleLogger } from "./log/console.js";
export { log, logTo } from "./log/log.js";
