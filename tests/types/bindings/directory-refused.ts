// What must not compile. Each line is refused for the one reason that stands over it.

import type { Client } from "offhook";
import { openDirectory, openHistory, parseNumber } from "offhook/directory";

declare const client: Client;

export async function misuse(): Promise<void> {
  const directory = await openDirectory();
  const history = await openHistory(client);

  // A plan without a country says nothing.
  // @ts-expect-error
  await openDirectory({ plan: { trunk: "0" } });
  // A source without an address.
  // @ts-expect-error
  await openDirectory({ sources: { crm: {} } });
  // A history of nobody's calls.
  // @ts-expect-error
  await openHistory({ limit: 10 });
  // An action that does not exist.
  // @ts-expect-error
  await directory.replaceAll([{ number: 1, action: "voicemail" }]);
  // Whose label?
  // @ts-expect-error
  await directory.replaceAll([{ label: "Ada" }]);
  // One entry is no list.
  // @ts-expect-error
  await directory.replaceAll({ number: 1, label: "Ada" });
  // Numbers are removed, not entries.
  // @ts-expect-error
  await directory.applyDelta({ remove: [{ number: 1 }] });
  // Which source?
  // @ts-expect-error
  await directory.reload();
  // It is switched by a method, which can fail.
  // @ts-expect-error
  directory.enabled = false;
  // Nothing may be known of a number.
  // @ts-expect-error
  directory.lookup("1000").label;
  // There may be no number.
  // @ts-expect-error
  parseNumber("1000").toFixed();
  // Entries are read, not written.
  // @ts-expect-error
  history.list()[0]!.label = "Ada";
  // Nobody adds to it by hand.
  // @ts-expect-error
  history.list().push(history.list()[0]);
  // Pages go on from an entry, not from its number.
  // @ts-expect-error
  history.list({ before: 50 });
  // An event that does not exist.
  // @ts-expect-error
  history.on("added", () => undefined);
  // The call of a screening is what it is.
  // @ts-expect-error
  client.on("screening", (screening) => (screening.call = client.calls[0]!));
}
