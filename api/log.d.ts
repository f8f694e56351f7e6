// import … from "offhook/log": consoleLogger, log, logTo

import type { Call, Client } from "./index.js";
export declare function log(options?: LogOptions): Log;
export declare function logTo(client: Client, options?: LogOptions): Log;
export declare const consoleLogger: Logger;
export type LogLevel = "none" | "error" | "warn" | "info" | "debug" | "all";
export type EntryLevel = "error" | "warn" | "info" | "debug" | "verto" | "stats";
export interface LogEntry {
    readonly at: Date;
    readonly level: EntryLevel;
    readonly message: string;
    readonly callId?: string;
    readonly context?: unknown;
}
export interface Logger {
    log(level: EntryLevel, message: string, entry: LogEntry): unknown;
}
export interface LogOptions {
    level?: LogLevel;
    verto?: boolean;
    stats?: boolean;
    logger?: Logger | false;
    limit?: number;
}
export interface Log {
    (client: Client): void;
    readonly entries: readonly LogEntry[];
    write(level: EntryLevel, message: string, context?: unknown, call?: Call): void;
    subscribe(listener: (entry: LogEntry) => void): () => void;
    text(): string;
    json(): string;
    clear(): void;
    stop(): void;
}
