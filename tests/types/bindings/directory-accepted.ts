// The directory and the history as an application uses them. Compiling is the test.

import { OffhookError } from "offhook";
import type { Call, Client, Direction, Termination } from "offhook";
import { openDirectory, openHistory, parseNumber } from "offhook/directory";
import type {
  BlockAction, Directory, DirectoryDelta, DirectoryEntry, DirectoryEvents, DirectoryFeed, DirectoryFinding,
  DirectoryOptions, DirectorySource, History, HistoryEntry, HistoryEvents, HistoryOptions, LoadOptions, LoadReport,
  NumberPlan, Outcome, PhoneNumber, SourceState,
} from "offhook/directory";

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

export async function useDirectory(client: Client, call: Call): Promise<void> {
  const plan: NumberPlan = { country: "1", trunk: "1", international: "011", digits: 10 };
  const url = new URL("https://app.example/feed");
  const source: DirectorySource = { url, headers: async () => [["X-Key", "k"]], credentials: "omit" };
  const options: DirectoryOptions = { name: "directory", plan, withheld: "silent", sources: { crm: source } };
  const directory: Directory = await openDirectory(options);
  await openDirectory();
  const detach: () => void = directory.attach(client);
  detach();

  const numbers: PhoneNumber[] = ["+49301234567", 49301234567, 49301234567n];
  same<ReturnType<typeof parseNumber>, number | undefined>(true);
  parseNumber(numbers[0]!, plan);
  const entries: DirectoryEntry[] = [
    { number: 1, action: "ring" }, { number: "1", label: "One" }, { number: 1n, action: "reject", label: "One" },
  ];
  const how: LoadOptions = { source: "crm", strict: true };
  const report: LoadReport = await directory.replaceAll(entries, { ...how, version: 7 });
  await directory.replaceAll(new Set(entries));
  const delta: DirectoryDelta = { version: 8, from: report.version ?? 7, add: entries, remove: new Set([1]) };
  const { outcome, size, skipped } = await directory.applyDelta(delta, how);
  if (outcome === "gap") await directory.reload("crm");
  await directory.remove("crm");
  await directory.setEnabled(!directory.enabled);

  const found: DirectoryFinding | undefined = directory.lookup(call.remoteNumber);
  const action: BlockAction | "ring" | undefined = found?.action;
  const name: string | undefined = directory.nameFor(call);
  directory.nameFor({ remoteName: "Ada", remoteNumber: undefined, destinationNumber: undefined });
  const states: readonly SourceState[] = directory.sources;
  for (const { number, label } of directory.entries("crm")) console.log(number + size + skipped, label);
  console.log(action, name, states[0]?.loadedAt);
  directory.on("blocked", ({ call, action }) => same<typeof action, BlockAction>((call.hangup(), true)), { once: true });
  directory.on("changed", ({ source }) => source?.trim());
  directory.on("error", ({ error }) => error instanceof OffhookError);
  same<keyof DirectoryEvents, "changed" | "blocked" | "error">(true);
  const feeds: DirectoryFeed[] = [{ entries }, { version: 1, entries }, { version: 2, from: 1, add: entries }];
  console.log(feeds.length);
  directory[Symbol.dispose]();
}

export async function useHistory(client: Client, directory: Directory): Promise<void> {
  const options: HistoryOptions = { name: "mine", limit: 10, include: (call) => call.direction === "inbound", directory };
  using history: History = await openHistory(client, options);
  const page: readonly HistoryEntry[] = history.list();
  history.list({ limit: 3, before: page.at(-1) });
  const entry: HistoryEntry | undefined = history.get("id");
  if (entry) {
    same<typeof entry.direction, Direction>(true);
    same<typeof entry.outcome, Outcome | undefined>(true);
    same<typeof entry.reason, Termination | undefined>(true);
    console.log(entry.startedAt.getTime(), entry.answeredAt?.getTime(), entry.duration.toFixed(), history.size);
    await history.remove(entry.id);
  }
  history.on("changed", () => history.persistent);
  same<keyof HistoryEvents, "changed" | "error">(true);
  await history.clear();
}

export function screen(client: Client): void {
  client.on("screening", (screening) => {
    same<typeof screening.call, Call>(true);
    screening.silent = screening.call.remoteNumber === "1000";
  });
}
