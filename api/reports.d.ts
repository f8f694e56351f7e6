// import … from "offhook/reports": reports, sendReports

import type { Call, Client } from "./index.js";
import type { Log } from "./log.js";
import type { CallTimings } from "./quality.js";
export declare function reports(options: ReportOptions): Reports;
export declare function sendReports(client: Client, options: ReportOptions): Reports;
export interface ReportOptions {
    call?: boolean;
    debug?: boolean;
    log?: Log;
    timingsOf?: (call: Call) => CallTimings | undefined;
    intervalSeconds?: number;
    onOutcome?: (outcome: ReportOutcome) => void;
}
export interface ReportOutcome {
    readonly call: Call;
    readonly segment: number;
    readonly isLast: boolean;
    readonly isSent: boolean;
    readonly attempts: number;
    readonly status?: number;
    readonly error?: unknown;
}
export interface Reports {
    (client: Client): void;
    debugReportId(call: Call): string | undefined;
    flush(): Promise<void>;
    stop(): void;
}
