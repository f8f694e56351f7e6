// Asks the agent which page this is, by the widget and by the interface beneath it: each answers by a tool of the page.

import { connect, createAgent } from "offhook/agent";
import "offhook/widget";

const url = new URLSearchParams(location.search).get("gateway");
const tool = { name: "current_page", description: "Which page this is.", handler: () => document.title };

await Promise.allSettled([
  told("widget", async (say) => {
    const widget = document.createElement("offhook-agent");
    Object.assign(widget, { agentId: "assistant-demo", url, dialect: "telnyx", language: "en" });
    widget.registerTool(tool);
    widget.addEventListener("offhook-transcript", ({ detail: { item } }) => say(item.text));
    document.body.append(widget);
    await widget.start({ mode: "text" });
    await widget.sendText("What page am I on?");
  }),
  told("agent", async (say) => {
    const client = await connect({ url, dialect: "telnyx", anonymous: { targetId: "assistant-demo" } });
    const agent = createAgent(client);
    agent.registerTool(tool);
    agent.on("transcript", ({ item }) => say(item.text));
    const call = agent.start({ audio: false });
    await new Promise((resolve) => call.on("state", ({ state }) => state === "active" && resolve()));
    await agent.sendMessage("What page am I on?");
  }),
]);

/** Shows what is said, or what went wrong. */
async function told(name, talk) {
  const output = document.getElementById(name);
  try {
    await talk((words) => { output.textContent = words; });
  } catch (error) {
    output.textContent = `${error.code} ${error.message}`;
  }
}
