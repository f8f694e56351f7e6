// import … from "offhook/agent": OffhookError, connect, createAgent, dynamicVariables, preload

import type { Call, CallOptions, Client, ListenOptions, Termination } from "./index.js";
export * from "./index.js";
export declare function createAgent(client: Client, options?: AgentOptions): Agent;
export declare function dynamicVariables(headers: Record<string, string>): Record<string, string>;
export interface AgentOptions {
    recover?: boolean;
    levels?: boolean;
    transcript?: string;
}
export type AgentState = "idle" | "connecting" | "listening" | "thinking" | "speaking" | "toolRunning" | "waiting" | "ended";
export interface TranscriptItem {
    readonly id: string;
    readonly role: "user" | "assistant";
    readonly text: string;
    readonly images: readonly string[];
    readonly status: "partial" | "final" | "interrupted";
    readonly unheardFrom?: number;
    readonly at: Date;
}
export interface WidgetSettings {
    readonly theme?: "light" | "dark";
    readonly language?: string;
    readonly autoStart?: boolean;
    readonly showTranscript?: boolean;
    readonly customStyles?: Readonly<Record<string, string>>;
    readonly agentThinkingText?: string;
    readonly audioVisualizer?: {
        readonly color?: string;
        readonly preset?: string;
    };
    readonly defaultState?: "collapsed" | "expanded";
    readonly position?: string;
    readonly startCallText?: string;
    readonly speakToInterruptText?: string;
    readonly logoIconUrl?: string;
    readonly giveFeedbackUrl?: string;
    readonly reportIssueUrl?: string;
    readonly viewHistoryUrl?: string;
}
export interface Delivery {
    readonly id: string;
    readonly confirmed: boolean;
}
export interface MessageOptions {
    images?: readonly (Blob | string)[];
}
export interface Tool {
    name: string;
    description?: string;
    parameters?: object;
    handler(args: Record<string, unknown>, context: {
        readonly signal: AbortSignal;
        readonly callId: string;
    }): unknown;
    timeout?: number;
    approval?(args: Record<string, unknown>, context: {
        readonly name: string;
        readonly signal: AbortSignal;
    }): boolean | Promise<boolean>;
}
export interface ToolRun {
    readonly id: string;
    readonly name: string;
    readonly args: unknown;
    readonly status: "approval" | "running" | "done" | "refused" | "failed" | "aborted";
    readonly error?: string;
}
export interface Latencies {
    readonly greeting?: number;
    readonly turns: readonly number[];
}
export interface AgentLevels {
    readonly local: number;
    readonly remote: number;
}
export interface AgentEvents {
    state: {
        readonly state: AgentState;
        readonly previous: AgentState;
    };
    transcript: {
        readonly item: TranscriptItem;
        readonly index: number;
    };
    removed: {
        readonly item: TranscriptItem | undefined;
    };
    cleared: {};
    settings: {
        readonly settings: WidgetSettings;
    };
    bargeIn: {
        readonly item: TranscriptItem | undefined;
    };
    latency: {
        readonly kind: "greeting" | "turn";
        readonly milliseconds: number;
    };
    tool: ToolRun;
    frame: {
        readonly params: unknown;
    };
    levels: AgentLevels;
    ended: {
        readonly reason: Termination;
        readonly latencies: Latencies;
    };
}
export interface Agent extends Disposable {
    readonly client: Client;
    readonly call: Call | undefined;
    readonly state: AgentState;
    readonly transcript: readonly TranscriptItem[];
    readonly settings: WidgetSettings | undefined;
    readonly latencies: Latencies;
    readonly levels: AgentLevels;
    start(options?: CallOptions): Call;
    attach(call: Call): void;
    end(): void;
    sendMessage(text: string, options?: MessageOptions): Promise<Delivery>;
    sendContext(text: string): Promise<Delivery>;
    registerTool(tool: Tool): () => void;
    clearTranscript(): void;
    exportTranscript(format: "text" | "json"): string;
    on<K extends keyof AgentEvents>(event: K, listener: (event: AgentEvents[K]) => void, options?: ListenOptions): () => void;
}
