// import … from "offhook/directory": openDirectory, openHistory, parseNumber

import type { Call, Client, Direction, ListenOptions, OffhookError, Termination } from "./index.js";
export declare function openDirectory(options?: DirectoryOptions): Promise<Directory>;
export declare function openHistory(client: Client, options?: HistoryOptions): Promise<History>;
export declare function parseNumber(number: PhoneNumber, plan?: NumberPlan): number | undefined;
export type PhoneNumber = number | bigint | string;
export interface NumberPlan {
    country: string;
    trunk?: string;
    international?: string;
    digits?: number;
}
export type BlockAction = "silent" | "reject";
export interface DirectoryEntry {
    number: PhoneNumber;
    action?: BlockAction | "ring";
    label?: string;
}
export interface DirectorySource {
    url: string | URL;
    headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
    credentials?: RequestCredentials;
    strict?: boolean;
}
export type DirectoryFeed = {
    version?: number;
    entries: DirectoryEntry[];
} | ({
    version: number;
    from: number;
} & Pick<DirectoryDelta, "add" | "remove">);
export interface DirectoryOptions {
    name?: string;
    plan?: NumberPlan;
    withheld?: BlockAction | "ring";
    sources?: Record<string, DirectorySource>;
}
export interface LoadOptions {
    source?: string;
    strict?: boolean;
}
export interface DirectoryDelta {
    version?: number;
    from?: number;
    add?: Iterable<DirectoryEntry>;
    remove?: Iterable<PhoneNumber>;
}
export interface LoadReport {
    readonly outcome: "loaded" | "unchanged" | "gap";
    readonly version: number | undefined;
    readonly size: number;
    readonly skipped: number;
}
export interface DirectoryFinding {
    readonly number: number;
    readonly action: BlockAction | "ring" | undefined;
    readonly label: string | undefined;
    readonly source: string | undefined;
}
export interface SourceState {
    readonly source: string;
    readonly version: number | undefined;
    readonly size: number;
    readonly loadedAt: Date;
}
export interface DirectoryEvents {
    changed: {
        readonly source?: string;
    };
    blocked: {
        readonly call: Call;
        readonly action: BlockAction;
    };
    error: {
        readonly error: OffhookError;
    };
}
export interface Directory extends Disposable {
    readonly persistent: boolean;
    readonly enabled: boolean;
    readonly sources: readonly SourceState[];
    attach(client: Client): () => void;
    lookup(number: PhoneNumber | undefined): DirectoryFinding | undefined;
    nameFor(call: Pick<Call, "remoteName" | "remoteNumber" | "destinationNumber">): string | undefined;
    entries(source?: string): IterableIterator<{
        number: number;
    } & Pick<DirectoryEntry, "action" | "label">>;
    replaceAll(entries: Iterable<DirectoryEntry>, options?: LoadOptions & {
        version?: number;
    }): Promise<LoadReport>;
    applyDelta(delta: DirectoryDelta, options?: LoadOptions): Promise<LoadReport>;
    reload(source: string): Promise<LoadReport>;
    remove(source: string): Promise<void>;
    setEnabled(enabled: boolean): Promise<void>;
    on<K extends keyof DirectoryEvents>(event: K, listener: (event: DirectoryEvents[K]) => void, options?: ListenOptions): () => void;
    [Symbol.dispose](): void;
}
export type Outcome = "answered" | "missed" | "rejected" | "busy" | "cancelled" | "blocked" | "answeredElsewhere" | "failed";
export interface HistoryEntry {
    readonly id: string;
    readonly direction: Direction;
    readonly number: string | undefined;
    readonly name: string | undefined;
    readonly label: string | undefined;
    readonly startedAt: Date;
    readonly answeredAt: Date | undefined;
    readonly endedAt: Date | undefined;
    readonly duration: number;
    readonly outcome: Outcome | undefined;
    readonly reason: Termination | undefined;
}
export interface HistoryOptions {
    name?: string;
    limit?: number;
    include?: (call: Call) => boolean;
    directory?: Directory;
}
export interface HistoryEvents {
    changed: {};
    error: {
        readonly error: OffhookError;
    };
}
export interface History extends Disposable {
    readonly persistent: boolean;
    readonly size: number;
    list(page?: {
        limit?: number;
        before?: HistoryEntry | undefined;
    }): readonly HistoryEntry[];
    get(id: string): HistoryEntry | undefined;
    remove(id: string): Promise<void>;
    clear(): Promise<void>;
    on<K extends keyof HistoryEvents>(event: K, listener: (event: HistoryEvents[K]) => void, options?: ListenOptions): () => void;
    [Symbol.dispose](): void;
}
