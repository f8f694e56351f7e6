// import … from "offhook/quality": createScorer, toCsv, watchQuality

import type { AudioSession, Level } from "./audio.js";
import type { Call, Client, ListenOptions, OffhookError } from "./index.js";
export declare function watchQuality(client: Client, options?: QualityOptions): Promise<QualityWatch>;
export declare function toCsv(record: Pick<CallRecord, "startedAt" | "samples">): string;
export declare function createScorer(options?: Pick<QualityOptions, "wasmUrl">): Promise<Scorer>;
export interface Scorer {
    take(report: RTCStatsReport): QualitySample | undefined;
    close(): void;
}
export interface QualityOptions {
    wasmUrl?: string | URL;
    samples?: number;
    endedCalls?: number;
    words?: (sentence: QualitySentence) => {
        text?: string;
        advice?: string;
    } | undefined;
    audio?: AudioSession;
}
export interface QualitySentence {
    readonly kind: "warning" | "cause";
    readonly name: string;
    readonly evidence: Readonly<Record<string, number>>;
    readonly text: string;
    readonly advice: string;
}
export interface QualityWatch extends Disposable {
    of(call: Call): CallRecord | undefined;
    readonly signIn: SignInTimings;
    readonly records: readonly CallRecord[];
    levels(call: Call, listener: (levels: QualityLevels) => void, options?: {
        hz?: number;
    }): () => void;
    on<K extends keyof QualityWatchEvents>(event: K, listener: (event: QualityWatchEvents[K]) => void, options?: ListenOptions): () => void;
    [Symbol.dispose](): void;
}
export interface QualityLevels {
    readonly inbound: Level;
    readonly outbound: Level;
}
export interface QualityWatchEvents {
    sample: {
        readonly call: Call;
        readonly sample: QualitySample;
    };
    warning: QualityWarning & {
        readonly call: Call;
        readonly raised: boolean;
    };
    milestone: {
        readonly call: Call;
        readonly name: MilestoneName;
        readonly at: number;
    };
    timings: {
        readonly call: Call;
        readonly timings: CallTimings;
    };
    verdict: {
        readonly call: Call;
        readonly summary: QualitySummary;
        readonly verdict: CallVerdict;
    };
    error: {
        readonly error: OffhookError;
    };
}
export interface CallRecord {
    readonly call: Call;
    readonly startedAt: Date;
    readonly samples: readonly QualitySample[];
    readonly warnings: readonly QualityWarning[];
    readonly timings: CallTimings;
    readonly summary: QualitySummary;
    readonly verdict: CallVerdict | undefined;
}
export type QualityBand = "excellent" | "good" | "fair" | "poor" | "bad" | "unknown";
export interface QualitySample {
    readonly at: number;
    readonly seconds: number;
    readonly mos: number | undefined;
    readonly mosCqe: number | undefined;
    readonly quality: QualityBand;
    readonly costliest: "loss" | "jitter" | "rtt" | undefined;
    readonly loss: number | undefined;
    readonly remoteLoss: number | undefined;
    readonly jitter: number | undefined;
    readonly inboundJitter: number | undefined;
    readonly rtt: number | undefined;
    readonly packetsReceived: number | undefined;
    readonly bytesReceived: number | undefined;
    readonly packetsLost: number | undefined;
    readonly packetsSent: number | undefined;
    readonly bytesSent: number | undefined;
    readonly inboundLevel: number | undefined;
    readonly outboundLevel: number | undefined;
    readonly concealed: number | undefined;
    readonly bufferDelay: number | undefined;
}
export interface QualityWarning {
    readonly code: number;
    readonly name: string;
    readonly at: number;
    readonly message: string;
    readonly advice: string;
}
export interface Spread {
    readonly least: number;
    readonly mean: number;
    readonly most: number;
}
export interface QualitySummary {
    readonly seconds: number;
    readonly packetsReceived: number;
    readonly bytesReceived: number;
    readonly packetsLost: number;
    readonly packetsSent: number;
    readonly bytesSent: number;
    readonly loss: number | undefined;
    readonly remoteLoss: Spread | undefined;
    readonly jitter: Spread | undefined;
    readonly rtt: Spread | undefined;
    readonly mos: Spread | undefined;
    readonly mosCqe: Spread | undefined;
    readonly concealed: Spread | undefined;
    readonly inboundLevel: Spread | undefined;
    readonly outboundLevel: Spread | undefined;
    readonly quality: QualityBand;
    readonly bands: Readonly<Record<QualityBand, number>>;
    readonly warnings: readonly {
        readonly code: number;
        readonly name: string;
        readonly at: number;
        readonly times: number;
        readonly seconds: number;
    }[];
    readonly timings: CallTimings;
}
export type MilestoneName = "callInitiated" | "inviteReceived" | "answerInitiated" | "peerConnectionCreated" | "mediaDevicesAcquired" | "sdpNegotiationStarted" | "localSdpSet" | "inviteSent" | "answerSent" | "remoteSdpReceived" | "remoteSdpSet" | "remoteSideRinging" | "callAnsweredByRemote" | "iceGatheringStarted" | "firstIceCandidate" | "firstReflexiveCandidate" | "firstRelayCandidate" | "iceGatheringComplete" | "iceChecking" | "iceConnected" | "iceCompleted" | "dtlsConnecting" | "dtlsConnected" | "peerConnected" | "firstRtpSent" | "firstRtpReceived" | "mediaActive" | "callActive";
export interface SignInTimings {
    readonly socketConnected?: number;
    readonly loginSent?: number;
    readonly clientReady?: number;
}
export interface CallTimings {
    readonly milestones: Readonly<Partial<Record<MilestoneName, number>>>;
    readonly callSetup?: number;
    readonly timeToFirstRtp?: number;
    readonly iceGathering?: number;
    readonly signalling?: number;
    readonly mediaEstablishment?: number;
    readonly answerDelay?: number;
}
export interface CallVerdict {
    readonly findings: readonly Finding[];
    readonly text: string;
}
export interface Finding {
    readonly code: number;
    readonly cause: string;
    readonly severity: "failed" | "bad" | "impaired" | "unnoticed";
    readonly confidence: number;
    readonly side: "here" | "there" | "network" | "server" | "unknown";
    readonly from?: number;
    readonly to?: number;
    readonly evidence: Readonly<Record<string, number>>;
    readonly text: string;
    readonly advice: string;
}
