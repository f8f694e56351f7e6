// import … from "offhook/control": createCallControl

import type { AnswerOptions, Call, CallOptions, Client, ListenOptions, OffhookError } from "./index.js";
export declare function createCallControl(client: Client, options?: CallControlOptions): CallControl;
export type SecondCallPolicy = "ring" | "reject" | "holdAndAnswer" | "endAndAnswer";
export interface CallControlOptions {
    onSecondCall?: SecondCallPolicy | ((incoming: Call, others: readonly Call[]) => SecondCallPolicy);
    maximumCalls?: number;
    exclusive?: boolean;
    resumeHeld?: boolean;
}
export type Action = StartAction | AnswerAction | EndAction | SetHeldAction | SetMutedAction | PlayDtmfAction;
export interface TimedAction {
    withinSeconds?: number;
}
export interface StartAction extends TimedAction {
    type: "start";
    options?: CallOptions;
}
export interface AnswerAction extends TimedAction {
    type: "answer";
    call: Call;
    options?: AnswerOptions;
}
export interface EndAction extends TimedAction {
    type: "end";
    call: Call;
}
export interface SetHeldAction extends TimedAction {
    type: "setHeld";
    call: Call;
    held: boolean;
}
export interface SetMutedAction extends TimedAction {
    type: "setMuted";
    call: Call;
    muted: boolean;
}
export interface PlayDtmfAction extends TimedAction {
    type: "playDtmf";
    call: Call;
    digits: string;
}
export interface ActionOutcome {
    readonly action: Action;
    readonly status: "fulfilled" | "failed" | "skipped";
    readonly implied: boolean;
    readonly call?: Call;
    readonly error?: OffhookError;
    readonly undone?: boolean;
}
export interface TransactionResult {
    readonly fulfilled: boolean;
    readonly error?: OffhookError;
    readonly outcomes: readonly ActionOutcome[];
}
export type WarningReason = "secondCallFailed" | "policyFailed" | "severalActive" | "notResumed" | "notUndone" | "conferenceSilent";
export interface CallControlEvents {
    incomingCall: {
        readonly call: Call;
        readonly others: readonly Call[];
    };
    rejected: {
        readonly call: Call;
        readonly reason: "policy" | "maximumCalls";
    };
    changed: {};
    action: ActionOutcome;
    conferenceEnded: {
        readonly calls: readonly Call[];
    };
    warning: {
        readonly reason: WarningReason;
        readonly message: string;
        readonly call?: Call;
        readonly error?: OffhookError;
    };
}
export interface Conference {
    readonly calls: readonly Call[];
    leave(): Promise<void>;
}
export interface CallControl extends Disposable {
    readonly calls: readonly Call[];
    readonly active: Call | undefined;
    readonly held: readonly Call[];
    readonly currentConference: Conference | undefined;
    request(actions: readonly Action[]): Promise<TransactionResult>;
    start(options?: CallOptions): Promise<Call>;
    answer(call: Call, options?: AnswerOptions): Promise<void>;
    holdAndAnswer(call: Call, options?: AnswerOptions): Promise<void>;
    endAndAnswer(call: Call, options?: AnswerOptions): Promise<void>;
    reject(call: Call): Promise<void>;
    swap(call?: Call): Promise<void>;
    conference(a: Call, b: Call): Promise<Conference>;
    reset(): void;
    on<K extends keyof CallControlEvents>(event: K, listener: (event: CallControlEvents[K]) => void, options?: ListenOptions): () => void;
}
