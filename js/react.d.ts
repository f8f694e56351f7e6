import type { ReactElement, ReactNode } from "react";
import type { AudioDevices, AudioSession } from "./audio.js";
import type { CallStats, Client, ConnectOptions } from "./index.js";
import type { CallSnapshot, Store, StoreSnapshot } from "./store.js";

export type { CallSnapshot, Store, StoreSnapshot, StoreStatus, StoreWarning } from "./store.js";

/** What a provider signs in with: a store that the application made, or options, or neither. */
export type OffhookProviderProps = StoreProps | OptionsProps;

/** A provider of the application's own store. It signs nobody in or out: that is the application's business. */
export interface StoreProps {
  /** The store, which outlives the provider. */
  store: Store;
  options?: never;
  /** What may use the hooks. */
  children?: ReactNode;
}

/** A provider with a store of its own. */
export interface OptionsProps {
  store?: never;
  /**
   * Signs in with these once it is mounted; signs out when it is unmounted. Options that differ in what they say sign
   * in anew; another object that says the same, or another `signal`, does not. Without options nobody is signed in
   * until the application calls the store's `connect()`.
   */
  options?: ConnectOptions | undefined;
  /** What may use the hooks. */
  children?: ReactNode;
}

/**
 * Lets the hooks in `children` read one store. Nothing happens while it renders, so that a server may render it; under
 * `StrictMode`, too, there is one sign-in.
 */
export declare function OffhookProvider(props: OffhookProviderProps): ReactElement;

/** The store: to connect and disconnect, to call, to dismiss. Never renders anew. */
export declare function useOffhookStore(): Store;

/** The whole snapshot. Renders anew with every change. */
export declare function useOffhook(): StoreSnapshot;

/** What `select` takes from the snapshot. Renders anew when that is another value (`Object.is`). */
export declare function useOffhook<T>(select: (snapshot: StoreSnapshot) => T): T;

/** The client, while somebody is signed in. */
export declare function useClient(): Client | undefined;

/** The calls that have not ended, oldest first. */
export declare function useCalls(): readonly CallSnapshot[];

/**
 * One call, by its id: one that has not ended, or the one that ended last until it is dismissed. `undefined` if there
 * is none. Renders anew when this call changes, whatever the others do.
 */
export declare function useCall(id: string | undefined): CallSnapshot | undefined;

/** The call that rings here, if there is one; the oldest, if there are several. */
export declare function useIncomingCall(): CallSnapshot | undefined;

/** The newest counters of a call's audio. Renders anew once a second while the call is active. */
export declare function useCallStats(id: string | undefined): CallStats | undefined;

/**
 * The devices of an audio session (`offhook/audio`). Renders anew when one comes or goes, when another one is used, and
 * with the permission.
 */
export declare function useDevices(session: AudioSession): AudioDevices;

/** The same, for a session that there may not be yet. */
export declare function useDevices(session: AudioSession | undefined): AudioDevices | undefined;
