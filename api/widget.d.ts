// import … from "offhook/widget": OffhookAgentElement

import type { Agent, Call, CallOptions, Client, ConnectOptions, Delivery, Latencies, Termination, Tool, ToolRun, TranscriptItem, WidgetSettings } from "./agent.js";
export type WidgetState = "idle" | "permission" | "connecting" | "listening" | "thinking" | "speaking" | "toolRunning" | "waiting" | "recovering" | "ended" | "error";
export type ConversationMode = "voice" | "text";
export type WidgetCredentials = {
    login: string;
    password: string;
} | {
    token: string;
} | {
    getToken: () => string | Promise<string>;
};
export type WidgetTool = Omit<Tool, "approval"> & {
    approval?: Tool["approval"] | boolean;
};
export interface OffhookAgentEventMap {
    "offhook-open": CustomEvent<null>;
    "offhook-close": CustomEvent<null>;
    "offhook-start": CustomEvent<{
        readonly mode: ConversationMode;
    }>;
    "offhook-state": CustomEvent<{
        readonly state: WidgetState;
        readonly previous: WidgetState;
    }>;
    "offhook-transcript": CustomEvent<{
        readonly item: TranscriptItem;
        readonly index: number;
    }>;
    "offhook-tool": CustomEvent<ToolRun>;
    "offhook-latency": CustomEvent<{
        readonly kind: "greeting" | "turn";
        readonly milliseconds: number;
    }>;
    "offhook-mute": CustomEvent<{
        readonly muted: boolean;
    }>;
    "offhook-settings": CustomEvent<{
        readonly settings: WidgetSettings;
    }>;
    "offhook-consent": CustomEvent<{
        readonly version: string;
        readonly language: string;
        readonly at: Date;
    }>;
    "offhook-language": CustomEvent<{
        readonly language: string;
    }>;
    "offhook-end": CustomEvent<{
        readonly reason: Termination;
        readonly latencies: Latencies;
        readonly seconds: number;
    }>;
    "offhook-feedback": CustomEvent<{
        readonly rating: number;
        readonly text: string;
        readonly callId: string | undefined;
    }>;
    "offhook-error": CustomEvent<{
        readonly error: unknown;
    }>;
}
export declare class OffhookAgentElement extends HTMLElement {
    agentId: string | null | undefined;
    versionId: string | null | undefined;
    conversationId: string | null | undefined;
    url: string | null | undefined;
    dialect: string | null | undefined;
    number: string | null | undefined;
    region: string | null | undefined;
    environment: string | null | undefined;
    language: string | null | undefined;
    theme: string | null | undefined;
    form: string | null | undefined;
    anchor: string | null | undefined;
    mode: string | null | undefined;
    label: string | null | undefined;
    heading: string | null | undefined;
    logo: string | null | undefined;
    terms: string | null | undefined;
    termsUrl: string | null | undefined;
    termsVersion: string | null | undefined;
    transcriptView: string | null | undefined;
    visualizer: string | null | undefined;
    resume: string | null | undefined;
    callerName: string | null | undefined;
    callerNumber: string | null | undefined;
    autoStart: boolean;
    showLatency: boolean;
    texts: Readonly<Record<string, string>> | undefined;
    credentials: WidgetCredentials | undefined;
    callOptions: CallOptions | undefined;
    connectOptions: Partial<ConnectOptions> | undefined;
    readonly opened: boolean;
    readonly state: WidgetState;
    readonly muted: boolean;
    readonly transcript: readonly TranscriptItem[];
    readonly agent: Agent | undefined;
    readonly client: Client | undefined;
    readonly call: Call | undefined;
    open(options?: {
        focus?: boolean;
    }): Promise<void>;
    close(): void;
    start(options?: {
        mode?: ConversationMode;
        focus?: boolean;
    }): Promise<void>;
    end(): void;
    mute(): void;
    unmute(): void;
    sendText(text: string, options?: {
        images?: (Blob | string)[];
    }): Promise<Delivery>;
    sendContext(text: string): Promise<Delivery>;
    registerTool(tool: WidgetTool): () => void;
    addEventListener<K extends keyof OffhookAgentEventMap>(type: K, listener: (this: OffhookAgentElement, event: OffhookAgentEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
    removeEventListener<K extends keyof OffhookAgentEventMap>(type: K, listener: (this: OffhookAgentElement, event: OffhookAgentEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
    removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}
declare global {
    interface HTMLElementTagNameMap {
        "offhook-agent": OffhookAgentElement;
    }
    interface GlobalEventHandlersEventMap extends OffhookAgentEventMap {
    }
}
