// A log as an application uses it, and as it must not. Compiling is the test.

import { connect } from "offhook";
import type { Call, Client } from "offhook";
import { consoleLogger, log, logTo } from "offhook/log";
import type { EntryLevel, Log, LogEntry, LogLevel, LogOptions, Logger } from "offhook/log";

declare const client: Client;
declare const call: Call;

const logger: Logger = {
  async log(level, message, { at, callId, context }) {
    const told: [EntryLevel, string, Date, string | undefined, unknown] = [level, message, at, callId, context];
    await Promise.resolve(told);
  },
};

export async function accepted(): Promise<void> {
  const level: LogLevel = "debug";
  const options: LogOptions = { level, verto: true, stats: false, logger, limit: 100 };
  const made: Log = log(options);
  using other: Client = await connect({ login: "1000", password: "1234", plugins: [made, log()] });
  made(other);
  const later: Log = logTo(client, { logger: false });
  later.write("info", "paid", { order: 7 }, call);
  const undo: () => void = later.subscribe(({ level, message }) => console.log(level, message));
  undo();
  const entries: readonly LogEntry[] = later.entries;
  const texts: string[] = [later.text(), later.json()];
  consoleLogger.log("error", "mine", entries[0]!);
  console.log(texts.join());
  later.clear();
  later.stop();
}

export function refused(): void {
  // A level that does not exist.
  // @ts-expect-error
  log({ level: "verto" });
  // A logger is an object.
  // @ts-expect-error
  log({ logger: console.log });
  // Entries are told, not written.
  // @ts-expect-error
  log().entries.push();
  // Nothing is written at all levels.
  // @ts-expect-error
  log().write("all", "x");
}
