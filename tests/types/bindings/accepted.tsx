// The store and the hooks as an application uses them. Compiling is the test.

import { OffhookError } from "offhook";
import type { Call, CallStats, Client, ConnectOptions } from "offhook";
import type { AudioDevices, AudioSession } from "offhook/audio";
import {
  OffhookProvider, useCall, useCallStats, useCalls, useClient, useDevices, useIncomingCall, useOffhook, useOffhookStore,
} from "offhook/react";
import type { OffhookProviderProps, OptionsProps, StoreProps } from "offhook/react";
import { createStore } from "offhook/store";
import type { CallSnapshot, Store, StoreSnapshot, StoreStatus, StoreWarning } from "offhook/store";

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

declare const given: ConnectOptions;
declare const audio: AudioSession;
const store: Store = createStore();

export async function useStore(): Promise<void> {
  const { getSnapshot, getInitialSnapshot, subscribe, connect, disconnect, newCall, attempt, dismiss } = store;
  const end: () => void = subscribe((snapshot) => same<typeof snapshot, StoreSnapshot>(true));
  end();
  same<ReturnType<typeof getInitialSnapshot>, StoreSnapshot>(true);

  const client = await connect(given);
  same<typeof client, Client>(true);
  newCall();
  const call = newCall({ destinationNumber: "9196" });
  same<typeof call, Call>(true);
  const made = await attempt(() => newCall({ destinationNumber: "9196" }));
  same<typeof made, Call | undefined>(true);
  const answered = await attempt(() => call.answer());
  same<typeof answered, void | undefined>(true);

  const { status, error, warning, calls, incoming, lastCall } = getSnapshot();
  same<typeof status, StoreStatus>(true);
  same<typeof error, OffhookError | undefined>(true);
  same<typeof warning, StoreWarning | undefined>(true);
  same<typeof calls, readonly CallSnapshot[]>(true);
  same<typeof incoming, CallSnapshot | undefined>(true);
  if (incoming) await incoming.handle.answer();
  console.log(warning?.code, warning?.message, warning?.call?.id, lastCall?.reason?.cause, lastCall?.error?.kind);
  dismiss("error");
  dismiss("warning");
  dismiss("lastCall");
  await disconnect();
}

/** What a call's snapshot and the call have in common is of one type in both. */
type Shared = Extract<keyof CallSnapshot, keyof Call>;
same<Pick<CallSnapshot, Shared>, Pick<Call, Shared>>(true);
same<Exclude<keyof CallSnapshot, Shared>, "handle" | "error">(true);

export function Application({ isOwn, signInWith }: { isOwn: boolean; signInWith?: ConnectOptions }) {
  const props: OffhookProviderProps[] = [{ store }, { options: given }, {}];
  const own: StoreProps = { store, children: null };
  const made: OptionsProps = { options: signInWith };
  if (props.length === 0) return null;
  if (isOwn) return <OffhookProvider {...own}><Phone /></OffhookProvider>;
  return <OffhookProvider {...made}><Phone />text</OffhookProvider>;
}

function Phone() {
  const whole = useOffhook();
  same<typeof whole, StoreSnapshot>(true);
  const status = useOffhook((snapshot) => snapshot.status);
  same<typeof status, StoreStatus>(true);
  const client = useClient();
  same<typeof client, Client | undefined>(true);
  const calls = useCalls();
  same<typeof calls, readonly CallSnapshot[]>(true);
  const incoming = useIncomingCall();
  const call = useCall(incoming?.id);
  same<typeof call, CallSnapshot | undefined>(true);
  const stats = useCallStats(call?.id);
  same<typeof stats, CallStats | undefined>(true);
  const devices = useDevices(audio);
  same<typeof devices, AudioDevices>(true);
  const perhaps = useDevices(calls.length > 0 ? audio : undefined);
  same<typeof perhaps, AudioDevices | undefined>(true);
  const { disconnect } = useOffhookStore();
  const states = calls.map(({ id, state }) => id + state);
  return <button onClick={() => void disconnect()}>{status} {states} {stats?.bytesSent}</button>;
}
