// import … from "offhook/react": OffhookProvider, useCall, useCallStats, useCalls, useClient, useDevices, useIncomingCall, useOffhook, useOffhookStore

import type { ReactElement, ReactNode } from "react";
import type { AudioDevices, AudioSession } from "./audio.js";
import type { CallStats, Client, ConnectOptions } from "./index.js";
import type { CallSnapshot, Store, StoreSnapshot } from "./store.js";
export type { CallSnapshot, Store, StoreSnapshot, StoreStatus, StoreWarning } from "./store.js";
export type OffhookProviderProps = StoreProps | OptionsProps;
export interface StoreProps {
    store: Store;
    options?: never;
    children?: ReactNode;
}
export interface OptionsProps {
    store?: never;
    options?: ConnectOptions | undefined;
    children?: ReactNode;
}
export declare function OffhookProvider(props: OffhookProviderProps): ReactElement;
export declare function useOffhookStore(): Store;
export declare function useOffhook(): StoreSnapshot;
export declare function useOffhook<T>(select: (snapshot: StoreSnapshot) => T): T;
export declare function useClient(): Client | undefined;
export declare function useCalls(): readonly CallSnapshot[];
export declare function useCall(id: string | undefined): CallSnapshot | undefined;
export declare function useIncomingCall(): CallSnapshot | undefined;
export declare function useCallStats(id: string | undefined): CallStats | undefined;
export declare function useDevices(session: AudioSession): AudioDevices;
export declare function useDevices(session: AudioSession | undefined): AudioDevices | undefined;
