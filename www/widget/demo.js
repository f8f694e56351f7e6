// What a page does with the widget beside having its tag: says where the gateway is, and gives the agent a tool.

/** @typedef {import("../../js/widget.js").OffhookAgentElement} OffhookAgentElement */

const widget = /** @type {OffhookAgentElement} */ (document.querySelector("offhook-agent"));
const told = /** @type {HTMLElement} */ (document.querySelector('[data-testid="told"]'));

await customElements.whenDefined("offhook-agent");

// The gateway that serves this page. A page for Telnyx needs no address.
widget.url = new URL("telnyx", location.href.replace(/^http/, "ws")).href;
widget.registerTool({
  name: "current_page",
  description: "Tells which page the person looks at.",
  handler: () => ({ title: document.title, address: location.pathname }),
});
widget.addEventListener("offhook-tool", ({ detail: { name, status } }) => {
  told.textContent = `The agent used ${name}: ${status}.`;
});

document.querySelector('[data-testid="talk"]')?.addEventListener("click", () => void widget.start());
document.querySelector('[data-testid="write"]')?.addEventListener("click", () => void widget.start({ mode: "text" }));

export {};
