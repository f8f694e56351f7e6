// import … from "offhook/audio": createAudioSession

import type { Call, Client, Device, ListenOptions, OffhookError } from "./index.js";
export declare function createAudioSession(client: Client, options?: AudioSessionOptions): AudioSession;
export interface AudioSessionOptions {
    remember?: Pick<Storage, "getItem" | "setItem"> | false;
    interruptions?: boolean;
    autoResume?: boolean;
    wakeLock?: boolean;
    silenceSeconds?: number;
}
export interface AudioDevices {
    readonly microphones: readonly Device[];
    readonly speakers: readonly Device[];
    readonly microphoneId: string | undefined;
    readonly speakerId: string | undefined;
    readonly ringId: string | undefined;
    readonly permission: PermissionState;
}
export interface Level {
    readonly rms: number;
    readonly peak: number;
    readonly rmsDb: number;
    readonly peakDb: number;
}
export interface CallLevels {
    readonly local: Level;
    readonly remote: Level;
}
export type InterruptionCause = "muted" | "ended" | "context";
export interface MicrophoneTest {
    readonly label: string;
    readonly loudest: Level;
    readonly isSilent: boolean;
}
export interface AudioSessionEvents {
    changed: {
        readonly devices: AudioDevices;
    };
    speakingWhileMuted: {
        readonly calls: readonly Call[];
    };
    silentMicrophone: {
        readonly silent: boolean;
    };
    interrupted: {
        readonly calls: readonly Call[];
        readonly why: InterruptionCause;
    };
    resumable: {
        readonly calls: readonly Call[];
        readonly why: InterruptionCause;
    };
    resumed: {
        readonly calls: readonly Call[];
        readonly why: InterruptionCause;
    };
    activated: {
        readonly why: "disabled" | "interrupted";
    };
    deactivated: {
        readonly why: "disabled" | "interrupted";
    };
    error: {
        readonly error: OffhookError;
    };
}
export interface AudioSession {
    readonly ready: Promise<void>;
    readonly devices: AudioDevices;
    readonly audioEnabled: boolean;
    readonly active: boolean;
    readonly interruption: {
        readonly calls: readonly Call[];
        readonly why: InterruptionCause;
    } | undefined;
    readonly microphoneSilent: boolean;
    readonly screenAwake: boolean;
    setMicrophone(deviceId: string | undefined): Promise<void>;
    setSpeaker(deviceId: string | undefined): Promise<void>;
    setRing(deviceId: string | undefined): Promise<void>;
    setAudioEnabled(enabled: boolean): void;
    resume(): Promise<void>;
    reset(): Promise<void>;
    levels(call: Call, listener: (levels: CallLevels) => void, options?: {
        hz?: number;
    }): () => void;
    testTone(deviceId?: string): Promise<boolean>;
    testMicrophone(options?: {
        deviceId?: string;
        seconds?: number;
        onLevel?: (level: Level) => void;
        signal?: AbortSignal;
    }): Promise<MicrophoneTest>;
    on<K extends keyof AudioSessionEvents>(event: K, listener: (event: AudioSessionEvents[K]) => void, options?: ListenOptions): () => void;
}
