import { OffhookAgentElement, defineElement } from "./widget/element.js";

export { OffhookAgentElement };

defineElement();
