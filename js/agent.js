export * from "./index.js";
export { createAgent } from "./agent/agent.js";
export { dynamicVariables } from "./agent/variables.js";
