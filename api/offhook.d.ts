// import … from "offhook": OffhookError, connect, preload

export declare function connect(options: ConnectOptions): Promise<Client>;
export declare function preload(options?: {
    wasmUrl?: string | URL;
}): Promise<void>;
export type ConnectOptions = CommonOptions & (PasswordOptions | TokenOptions | AnonymousOptions);
export interface PasswordOptions {
    login: string;
    password: string;
    token?: never;
    getToken?: never;
    anonymous?: never;
}
export type TokenOptions = {
    login?: never;
    password?: never;
    anonymous?: never;
} & (GivenToken | FetchedToken);
export interface GivenToken {
    token: string;
    getToken?: never;
    tokenStrategy?: never;
}
export interface FetchedToken {
    token?: string;
    getToken: () => string | Promise<string>;
    tokenStrategy?: TokenStrategy;
}
export type TokenStrategy = "timeToLive" | "onExpiry" | "perCall" | "prefetch";
export interface TokenFacts {
    readonly identity: string | undefined;
    readonly expiresAt: Date | undefined;
}
export interface AnonymousOptions {
    anonymous: AnonymousTarget;
    login?: never;
    password?: never;
    token?: never;
    getToken?: never;
}
export interface AnonymousTarget {
    targetId: string;
    targetType?: string;
    targetVersionId?: string;
    conversationId?: string;
    parameters?: Record<string, string>;
}
export interface CommonOptions {
    url?: string;
    dialect?: Dialect;
    environment?: "production" | "development";
    region?: Region;
    iceServers?: RTCIceServer[];
    forceRelay?: boolean;
    trickle?: boolean;
    callerName?: string;
    callerNumber?: string;
    reconnectAttempts?: number;
    recoverySeconds?: number;
    onReload?: "resume" | "hangup";
    confirmLeave?: boolean;
    microphoneId?: string;
    audio?: Omit<MediaTrackConstraints, "deviceId">;
    processAudio?: (track: MediaStreamTrack) => MediaStreamTrack | Promise<MediaStreamTrack>;
    preferredCodecs?: string[];
    encoding?: Pick<RTCRtpEncodingParameters, "maxBitrate" | "networkPriority" | "priority">;
    rtcConfiguration?: Omit<RTCConfiguration, "iceServers" | "iceTransportPolicy">;
    speakerId?: string;
    wasmUrl?: string | URL;
    signal?: AbortSignal;
    plugins?: readonly (Plugin | undefined)[];
}
export type Plugin = (client: Client) => void;
export type Dialect = "telnyx" | "freeswitch";
export type Region = "auto" | "us-east" | "us-central" | "us-west" | "ca-central" | "eu" | "apac" | "south-asia";
export interface CallOptions {
    destinationNumber?: string;
    callerName?: string;
    callerNumber?: string;
    callId?: string;
    clientState?: string;
    customHeaders?: Record<`X-${string}`, string>;
    userVariables?: Record<string, string>;
    muted?: boolean;
    audio?: boolean | MediaStream;
}
export interface AnswerOptions {
    customHeaders?: Record<`X-${string}`, string>;
    muted?: boolean;
    audio?: boolean | MediaStream;
}
export type CallState = "new" | "connecting" | "ringing" | "active" | "held" | "reconnecting" | "dropped" | "done";
export type Interruption = "networkLost" | "networkSwitch" | "serverError" | "mediaLost" | "reload";
export type Direction = "inbound" | "outbound";
export interface Termination {
    readonly cause?: string;
    readonly causeCode?: number;
    readonly sipCode?: number;
    readonly sipReason?: string;
    readonly by: "local" | "remote" | "server" | "network" | "timeout";
}
export interface CallStats {
    readonly packetsSent: number;
    readonly packetsReceived: number;
    readonly bytesSent: number;
    readonly bytesReceived: number;
    readonly energySent: number;
    readonly energyReceived: number;
}
export interface CallQuality {
    readonly mos?: number;
    readonly quality: "excellent" | "good" | "fair" | "poor" | "bad" | "unknown";
    readonly jitter?: number;
    readonly rtt?: number;
    readonly inboundAudio: RTCInboundRtpStreamStats | undefined;
    readonly outboundAudio: RTCOutboundRtpStreamStats | undefined;
    readonly remoteInboundAudio: RTCStats | undefined;
    readonly remoteOutboundAudio: RTCStats | undefined;
}
export interface TelnyxIds {
    readonly callControlId?: string;
    readonly sessionId?: string;
    readonly legId?: string;
}
export interface ClientEvents {
    socketConnected: {
        readonly url: string;
    };
    socketDisconnected: {
        readonly code: number;
        readonly reason: string;
    };
    session: {
        readonly sessid: string;
    };
    ready: {
        readonly dc?: string;
        readonly region?: string;
    };
    reconnecting: {
        readonly attempt: number;
        readonly delaySeconds: number;
        readonly interruption: Interruption;
    };
    error: {
        readonly error: OffhookError;
        readonly call?: Call;
    };
    warning: {
        readonly code: number;
        readonly message: string;
        readonly call?: Call;
        readonly resume?: () => Promise<boolean>;
    };
    outgoingCall: {
        readonly call: Call;
    };
    screening: {
        readonly call: Call;
        silent: boolean;
    };
    incomingCall: {
        readonly call: Call;
    };
    recoveredCall: {
        readonly call: Call;
    };
    microphoneNeeded: {
        readonly call: Call;
        readonly error: OffhookError;
        readonly deadline: Date;
        readonly resume: () => void;
        readonly giveUp: () => void;
    };
    callState: CallEvents["state"] & {
        readonly call: Call;
    };
    callEnded: {
        readonly call: Call;
        readonly reason: Termination;
    };
    message: {
        readonly direction: "in" | "out";
        readonly frame: unknown;
    };
}
export interface CallEvents {
    state: {
        readonly state: CallState;
        readonly previous: CallState;
        readonly interruption?: Interruption;
        readonly reason?: Termination;
    };
    updated: {};
    dtmf: {
        readonly digit: string;
    };
    peerConnection: {
        readonly connection: RTCPeerConnection;
    };
    stats: CallStats;
    report: {
        readonly connection: RTCPeerConnection;
        readonly report: RTCStatsReport;
    };
    quality: CallQuality;
    error: {
        readonly error: OffhookError;
    };
    ended: Termination;
}
export type CallProcessor = (track: MediaStreamTrack | undefined) => MediaStreamTrack | undefined;
export interface ListenOptions {
    once?: boolean;
    signal?: AbortSignal;
}
export interface Client extends Disposable {
    readonly ready: boolean;
    readonly reconnecting: boolean;
    readonly sessid: string | undefined;
    readonly dialect: Dialect;
    readonly url: string;
    readonly region: Region;
    readonly calls: readonly Call[];
    readonly token: TokenFacts | undefined;
    readonly devices: Devices;
    newCall(options?: CallOptions): Call;
    prepare(): Promise<boolean>;
    reconnectNow(): void;
    updateToken(token: string): Promise<void>;
    send(frame: object): boolean;
    on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void, options?: ListenOptions): () => void;
    close(): Promise<void>;
    [Symbol.dispose](): void;
}
export interface Call {
    readonly id: string;
    readonly direction: Direction;
    readonly state: CallState;
    readonly earlyMedia: boolean;
    readonly mediaConnected: boolean;
    readonly muted: boolean;
    readonly remoteName: string | undefined;
    readonly remoteNumber: string | undefined;
    readonly destinationNumber: string | undefined;
    readonly clientState: string | undefined;
    readonly customHeaders: Readonly<Record<string, string>>;
    readonly variables: Readonly<Record<string, string>>;
    readonly telnyxIds: TelnyxIds;
    readonly startedConnectingAt: Date | undefined;
    readonly connectedAt: Date | undefined;
    readonly answeredAt: Date | undefined;
    readonly interruption: Interruption | undefined;
    readonly reason: Termination | undefined;
    readonly stats: CallStats | undefined;
    readonly quality: CallQuality | undefined;
    readonly peerConnection: RTCPeerConnection | undefined;
    readonly remoteStream: MediaStream | undefined;
    readonly localStream: MediaStream | undefined;
    answer(options?: AnswerOptions): Promise<void>;
    hangup(): void;
    hold(): Promise<void>;
    unhold(): Promise<void>;
    mute(): void;
    unmute(): void;
    dtmf(digits: string): Promise<void>;
    transfer(to: string | Call): Promise<void>;
    processAudio(process?: CallProcessor): Promise<void>;
    setSpeaker(deviceId: string | undefined): Promise<void>;
    on<K extends keyof CallEvents>(event: K, listener: (event: CallEvents[K]) => void, options?: ListenOptions): () => void;
}
export interface Devices {
    microphones(): Promise<readonly Device[]>;
    speakers(): Promise<readonly Device[]>;
    permission(): Promise<PermissionState>;
    readonly microphoneId: string | undefined;
    readonly microphoneTrack: MediaStreamTrack | undefined;
    readonly speakerId: string | undefined;
    setMicrophone(deviceId: string | undefined): Promise<void>;
    setConstraints(constraints: Omit<MediaTrackConstraints, "deviceId">): Promise<void>;
    setSpeaker(deviceId: string | undefined): Promise<void>;
    readonly volume: number;
    setVolume(volume: number): void;
}
export interface Device {
    readonly deviceId: string;
    readonly label: string;
}
export type ErrorKind = "misuse" | "refused" | "peerMisbehaved" | "media" | "lost" | "defect";
export interface OffhookError extends Error {
    readonly name: "OffhookError";
    readonly kind: ErrorKind;
    readonly code: number;
    readonly fatal: boolean;
    readonly option?: string;
    readonly serverCode?: number;
    readonly serverMessage?: string;
    readonly media?: "permissionDenied" | "permissionDismissed" | "permissionBlocked" | "deviceNotFound" | "deviceBusy" | "insecureContext" | "microphone" | "offer" | "answer" | "localDescription" | "remoteDescription" | "stalled" | "connection";
    readonly url?: string;
}
export declare const OffhookError: abstract new (...args: never) => OffhookError;
