// import … from "offhook/store": createStore

import type { Call, CallOptions, Client, ClientEvents, ConnectOptions, OffhookError } from "./index.js";
export type StoreStatus = "idle" | "connecting" | "ready" | "failed" | "closed";
type Shown = "id" | "direction" | "state" | "earlyMedia" | "mediaConnected" | "muted" | "remoteName" | "remoteNumber" | "destinationNumber" | "clientState" | "customHeaders" | "telnyxIds" | "startedConnectingAt" | "connectedAt" | "answeredAt" | "interruption" | "reason";
export interface CallSnapshot extends Pick<Call, Shown> {
    readonly handle: Call;
    readonly error: OffhookError | undefined;
}
export interface StoreWarning {
    readonly code: number;
    readonly message: string;
    readonly call?: Call;
    readonly resume?: () => Promise<boolean>;
}
export interface StoreSnapshot {
    readonly status: StoreStatus;
    readonly client: Client | undefined;
    readonly error: OffhookError | undefined;
    readonly warning: StoreWarning | undefined;
    readonly reconnecting: ClientEvents["reconnecting"] | undefined;
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
export {};
