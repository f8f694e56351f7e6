import type { Level } from "./audio.js";
import type {
  CallOptions, CallQuality, Client, ConnectOptions, Device, Dialect, ErrorKind, ListenOptions, Region,
} from "./index.js";
import type { Spread } from "./quality.js";

/**
 * Finds out whether this person could call from this page now: permission, microphone, gateway, ICE servers, and how
 * a test call sounds. It begins at once, and makes no call that anybody could be charged for unless `call` names a
 * number.
 *
 * Best called from a click: before a page was touched, browsers let it measure no sound. Throws an `OffhookError`
 * (`misuse`) if an option is wrong.
 */
export declare function checkCall(options?: CheckOptions): Check;

/** What is checked, and how long it may take. */
export interface CheckOptions {
  /**
   * Signs in with this, as `connect()` would, and out again. What it says of the gateway, of ICE servers and of the
   * microphone counts where the check is not told otherwise. Not together with `client`.
   */
  signIn?: ConnectOptions;
  /** A client that is connected: its gateway is checked, and a test call is made with it. It stays open. */
  client?: Client;
  /** The gateway's address, or several that are each tried. Default: the client's, or Telnyx in `regions`. */
  url?: string | readonly string[];
  /** Which Verto is spoken there. Default: as in `connect()`. */
  dialect?: Dialect;
  /** Telnyx's environment, where there is no address. Default: `"production"`. */
  environment?: "production" | "development";
  /** Telnyx's regions, each tried, where there is no address. Default: `["auto"]`, the nearest. */
  regions?: readonly Region[];
  /** STUN and TURN servers; each address is asked alone. Default: as in `connect()`. */
  iceServers?: RTCIceServer[];
  /** Whether calls may only be relayed: without a relay they are then `blocked`. Default: `false`. */
  forceRelay?: boolean;
  /** Ask for the microphone, and listen to it. Default: `true`. */
  microphone?: boolean;
  /** `deviceId` of the microphone. Default: the system's. */
  microphoneId?: string;
  /** The person is asked to speak: then silence is `degraded`. Otherwise only exact silence is. Default: `false`. */
  expectSpeech?: boolean;
  /**
   * The test call: of the page to itself, which leads over the TURN servers that work (`"loopback"`), to a number that
   * answers by itself, such as an echo service (with `client` or `signIn`; it may cost money), or none. Default:
   * `"loopback"`.
   */
  call?: TestCall | "loopback" | false;
  /** How long the person may take to answer the browser's question, up to 600. Default: `60`. */
  permissionSeconds?: number;
  /** How long the microphone is listened to, up to 30. Default: `3`. */
  microphoneSeconds?: number;
  /** How long a gateway may take to open a WebSocket, up to 60. Default: `5`. */
  gatewaySeconds?: number;
  /** How long an ICE server may take, up to 60. Default: `6`. */
  iceSeconds?: number;
  /** How long a test call may take until it is answered and connected, up to 120. Default: `15`. */
  setUpSeconds?: number;
  /**
   * Where this version's `quality_bg.wasm` is, which scores a loopback, for bundlers that do not follow `new URL(…,
   * import.meta.url)`.
   */
  wasmUrl?: string | URL;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}

/** A number to call, as `newCall()` takes it. */
export interface TestCall extends Omit<CallOptions, "audio" | "callId" | "muted"> {
  /** How long it lasts once it was answered, from 1 to 120. Default: `6`. */
  seconds?: number;
}

/**
 * What comes out, the worst first: of several, the first one that holds is the whole's.
 *
 * - `permissionDenied`: the person, the browser or the page does not allow the microphone
 * - `blocked`: calls cannot be made
 * - `degraded`: they can, but not as they should
 * - `inconclusive`: something could not be found out
 * - `ready`: nothing speaks against it
 */
export type Verdict = "permissionDenied" | "blocked" | "degraded" | "inconclusive" | "ready";

/**
 * What is done. `permission`, `devices` and `microphone` come one after the other, `gateway` and `ice` meanwhile, then
 * `signIn` and `call`.
 */
export type CheckStep = "permission" | "devices" | "microphone" | "gateway" | "ice" | "signIn" | "call";

/** How far a step is. */
export interface StepOutcome {
  /** Where it stands; `skipped` was not asked for, or had nothing to work with. */
  readonly state: "waiting" | "running" | "done" | "skipped";
  /** What came of it, once it is done. */
  readonly verdict?: Verdict;
  /** How long it took. */
  readonly ms?: number;
}

/** Stable names of what speaks against calling. `docs/check.md` says of each what it leads to. */
export type ReasonCode =
  | "permissionDenied" | "permissionDismissed" | "permissionBlocked" | "permissionUnanswered"
  | "insecureContext" | "noMicrophone" | "microphoneBusy" | "microphoneFailed"
  | "microphoneMuted" | "microphoneSilent" | "microphoneQuiet" | "microphoneUnmeasured"
  | "gatewayUnreachable" | "gatewayTimedOut" | "gatewaySilent" | "gatewayForbidden" | "gatewaySlow"
  | "signInRefused" | "signInFailed"
  | "noWebRtc" | "noCandidates" | "noRelay" | "udpBlocked"
  | "iceUnauthorized" | "iceUnreachable" | "iceTimedOut" | "iceInvalid"
  | "soundBlocked" | "callNotConnected" | "callNotAnswered" | "callEnded" | "callRefused"
  | "noAudio" | "oneWayAudio" | "lowMos" | "packetLoss" | "highJitter" | "highRtt" | "loopbackLocal"
  | "stepFailed";

/** Something that speaks against calling, or is worth knowing. */
export interface CheckReason {
  /** Its name. */
  readonly code: ReasonCode;
  /** Which step found it. */
  readonly step: CheckStep;
  /** What it leads to by itself; `ready` is only worth knowing. */
  readonly verdict: Verdict;
  /** What it is about: an address or a device. */
  readonly subject?: string;
  /** What was found, in English. */
  readonly message: string;
  /** What can be done about it, in English. */
  readonly advice: string;
}

/** What became of asking for the microphone. */
export interface PermissionFound {
  /** What the browser said before; `undefined` where it does not tell. */
  readonly before: PermissionState | undefined;
  /** What it said after. */
  readonly after: PermissionState | undefined;
  /** How long the person and the browser took. */
  readonly ms: number;
  /** Why there is no microphone, as in `OffhookError.media`. */
  readonly failure:
    | "permissionDenied" | "permissionDismissed" | "permissionBlocked" | "unanswered" | "insecureContext"
    | "deviceNotFound" | "deviceBusy" | "microphone" | undefined;
}

/** What is plugged in. Without the permission browsers hide the names. */
export interface DevicesFound {
  /** Microphones. */
  readonly microphones: readonly Device[];
  /** Loudspeakers; empty where the browser does not tell. */
  readonly speakers: readonly Device[];
}

/** How the microphone sounded. */
export interface MicrophoneHeard {
  /** Its name. */
  readonly label: string;
  /** Whether the system mutes it. */
  readonly muted: boolean;
  /** The loudest that it was; `undefined` where the browser let nothing be measured. */
  readonly loudest: Level | undefined;
  /** Over the whole time. */
  readonly average: Level | undefined;
}

/** How one gateway was reached. */
export interface GatewayResult {
  /** Its address, without a query. */
  readonly url: string;
  /** Telnyx's region. */
  readonly region?: Region;
  /** From the first packet to the open WebSocket: name, connection, TLS and handshake. */
  readonly openMs?: number;
  /** A round trip. */
  readonly rttMs?: number;
  /**
   * How that was measured: by a request and its answer (the median of three), or, where the gateway answers none
   * without a sign-in, only by the opening, which is several round trips.
   */
  readonly rttBy?: "ping" | "opening";
  /** Why it cannot be used. */
  readonly failure?: "refused" | "timedOut" | "silent" | "forbidden";
}

/** An address for media that the browser found. Which, is not told: reports go to other people. */
export interface CandidateFound {
  /** `host` is its own, `srflx` the one that a STUN server sees, `relay` the one at a TURN server. */
  readonly type: RTCIceCandidateType;
  /** What media would travel over. */
  readonly protocol: RTCIceProtocol;
  /** Whether the browser hides it (`.local`), as before the microphone is allowed. */
  readonly hidden: boolean;
}

/** What one STUN or TURN server did, asked alone. */
export interface IceServerResult {
  /** Its address. */
  readonly url: string;
  /** By its address. */
  readonly type: "stun" | "turn";
  /** Over what the browser speaks to it, by its address. */
  readonly protocol: "udp" | "tcp" | "tls";
  /** Whether it gave an address; of a STUN server, or found that there is no NAT. */
  readonly works: boolean;
  /** What it gave. */
  readonly candidates: readonly CandidateFound[];
  /** How long it took. */
  readonly ms?: number;
  /** Why it does not work. */
  readonly failure?: "unauthorized" | "unreachable" | "timedOut" | "invalid";
  /** STUN's code, such as 401; 701 is the browser's, for a server that it does not reach. */
  readonly errorCode?: number;
  /** The server's words, or the browser's. */
  readonly errorText?: string;
}

/** How media could travel. */
export interface IceFindings {
  /** Each address of `iceServers`, alone. */
  readonly servers: readonly IceServerResult[];
  /** All addresses together. */
  readonly candidates: readonly CandidateFound[];
  /** Whether the browser has addresses of its own. */
  readonly host: boolean;
  /** Whether a STUN server answers; `undefined` where there is none to ask. */
  readonly reflexive: boolean | undefined;
  /** Whether a TURN server relays, by what the browser speaks to it; what is absent was not there to ask. */
  readonly relay: { readonly udp?: boolean; readonly tcp?: boolean; readonly tls?: boolean };
  /** There is no WebRTC. */
  readonly failure?: "unsupported";
}

/** What came of signing in. */
export interface SignInFindings {
  /** How long it took. */
  readonly ms: number;
  /** Telnyx: the region that serves the session. */
  readonly region?: Region;
  /** Why it failed: an `OffhookError`'s fields. */
  readonly error?: { readonly kind: ErrorKind; readonly code: number; readonly message: string };
}

/** Over what media travelled. */
export interface CallPath {
  /** The kind of address on this side. */
  readonly via?: RTCIceCandidateType;
  /** Over what: with a relay, between the browser and the TURN server. */
  readonly over?: "udp" | "tcp" | "tls";
}

/**
 * How the test call was. What a loopback sends goes to the TURN server and back to this page: its figures are those of
 * both ways, there and back.
 */
export interface CallFindings extends CallPath {
  /** Of the page to itself, or to a number. */
  readonly kind: "loopback" | "call";
  /** Why there are no figures. */
  readonly failure?: "soundBlocked" | "notConnected" | "notAnswered" | "ended" | "refused";
  /** The gateway's cause, or the error, of that. */
  readonly cause?: string;
  /** From the call to its answer, or to its connection. */
  readonly setUpMs?: number;
  /** How long it was listened to. */
  readonly seconds?: number;
  /** Mean opinion score, 1 to 4.5. */
  readonly mos?: Spread | undefined;
  /** The score in a word: the one that held longest. */
  readonly quality?: CallQuality["quality"];
  /** In seconds. */
  readonly jitter?: Spread | undefined;
  /** In seconds. */
  readonly rtt?: Spread | undefined;
  /** The share of packets that were lost on the way here, 0 to 1. */
  readonly loss?: number | undefined;
  /** RTP packets sent. */
  readonly packetsSent?: number;
  /** RTP packets received. */
  readonly packetsReceived?: number;
}

/** What the steps found, as far as they are. */
export interface CheckFindings {
  /** Of the step `permission`. */
  readonly permission?: PermissionFound;
  /** Of the step `devices`. */
  readonly devices?: DevicesFound;
  /** Of the step `microphone`. */
  readonly microphone?: MicrophoneHeard;
  /** Of the step `gateway`: one for each that has answered, or failed. */
  readonly gateways: readonly GatewayResult[];
  /** Of the step `ice`. */
  readonly ice?: IceFindings;
  /** Of the step `signIn`. */
  readonly signIn?: SignInFindings;
  /** Of the step `call`. */
  readonly call?: CallFindings;
}

/**
 * What is known, at one moment. It never changes, and `JSON.stringify()` keeps all of it. There is no address of this
 * computer in it and no secret; there are the names of devices.
 */
export interface CheckReport extends CheckFindings {
  /** Of this form. */
  readonly version: 1;
  /** When it began. */
  readonly startedAt: Date;
  /** How long it has taken. */
  readonly ms: number;
  /** The worst of the reasons', once every step is done; `undefined` until then. */
  readonly verdict: Verdict | undefined;
  /** What speaks against calling, the worst first. */
  readonly reasons: readonly CheckReason[];
  /** How far each step is. */
  readonly steps: Readonly<Record<CheckStep, StepOutcome>>;
}

/** What a check tells, by event name. */
export interface CheckEvents {
  /** A step began, found something, or is done. */
  progress: { readonly step: CheckStep; readonly report: CheckReport };
  /** How loud the microphone is, 20 times a second while it is listened to. */
  level: Level;
}

/** A check under way. */
export interface Check {
  /** All that was found. It rejects only with the reason of an abort. */
  readonly done: Promise<CheckReport & { readonly verdict: Verdict }>;
  /** What is known until now. */
  readonly report: CheckReport;
  /** Gives up: closes what is open and rejects `done`. After the end nothing happens. */
  abort(reason?: unknown): void;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof CheckEvents>(
    event: K, listener: (event: CheckEvents[K]) => void, options?: ListenOptions,
  ): () => void;
}
