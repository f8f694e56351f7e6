// import … from "offhook/check": checkCall

import type { Level } from "./audio.js";
import type { CallOptions, CallQuality, Client, ConnectOptions, Device, Dialect, ErrorKind, ListenOptions, Region } from "./index.js";
import type { Spread } from "./quality.js";
export declare function checkCall(options?: CheckOptions): Check;
export interface CheckOptions {
    signIn?: ConnectOptions;
    client?: Client;
    url?: string | readonly string[];
    dialect?: Dialect;
    environment?: "production" | "development";
    regions?: readonly Region[];
    iceServers?: RTCIceServer[];
    forceRelay?: boolean;
    microphone?: boolean;
    microphoneId?: string;
    expectSpeech?: boolean;
    call?: TestCall | "loopback" | false;
    permissionSeconds?: number;
    microphoneSeconds?: number;
    gatewaySeconds?: number;
    iceSeconds?: number;
    setUpSeconds?: number;
    wasmUrl?: string | URL;
    signal?: AbortSignal;
}
export interface TestCall extends Omit<CallOptions, "audio" | "callId" | "muted"> {
    seconds?: number;
}
export type Verdict = "permissionDenied" | "blocked" | "degraded" | "inconclusive" | "ready";
export type CheckStep = "permission" | "devices" | "microphone" | "gateway" | "ice" | "signIn" | "call";
export interface StepOutcome {
    readonly state: "waiting" | "running" | "done" | "skipped";
    readonly verdict?: Verdict;
    readonly ms?: number;
}
export type ReasonCode = "permissionDenied" | "permissionDismissed" | "permissionBlocked" | "permissionUnanswered" | "insecureContext" | "noMicrophone" | "microphoneBusy" | "microphoneFailed" | "microphoneMuted" | "microphoneSilent" | "microphoneQuiet" | "microphoneUnmeasured" | "gatewayUnreachable" | "gatewayTimedOut" | "gatewaySilent" | "gatewayForbidden" | "gatewaySlow" | "signInRefused" | "signInFailed" | "noWebRtc" | "noCandidates" | "noRelay" | "udpBlocked" | "iceUnauthorized" | "iceUnreachable" | "iceTimedOut" | "iceInvalid" | "soundBlocked" | "callNotConnected" | "callNotAnswered" | "callEnded" | "callRefused" | "noAudio" | "oneWayAudio" | "lowMos" | "packetLoss" | "highJitter" | "highRtt" | "loopbackLocal" | "stepFailed";
export interface CheckReason {
    readonly code: ReasonCode;
    readonly step: CheckStep;
    readonly verdict: Verdict;
    readonly subject?: string;
    readonly message: string;
    readonly advice: string;
}
export interface PermissionFound {
    readonly before: PermissionState | undefined;
    readonly after: PermissionState | undefined;
    readonly ms: number;
    readonly failure: "permissionDenied" | "permissionDismissed" | "permissionBlocked" | "unanswered" | "insecureContext" | "deviceNotFound" | "deviceBusy" | "microphone" | undefined;
}
export interface DevicesFound {
    readonly microphones: readonly Device[];
    readonly speakers: readonly Device[];
}
export interface MicrophoneHeard {
    readonly label: string;
    readonly muted: boolean;
    readonly loudest: Level | undefined;
    readonly average: Level | undefined;
}
export interface GatewayResult {
    readonly url: string;
    readonly region?: Region;
    readonly openMs?: number;
    readonly rttMs?: number;
    readonly rttBy?: "ping" | "opening";
    readonly failure?: "refused" | "timedOut" | "silent" | "forbidden";
}
export interface CandidateFound {
    readonly type: RTCIceCandidateType;
    readonly protocol: RTCIceProtocol;
    readonly hidden: boolean;
}
export interface IceServerResult {
    readonly url: string;
    readonly type: "stun" | "turn";
    readonly protocol: "udp" | "tcp" | "tls";
    readonly works: boolean;
    readonly candidates: readonly CandidateFound[];
    readonly ms?: number;
    readonly failure?: "unauthorized" | "unreachable" | "timedOut" | "invalid";
    readonly errorCode?: number;
    readonly errorText?: string;
}
export interface IceFindings {
    readonly servers: readonly IceServerResult[];
    readonly candidates: readonly CandidateFound[];
    readonly host: boolean;
    readonly reflexive: boolean | undefined;
    readonly relay: {
        readonly udp?: boolean;
        readonly tcp?: boolean;
        readonly tls?: boolean;
    };
    readonly failure?: "unsupported";
}
export interface SignInFindings {
    readonly ms: number;
    readonly region?: Region;
    readonly error?: {
        readonly kind: ErrorKind;
        readonly code: number;
        readonly message: string;
    };
}
export interface CallPath {
    readonly via?: RTCIceCandidateType;
    readonly over?: "udp" | "tcp" | "tls";
}
export interface CallFindings extends CallPath {
    readonly kind: "loopback" | "call";
    readonly failure?: "soundBlocked" | "notConnected" | "notAnswered" | "ended" | "refused";
    readonly cause?: string;
    readonly setUpMs?: number;
    readonly seconds?: number;
    readonly mos?: Spread | undefined;
    readonly quality?: CallQuality["quality"];
    readonly jitter?: Spread | undefined;
    readonly rtt?: Spread | undefined;
    readonly loss?: number | undefined;
    readonly packetsSent?: number;
    readonly packetsReceived?: number;
}
export interface CheckFindings {
    readonly permission?: PermissionFound;
    readonly devices?: DevicesFound;
    readonly microphone?: MicrophoneHeard;
    readonly gateways: readonly GatewayResult[];
    readonly ice?: IceFindings;
    readonly signIn?: SignInFindings;
    readonly call?: CallFindings;
}
export interface CheckReport extends CheckFindings {
    readonly version: 1;
    readonly startedAt: Date;
    readonly ms: number;
    readonly verdict: Verdict | undefined;
    readonly reasons: readonly CheckReason[];
    readonly steps: Readonly<Record<CheckStep, StepOutcome>>;
}
export interface CheckEvents {
    progress: {
        readonly step: CheckStep;
        readonly report: CheckReport;
    };
    level: Level;
}
export interface Check {
    readonly done: Promise<CheckReport & {
        readonly verdict: Verdict;
    }>;
    readonly report: CheckReport;
    abort(reason?: unknown): void;
    on<K extends keyof CheckEvents>(event: K, listener: (event: CheckEvents[K]) => void, options?: ListenOptions): () => void;
}
