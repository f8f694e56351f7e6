// import … from "offhook/tones": TONE_REGIONS, createTones

import type { Call, Client, ListenOptions, OffhookError } from "./index.js";
export declare function createTones(client: Client, options?: TonesOptions): Tones;
export declare const TONE_REGIONS: readonly ToneRegion[];
export type ToneName = "ringtone" | "ringback" | "callWaiting" | "busy" | "congestion" | "unobtainable" | "ended";
export type ToneOutput = "ring" | "call";
export type ToneRegion = "us" | "uk" | "eu" | "de" | "fr" | "it" | "es" | "nl" | "au" | "jp" | "in" | "br" | "cn";
export type ToneSource = string | URL | Blob | AudioBuffer | false;
export interface TonesOptions {
    region?: ToneRegion;
    sounds?: Partial<Record<ToneName, ToneSource>>;
    ringbackFrom?: "auto" | "ringing" | "connecting";
    devices?: Partial<Record<ToneOutput, string>>;
    volume?: Partial<Record<ToneOutput, number>>;
    endSeconds?: number;
    dtmf?: boolean;
    vibrate?: boolean;
}
export interface SoundingTone {
    readonly tone: ToneName;
    readonly output: ToneOutput;
    readonly call: Call | undefined;
}
export interface TonesEvents {
    sounding: {
        readonly tones: readonly SoundingTone[];
    };
    blocked: {
        readonly tones: readonly SoundingTone[];
    };
    unblocked: {};
    error: {
        readonly error: OffhookError;
    };
}
export interface Tones extends Disposable {
    readonly sounding: readonly SoundingTone[];
    readonly blocked: boolean;
    readonly region: ToneRegion;
    setRegion(region: ToneRegion): void;
    volume(output: ToneOutput): number;
    setVolume(output: ToneOutput, volume: number): void;
    setOutput(output: ToneOutput, deviceId: string | undefined): Promise<void>;
    setSound(tone: ToneName, source: ToneSource | undefined): Promise<void>;
    key(digit: string): void;
    preview(tone: ToneName): void;
    resume(): Promise<boolean>;
    on<K extends keyof TonesEvents>(event: K, listener: (event: TonesEvents[K]) => void, options?: ListenOptions): () => void;
}
