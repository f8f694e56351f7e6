"use client";

/** @typedef {import("./audio.js").AudioSession} AudioSession */
/** @typedef {import("./react.js").OffhookProviderProps} OffhookProviderProps */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").StoreSnapshot} StoreSnapshot */

import {
  createContext, createElement, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore,
} from "react";
import { createStore } from "./store.js";

const StoreContext = createContext(/** @type {Store | undefined} */ (undefined));

/** @param {OffhookProviderProps} props */
export function OffhookProvider({ store, options, children }) {
  const [own] = useState(createStore);
  // Options are mostly written where they are used: another object each time, that says the same.
  const said = JSON.stringify(options);
  useEffect(() => {
    if (store) return undefined;
    if (options) own.connect(options);
    // A sign-in that StrictMode ends at once has not sent anything yet.
    return () => void own.disconnect();
  }, [store, own, said]);
  return createElement(StoreContext.Provider, { value: store ?? own }, children);
}

export function useOffhookStore() {
  const store = useContext(StoreContext);
  if (!store) throw new Error("Offhook's hooks can be used inside of an <OffhookProvider> only");
  return store;
}

/**
 * @template T
 * @param {(snapshot: StoreSnapshot) => T} [select]
 */
export function useOffhook(select = /** @type {(snapshot: StoreSnapshot) => T} */ (everything)) {
  const store = useOffhookStore();
  const read = useMemo(() => selection(store.getSnapshot, select), [store, select]);
  const readInitial = useMemo(() => selection(store.getInitialSnapshot, select), [store, select]);
  return useSyncExternalStore(store.subscribe, read, readInitial);
}

export function useClient() {
  return useOffhook(theClient);
}

export function useCalls() {
  return useOffhook(theCalls);
}

/** @param {string | undefined} id */
export function useCall(id) {
  return useOffhook((snapshot) => find(snapshot, id));
}

export function useIncomingCall() {
  return useOffhook(theIncomingCall);
}

/** @param {string | undefined} id */
export function useCallStats(id) {
  const call = useOffhook((snapshot) => find(snapshot, id)?.handle);
  /** @type {(listener: () => void) => () => void} */
  const subscribe = useCallback((listener) => {
    // A call that has ended takes no listeners any more: its last counters stay.
    return call && call.state !== "done" ? call.on("stats", listener) : () => {};
  }, [call]);
  return useSyncExternalStore(subscribe, () => call?.stats, () => undefined);
}

/** @param {AudioSession | undefined} session */
export function useDevices(session) {
  /** @type {(listener: () => void) => () => void} */
  const subscribe = useCallback((listener) => session?.on("changed", listener) ?? (() => {}), [session]);
  const read = () => session?.devices;
  return useSyncExternalStore(subscribe, read, read);
}

/**
 * What `select` takes from each snapshot, taken once: React asks again and again, and must get the same object.
 *
 * @template T
 * @param {() => StoreSnapshot} read
 * @param {(snapshot: StoreSnapshot) => T} select
 */
function selection(read, select) {
  /** @type {{ snapshot: StoreSnapshot, selected: T } | undefined} */
  let last;
  return () => {
    const snapshot = read();
    if (last?.snapshot !== snapshot) last = { snapshot, selected: select(snapshot) };
    return last.selected;
  };
}

/**
 * @param {StoreSnapshot} snapshot
 * @param {string | undefined} id
 */
function find({ calls, lastCall }, id) {
  return calls.find((call) => call.id === id) ?? (lastCall?.id === id ? lastCall : undefined);
}

/** @param {StoreSnapshot} snapshot */
function everything(snapshot) {
  return snapshot;
}

/** @param {StoreSnapshot} snapshot */
function theClient({ client }) {
  return client;
}

/** @param {StoreSnapshot} snapshot */
function theCalls({ calls }) {
  return calls;
}

/** @param {StoreSnapshot} snapshot */
function theIncomingCall({ incoming }) {
  return incoming;
}
