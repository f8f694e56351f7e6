// import … from "offhook/store": createStore

import type { Call, CallOptions, CallState, Client, ConnectOptions, Direction, OffhookError, TelnyxIds, Termination } from "./index.js";
export type StoreStatus = "idle" | "connecting" | "ready" | "failed" | "closed";
export interface CallSnapshot {
    readonly handle: Call;
    readonly id: string;
    readonly direction: Direction;
    readonly state: CallState;
    readonly earlyMedia: boolean;
    readonly mediaConnected: boolean;
    readonly muted: boolean;
    readonly remoteName: string | undefined;
    readonly remoteNumber: string | undefined;
    readonly destinationNumber: string | undefined;
    readonly clientState: string | undefined;
    readonly customHeaders: Readonly<Record<string, string>>;
    readonly telnyxIds: TelnyxIds;
    readonly startedConnectingAt: Date | undefined;
    readonly connectedAt: Date | undefined;
    readonly answeredAt: Date | undefined;
    readonly reason: Termination | undefined;
    readonly error: OffhookError | undefined;
}
export interface StoreWarning {
    readonly code: number;
    readonly message: string;
    readonly call?: Call;
}
export interface StoreSnapshot {
    readonly status: StoreStatus;
    readonly client: Client | undefined;
    readonly error: OffhookError | undefined;
    readonly warning: StoreWarning | undefined;
    readonly calls: readonly CallSnapshot[];
    readonly incoming: CallSnapshot | undefined;
    readonly lastCall: CallSnapshot | undefined;
}
export interface Store {
    readonly getSnapshot: () => StoreSnapshot;
    readonly getInitialSnapshot: () => StoreSnapshot;
    readonly subscribe: (run: (snapshot: StoreSnapshot) => void) => () => void;
    readonly connect: (options: ConnectOptions) => Promise<Client>;
    readonly disconnect: () => Promise<void>;
    readonly newCall: (options?: CallOptions) => Call;
    readonly attempt: <T>(work: () => T | PromiseLike<T>) => Promise<T | undefined>;
    readonly dismiss: (what: "error" | "warning" | "lastCall") => void;
}
export declare function createStore(): Store;
