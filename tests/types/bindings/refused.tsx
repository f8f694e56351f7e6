// What must not compile. Each line is refused for the one reason that stands over it.

import type { ConnectOptions } from "offhook";
import {
  OffhookProvider, useCall, useCalls, useClient, useIncomingCall, useOffhook, useOffhookStore,
} from "offhook/react";
import { createStore } from "offhook/store";

declare const options: ConnectOptions;
const store = createStore();
const snapshot = store.getSnapshot();

// Two stores at once: a given one and one of its own.
// @ts-expect-error
<OffhookProvider store={store} options={options} />;
// Options that sign nobody in.
// @ts-expect-error
<OffhookProvider options={{ url: "wss://pbx.example" }} />;
// A misspelt property.
// @ts-expect-error
<OffhookProvider option={options} />;
// No store, but its snapshot.
// @ts-expect-error
<OffhookProvider store={snapshot} />;
// A store takes its options when it connects.
// @ts-expect-error
createStore(options);
// Nobody to sign in as.
// @ts-expect-error
store.connect({});
// A snapshot is read, not written.
// @ts-expect-error
snapshot.status = "ready";
// Nobody changes the list of calls.
// @ts-expect-error
snapshot.calls.push(snapshot.calls[0]);
// Nor a call in it.
// @ts-expect-error
snapshot.lastCall!.muted = true;
// A status that does not exist.
// @ts-expect-error
if (snapshot.status === "connected") store.disconnect();
// Nobody may be signed in.
// @ts-expect-error
snapshot.client.newCall();
// Nobody may be calling.
// @ts-expect-error
snapshot.incoming.handle.answer();
// A snapshot answers nothing: its handle does.
// @ts-expect-error
snapshot.lastCall?.answer();
// What can be dismissed, and nothing else.
// @ts-expect-error
store.dismiss("calls");
// Work is a function, so that what it throws is kept.
// @ts-expect-error
store.attempt(snapshot.lastCall!.handle.answer());
// Listeners are given snapshots.
// @ts-expect-error
store.subscribe((text: string) => text.trim());

export function Component() {
  // A call may be over.
  // @ts-expect-error
  useCall("id").state;
  // A call has a name: which one?
  // @ts-expect-error
  useCall();
  // Nobody may be signed in.
  // @ts-expect-error
  useClient().newCall();
  // Nobody may be calling.
  // @ts-expect-error
  useIncomingCall().handle;
  // A field that a snapshot does not have.
  // @ts-expect-error
  useOffhook(({ stats }) => stats);
  // Calls are asked for by their index with care.
  // @ts-expect-error
  useCalls()[0].id;
  // The provider has the store already.
  // @ts-expect-error
  useOffhookStore(store);
  return null;
}
