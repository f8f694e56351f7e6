// The widget as an application uses it; what must not compile says so, for the one reason that stands over it.

import "offhook/embed";
import { OffhookAgentElement } from "offhook/widget";
import type { ConversationMode, OffhookAgentEventMap, WidgetCredentials, WidgetState, WidgetTool } from "offhook/widget";

declare const picture: Blob;

export async function useWidget(): Promise<void> {
  const widget = document.createElement("offhook-agent");
  const same: OffhookAgentElement = widget;
  const found: OffhookAgentElement | null = document.querySelector("offhook-agent");
  const mode: ConversationMode = "text";
  const credentials: WidgetCredentials = { getToken: async () => "token" };
  const tool: WidgetTool = { name: "look", approval: true, handler: ({ where }) => where };
  Object.assign(same, { agentId: "assistant-1" });
  widget.agentId = "assistant-1";
  widget.theme = undefined;
  widget.autoStart = true;
  widget.texts = { startCall: "Ask" };
  widget.credentials = credentials;
  widget.callOptions = { customHeaders: { "X-Account-Number": "42" } };
  widget.connectOptions = { iceServers: [] };
  const undo: () => void = widget.registerTool(tool);
  await widget.open({ focus: false });
  await widget.start({ mode });
  const { confirmed } = await widget.sendText("Hello", { images: [picture] });
  await widget.sendContext("The cart is empty");
  const state: WidgetState = widget.state;
  const words: readonly string[] = widget.transcript.map(({ text }) => text);
  widget.addEventListener("offhook-end", ({ detail }) => console.log(detail.reason.by, detail.seconds, confirmed, state, words));
  document.addEventListener("offhook-feedback", ({ detail }) => console.log(detail.rating));
  const name: keyof OffhookAgentEventMap = "offhook-state";
  widget.dispatchEvent(new CustomEvent(name));
  undo();
  widget.mute();
  widget.unmute();
  widget.end();
  widget.close();
  found?.remove();

  // @ts-expect-error no such mode
  await widget.start({ mode: "video" });
  // @ts-expect-error a password goes with a login
  widget.credentials = { login: "alice" };
  // @ts-expect-error it is only told
  widget.state = "idle";
  // @ts-expect-error a tool does something
  widget.registerTool({ name: "nothing" });
}
