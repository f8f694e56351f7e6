// Reports as an application asks for them, and as it must not. Compiling is the test.

import { connect } from "offhook";
import type { Call, Client } from "offhook";
import { log } from "offhook/log";
import { reports, sendReports } from "offhook/reports";
import type { ReportOptions, ReportOutcome, Reports } from "offhook/reports";

declare const client: Client;
declare const call: Call;

export async function accepted(): Promise<void> {
  const heard: ReportOutcome[] = [];
  const options: ReportOptions = {
    call: true, debug: true, log: log(), intervalSeconds: 10, onOutcome: (outcome) => heard.push(outcome),
  };
  const made: Reports = reports(options);
  using other: Client = await connect({ login: "1000", password: "1234", plugins: [made] });
  made(other);
  const later = sendReports(client, { call: true });
  const id: string | undefined = later.debugReportId(call);
  await later.flush();
  later.stop();
  for (const { call, segment, isLast, isSent, attempts, status, error } of heard) {
    console.log(id, call.id, segment + attempts, isLast && isSent, status?.toFixed(), error);
  }
}

export function refused(): void {
  // Nothing is reported that was not asked for.
  // @ts-expect-error
  reports();
  // It goes to nobody but the client's own server.
  // @ts-expect-error
  reports({ call: true, url: "https://elsewhere.example" });
}
