/// <reference lib="esnext.disposable" />

/**
 * Connects and signs in: once, within ten seconds. The first call loads the WebAssembly module.
 *
 * Rejects with an `OffhookError`, with the signal's reason if `signal` aborts, or with what a plugin throws. What the
 * client has to tell of its sign-in (`session`, `ready`) it tells just after this resolves, so that listeners added then
 * hear it; plugins hear it at once.
 */
export declare function connect(options: ConnectOptions): Promise<Client>;

/**
 * Loads the WebAssembly module ahead of `connect()`, such as when the page is idle. Rejects with an `OffhookError` if it
 * cannot be loaded; the next call tries again.
 */
export declare function preload(options?: {
  /** As in {@link CommonOptions.wasmUrl}. */
  wasmUrl?: string | URL;
}): Promise<void>;

/** How to reach the gateway, and as whom: with `login`, with `token` or `getToken` or both, or with `anonymous`. */
export type ConnectOptions = CommonOptions & (PasswordOptions | TokenOptions | AnonymousOptions);

/** Sign in as a SIP user. */
export interface PasswordOptions {
  /** The user, with or without `@domain`. */
  login: string;
  /** The user's password. */
  password: string;
  token?: never;
  getToken?: never;
  anonymous?: never;
}

/** Sign in with a JSON Web Token from the application's own server (Telnyx only). */
export type TokenOptions = {
  login?: never;
  password?: never;
  anonymous?: never;
} & (GivenToken | FetchedToken);

/** A token that the application has. It is not replaced by itself: see the warning 34001 and `updateToken()`. */
export interface GivenToken {
  /** The token. */
  token: string;
  getToken?: never;
  tokenStrategy?: never;
}

/** Tokens that the application fetches when they are needed. */
export interface FetchedToken {
  /** The first token, where there is one already. */
  token?: string;
  /**
   * Fetches a token from the application's own server, within ten seconds. Asked for the first token, as
   * `tokenStrategy` says, and once after a refusal; after a failure again, each time later. A call that is up is never
   * touched by another token.
   */
  getToken: () => string | Promise<string>;
  /** When another token is fetched. Default: `"timeToLive"`. */
  tokenStrategy?: TokenStrategy;
}

/**
 * When another token is fetched, besides after a refusal.
 *
 * - `timeToLive`: two minutes before the one in use expires
 * - `prefetch`: that, and each time the person comes back to the page
 * - `perCall`: with every `newCall()`, while that is set up
 * - `onExpiry`: only after a refusal
 */
export type TokenStrategy = "timeToLive" | "onExpiry" | "perCall" | "prefetch";

/** What a token says of itself; opaque ones say nothing. */
export interface TokenFacts {
  /** Whom it signs in (`sub`). */
  readonly identity: string | undefined;
  /** When it expires (`exp`). */
  readonly expiresAt: Date | undefined;
}

/** Sign in as nobody, to talk to an AI assistant (Telnyx only). */
export interface AnonymousOptions {
  /** The assistant. */
  anonymous: AnonymousTarget;
  login?: never;
  password?: never;
  token?: never;
  getToken?: never;
}

/** Whom an anonymous session talks to. */
export interface AnonymousTarget {
  /** The assistant's id. */
  targetId: string;
  /** What the target is. Default: `"ai_assistant"`. */
  targetType?: string;
  /** Which version of it. */
  targetVersionId?: string;
  /** The conversation to join. */
  conversationId?: string;
  /** What else the assistant is told with the sign-in, as SIP headers (`target_params`). */
  parameters?: Record<string, string>;
}

/** Options of every sign-in. */
export interface CommonOptions {
  /** The gateway's address, `ws:` or `wss:`. Default: Telnyx, in `environment` and `region`. */
  url?: string;
  /**
   * Which Verto is spoken. Default: `"telnyx"` where there is no `url` or it is one of Telnyx's hosts, else
   * `"freeswitch"`.
   */
  dialect?: Dialect;
  /** Telnyx's environment, where no `url` is given. Default: `"production"`. */
  environment?: "production" | "development";
  /** Telnyx's region. Default: `"auto"`, the nearest. */
  region?: Region;
  /** STUN and TURN servers. Default: Telnyx's own, or none for FreeSWITCH. An empty list means none. */
  iceServers?: RTCIceServer[];
  /** Use only relayed candidates, so that addresses stay private. Default: `false`. */
  forceRelay?: boolean;
  /**
   * Send the INVITE and the answer at once, and addresses as they are found (Telnyx; FreeSWITCH takes none later). `false`
   * waits for them. Default: `true`.
   */
  trickle?: boolean;
  /** The name shown to those called. */
  callerName?: string;
  /** The number shown to those called. */
  callerNumber?: string;
  /**
   * How often to try to connect again after a session was lost, before the client gives up with an `error` (45003). `0`
   * is without end. Counted anew whenever it is ready. Default: `10`.
   */
  reconnectAttempts?: number;
  /** How long a call that was lost may take to come back, from 1 to 600, counted from its loss. Default: `60`. */
  recoverySeconds?: number;
  /**
   * What becomes of answered calls when the page is loaded again or left. `"hangup"` ends them. (Firefox closes a page's
   * sockets before the page may speak: there the gateway ends them, once it has waited for the client for its time.)
   *
   * `"resume"` leaves them to the gateway's waiting in every browser, and keeps a note of them in `sessionStorage`,
   * without secrets and without SDP, one for each client. `connect()` of the next page, with the same `url` and user and
   * within 90 seconds, tells each call as `recoveredCall` and brings it back. Nobody else finds them, and a duplicated
   * tab does not take them. Calls that ring end either way. Default: `"hangup"`.
   */
  onReload?: "resume" | "hangup";
  /**
   * Asks the person before the page is left while there is a call, in the browser's own words, as far as browsers allow.
   * Default: `false`.
   */
  confirmLeave?: boolean;
  /** `deviceId` of the microphone. Default: the system's. */
  microphoneId?: string;
  /**
   * What the browser does to the microphone's sound, such as `{ echoCancellation: false }`, for calls in both directions.
   * Default: what the browser does by itself, which is best for speech. The device is chosen by `microphoneId`.
   */
  audio?: Omit<MediaTrackConstraints, "deviceId">;
  /**
   * Puts something of the application's own between the microphone and the calls, such as a noise suppressor: gets the
   * microphone's track each time it is opened, and returns the track that is spoken through, within ten seconds. Both are
   * stopped with the last call.
   */
  processAudio?: (track: MediaStreamTrack) => MediaStreamTrack | Promise<MediaStreamTrack>;
  /**
   * Codecs in the order in which they are preferred, such as `["opus", "PCMU"]`. What the browser does not have is left
   * out, and what is not named comes last. Default: the browser's order.
   */
  preferredCodecs?: string[];
  /**
   * How the microphone is sent, as far as the browser can: `maxBitrate` in bits per second, `networkPriority` for a DSCP
   * mark on the packets, `priority`. Default: the browser's.
   */
  encoding?: Pick<RTCRtpEncodingParameters, "maxBitrate" | "networkPriority" | "priority">;
  /** What else each `RTCPeerConnection` is made with, such as `iceCandidatePoolSize`. */
  rtcConfiguration?: Omit<RTCConfiguration, "iceServers" | "iceTransportPolicy">;
  /** `deviceId` of the loudspeaker, where the browser lets pages choose. Default: the system's. */
  speakerId?: string;
  /** Where this version's WebAssembly module is, for bundlers that do not follow `new URL(…, import.meta.url)`. */
  wasmUrl?: string | URL;
  /** Gives up connecting when it aborts. */
  signal?: AbortSignal;
  /**
   * Each is called with the client before that connects, so that its listeners hear everything from the first frame on, at
   * once, and, as an `error`, why `connect()` fails. What one throws, `connect()` rejects with.
   */
  plugins?: readonly (Plugin | undefined)[];
}

/** What is attached to a client before that connects, such as `log()` of `offhook/log`. */
export type Plugin = (client: Client) => void;

/** Which Verto a gateway speaks. */
export type Dialect = "telnyx" | "freeswitch";

/** Where Telnyx serves a session from. */
export type Region = "auto" | "us-east" | "us-central" | "us-west" | "ca-central" | "eu" | "apac" | "south-asia";

/** Whom to call, as whom, with what. */
export interface CallOptions {
  /** A number, a user or a SIP URI. May be absent towards an AI assistant, and on FreeSWITCH for its service number. */
  destinationNumber?: string;
  /** The name shown to those called. Default: the client's. */
  callerName?: string;
  /** The number shown to those called. Default: the client's. */
  callerNumber?: string;
  /** The call's id, where the application wants to choose it. It must be unguessable. Default: a random UUID. */
  callId?: string;
  /** Data for the application's own server, as text; it travels in base64. Telnyx only: FreeSWITCH is `misuse`. */
  clientState?: string;
  /** SIP headers that go with the call. Telnyx only: FreeSWITCH is `misuse`. */
  customHeaders?: Record<`X-${string}`, string>;
  /** Variables for the server's dialplan: on FreeSWITCH each becomes the channel variable `verto_dvar_…`. */
  userVariables?: Record<string, string>;
  /** Start with a silenced microphone. Default: `false`. */
  muted?: boolean;
  /**
   * What is spoken through: the microphone, nothing (`false` opens none), or a stream of the application's own, of which
   * Offhook stops nothing. Default: `true`, the microphone.
   */
  audio?: boolean | MediaStream;
}

/** What goes with an answer. */
export interface AnswerOptions {
  /** SIP headers that go with the answer. Telnyx only: FreeSWITCH is `misuse`. */
  customHeaders?: Record<`X-${string}`, string>;
  /** Start with a silenced microphone. Default: as it was set while the call rang. */
  muted?: boolean;
  /** What is spoken through, as in `newCall()`. Default: `true`, the microphone. */
  audio?: boolean | MediaStream;
}

/**
 * Where a call stands.
 *
 * - `new`: made, not yet on the wire
 * - `connecting`: the INVITE went out, or our answer did
 * - `ringing`: it rings, there (where the gateway says so) or here
 * - `active`: answered
 * - `held`: on hold
 * - `reconnecting`: lost, and being brought back
 * - `dropped`: lost, and there is no network to bring it back over
 * - `done`: over; there is a `reason`
 */
export type CallState = "new" | "connecting" | "ringing" | "active" | "held" | "reconnecting" | "dropped" | "done";

/**
 * Why a session or a call is being brought back.
 *
 * - `networkLost`: nobody is reached over the network
 * - `networkSwitch`: the network has become another one
 * - `serverError`: the gateway hung up or is in trouble
 * - `mediaLost`: signalling is well, but the audio found no way
 * - `reload`: the page was loaded again
 */
export type Interruption = "networkLost" | "networkSwitch" | "serverError" | "mediaLost" | "reload";

/** Who called: `inbound` is the other party, `outbound` this side. */
export type Direction = "inbound" | "outbound";

/** Why a call ended. Codes are as they were sent, and absent where none was. */
export interface Termination {
  /** The cause's name (Q.850 as FreeSWITCH spells it), such as `"USER_BUSY"`. */
  readonly cause?: string;
  /** The cause's number, such as 17. */
  readonly causeCode?: number;
  /** The SIP status, such as 486. */
  readonly sipCode?: number;
  /** The SIP reason phrase, such as `"Busy Here"`. */
  readonly sipReason?: string;
  /**
   * Who ended it: this side, the other party, the gateway (it refused, or ended the session), the connection to the
   * gateway, or a deadline.
   */
  readonly by: "local" | "remote" | "server" | "network" | "timeout";
}

/** Counters of a call's audio since it began, or since it came back over a new connection. */
export interface CallStats {
  /** RTP packets sent. */
  readonly packetsSent: number;
  /** RTP packets received. */
  readonly packetsReceived: number;
  /** RTP payload bytes sent. */
  readonly bytesSent: number;
  /** RTP payload bytes received. */
  readonly bytesReceived: number;
  /** Energy of the microphone (W3C `totalAudioEnergy`: grows by level squared times seconds). */
  readonly energySent: number;
  /** Energy of what is heard. */
  readonly energyReceived: number;
}

/**
 * How good a call is, by the formula of Telnyx's SDKs: of the last seconds' loss, and of jitter and round trip as the other
 * side reports them (else as they are seen here).
 */
export interface CallQuality {
  /** Mean opinion score, from 1 to 4.41; absent while there is nothing to score. */
  readonly mos?: number;
  /**
   * The score in a word: above 4.2 `excellent`, from 4.1 `good`, from 3.7 `fair`, from 3.1 `poor`, below `bad`; `unknown`
   * without a score.
   */
  readonly quality: "excellent" | "good" | "fair" | "poor" | "bad" | "unknown";
  /** In seconds. */
  readonly jitter?: number;
  /** In seconds. */
  readonly rtt?: number;
  /** The browser's own `inbound-rtp`, as far as there is one; the others alike. */
  readonly inboundAudio: RTCInboundRtpStreamStats | undefined;
  /** `outbound-rtp`. */
  readonly outboundAudio: RTCOutboundRtpStreamStats | undefined;
  /** `remote-inbound-rtp`: what the other side reports of what we send. */
  readonly remoteInboundAudio: RTCStats | undefined;
  /** `remote-outbound-rtp`: what the other side reports of what it sends. */
  readonly remoteOutboundAudio: RTCStats | undefined;
}

/** Telnyx's own names for a call, for its support desk and its APIs. */
export interface TelnyxIds {
  /** For Telnyx's Call Control API. */
  readonly callControlId?: string;
  /** Of all legs that belong together. */
  readonly sessionId?: string;
  /** Of this leg. */
  readonly legId?: string;
}

/** What a client tells, by event name. */
export interface ClientEvents {
  /** The socket is open. */
  socketConnected: { readonly url: string };
  /** The socket is closed, with the WebSocket close code. `reconnecting` follows if another one is opened. */
  socketDisconnected: { readonly code: number; readonly reason: string };
  /** Signed in; `sessid` names the session on the server. */
  session: { readonly sessid: string };
  /** Calls can be made and will be received; told again when a lost session is back. */
  ready: {
    /** Telnyx: the data centre that serves this session. */
    readonly dc?: string;
    /** Telnyx: the region that serves this session. */
    readonly region?: string;
  };
  /**
   * The session was lost and is being brought back; `ready` follows, or this again with the next attempt, or an `error`
   * that is fatal. Answered calls are `reconnecting` meanwhile.
   */
  reconnecting: {
    /** Which attempt comes next, from 1. */
    readonly attempt: number;
    /** How long until then; the first goes at once. A network that is back, and `reconnectNow()`, cut it short. */
    readonly delaySeconds: number;
    /** Why it was lost. */
    readonly interruption: Interruption;
  };
  /** Something failed that no promise was waiting for. Without a `call` and `fatal`, the session is over. */
  error: { readonly error: OffhookError; readonly call?: Call };
  /** Something is odd; nothing has failed yet. */
  warning: {
    readonly code: number;
    readonly message: string;
    readonly call?: Call;
    /**
     * 61101: lets the call be heard, from the listener of a click; resolves to whether it is. A click or key anywhere on
     * the page does the same by itself.
     */
    readonly resume?: () => Promise<boolean>;
  };
  /** This page calls somebody. Told just after `newCall()` has returned, before anything else of the call. */
  outgoingCall: { readonly call: Call };
  /**
   * Somebody calls, and nothing else tells of it yet. A listener that sets `silent` keeps it that way: there is no
   * `incomingCall`, the call is not in `calls`, and only its own listeners hear more of it. It rings at the caller's until
   * one of the two hangs up: `call.hangup()` rejects it at once. What counts is `silent` when all have heard.
   */
  screening: { readonly call: Call; silent: boolean };
  /** Somebody calls. Nothing answers by itself. */
  incomingCall: { readonly call: Call };
  /** A call of the page before this one is being brought back (`onReload: "resume"`), with all that was known of it. */
  recoveredCall: { readonly call: Call };
  /**
   * The microphone of a call that is being set up, or brought back, cannot be had. While somebody listens to this, the
   * call waits until the deadline: mend it with the person, such as with another device, then `resume()` tries once more.
   * Without a listener, after `giveUp()` and when the time is over, the call ends with the error.
   */
  microphoneNeeded: {
    readonly call: Call;
    readonly error: OffhookError;
    readonly deadline: Date;
    readonly resume: () => void;
    readonly giveUp: () => void;
  };
  /** A call's state changed. */
  callState: CallEvents["state"] & { readonly call: Call };
  /** A call ended. */
  callEnded: { readonly call: Call; readonly reason: Termination };
  /** A frame was sent or received; secrets in it are replaced by stars. */
  message: { readonly direction: "in" | "out"; readonly frame: unknown };
}

/** What a call tells, by event name. */
export interface CallEvents {
  /** The state changed. */
  state: {
    /** Where it stands now. */
    readonly state: CallState;
    /** Where it stood before. */
    readonly previous: CallState;
    /** `reconnecting` and `dropped`: why. */
    readonly interruption?: Interruption;
    /** `done`: why. */
    readonly reason?: Termination;
  };
  /** Anything else about the call changed: early media, media connected, mute, the names shown. */
  updated: {};
  /** A digit was sent. */
  dtmf: { readonly digit: string };
  /** The call has this connection from here on: its first, or another one when it is brought back. To look at. */
  peerConnection: { readonly connection: RTCPeerConnection };
  /** The counters were read, once a second while the call is active. They begin anew on a new connection. */
  stats: CallStats;
  /** All that the browser counts, along with `stats`. */
  report: { readonly connection: RTCPeerConnection; readonly report: RTCStatsReport };
  /** How good the call is, every two seconds while it is active. */
  quality: CallQuality;
  /** Something about this call failed that no promise was waiting for. */
  error: { readonly error: OffhookError };
  /** The call ended. Comes after `state`. */
  ended: Termination;
}

/**
 * What stands between what a call speaks through and the other party: gets the track of the call (`undefined` where it has
 * none), returns the track that is sent. Asked again each time there is another track, as with another microphone, and when
 * the call has come back. Mute silences what goes in, not what comes out, and nothing that it returns is ever stopped. What
 * it throws is reported through `reportError`, and nothing is said until it is asked again.
 */
export type CallProcessor = (track: MediaStreamTrack | undefined) => MediaStreamTrack | undefined;

/** How to listen. */
export interface ListenOptions {
  /** Listen to the next one only. Default: `false`. */
  once?: boolean;
  /** Stop listening when it aborts. */
  signal?: AbortSignal;
}

/** One sign-in to one gateway, and its calls. Made by `connect()`. */
export interface Client extends Disposable {
  /** Whether calls can be made and will be received. */
  readonly ready: boolean;
  /** Whether a session that was lost is being brought back. */
  readonly reconnecting: boolean;
  /** The server's name for the session. */
  readonly sessid: string | undefined;
  /** Which Verto is spoken. */
  readonly dialect: Dialect;
  /** The address of the gateway. */
  readonly url: string;
  /** The region in use, as far as the gateway says; else the one that was asked for. */
  readonly region: Region;
  /** The calls that were told of and have not ended, oldest first. */
  readonly calls: readonly Call[];
  /** What the token in use says of itself; `undefined` where the sign-in was with something else. */
  readonly token: TokenFacts | undefined;
  /** Microphones and loudspeakers. */
  readonly devices: Devices;
  /** Calls somebody. The call exists at once, in state `new`. While it is not `ready`, this throws (`misuse`, 60002). */
  newCall(options?: CallOptions): Call;
  /**
   * Makes ready for a call that is likely, such as when the pointer rests on a number: the next `newCall()` finds its
   * peer connection made and its candidates gathered, and sends the INVITE at once. The microphone stays closed. What is
   * not used within 30 seconds of the last `prepare()` is thrown away.
   *
   * Resolves to whether it stands ready, which it cannot while the client is reconnecting; rejects only on a client that
   * was closed. Before the person has allowed the microphone, browsers hide the addresses that a gateway needs, and
   * nothing can be prepared. An incoming call prepares its answer by itself.
   */
  prepare(): Promise<boolean>;
  /**
   * Connects again at once, where the next attempt is only due later. Does nothing while the client is ready or an
   * attempt is under way; throws on a client whose session is over.
   */
  reconnectNow(): void;
  /**
   * Signs in with another token: on the session that is up, without touching its calls, or with the next sign-in while
   * it is brought back. Resolves when the gateway agrees; a refusal leaves the session as it was.
   */
  updateToken(token: string): Promise<void>;
  /**
   * Sends a frame of the application's own, for an extension of the server's, as it is. Returns whether it was sent: not
   * while the client is not `ready`, and not while more than 64 KiB wait to leave, since calls come first. It is not told
   * as a `message`; what the server answers is.
   */
  send(frame: object): boolean;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void, options?: ListenOptions): () => void;
  /**
   * Hangs up every call, signs out and closes the socket; while it is reconnecting it gives that up. Resolves when that is
   * done, within two seconds.
   */
  close(): Promise<void>;
  /** Releases memory. Closes a client that is still open. */
  [Symbol.dispose](): void;
}

/** One call. The object stays the same for the call's whole life. */
export interface Call {
  /** Its id, on the wire too. */
  readonly id: string;
  /** Who called. */
  readonly direction: Direction;
  /** Where it stands. */
  readonly state: CallState;
  /** Whether the other side's audio is heard before the answer. */
  readonly earlyMedia: boolean;
  /** Whether media can flow: the peer connection is connected. */
  readonly mediaConnected: boolean;
  /** Whether the microphone is silenced. */
  readonly muted: boolean;
  /** The other party's name, as far as it is known. */
  readonly remoteName: string | undefined;
  /** The other party's number, as far as it is known. */
  readonly remoteNumber: string | undefined;
  /** The number that was dialled. */
  readonly destinationNumber: string | undefined;
  /** The application's own data that came or went with the call, as text (Telnyx only). */
  readonly clientState: string | undefined;
  /** The SIP headers that came or went with the call (Telnyx only). */
  readonly customHeaders: Readonly<Record<string, string>>;
  /** What the server's dialplan set for this client: on FreeSWITCH the channel variables `verto_svar_…`, without that. */
  readonly variables: Readonly<Record<string, string>>;
  /** Telnyx's own names for it; on FreeSWITCH none. */
  readonly telnyxIds: TelnyxIds;
  /** When the INVITE went out (outbound). */
  readonly startedConnectingAt: Date | undefined;
  /** When the other side answered (outbound). */
  readonly connectedAt: Date | undefined;
  /** When the gateway took our answer (inbound). */
  readonly answeredAt: Date | undefined;
  /** Why it is `reconnecting` or `dropped`. */
  readonly interruption: Interruption | undefined;
  /** Why it ended, once it has. */
  readonly reason: Termination | undefined;
  /** The newest counters. */
  readonly stats: CallStats | undefined;
  /** How good it was last. */
  readonly quality: CallQuality | undefined;
  /** What carries it, or shall carry it while it is brought back. To look at: Offhook changes it. */
  readonly peerConnection: RTCPeerConnection | undefined;
  /** What is heard, for a visualisation or an own audio element. A call that has come back may have another one. */
  readonly remoteStream: MediaStream | undefined;
  /** What is said, for a level meter. A call that has come back may have another one. */
  readonly localStream: MediaStream | undefined;
  /** Answers a call that rings. Resolves when the gateway agrees. */
  answer(options?: AnswerOptions): Promise<void>;
  /**
   * Ends the call, or rejects one that rings. At once, also while it is reconnecting: the gateway is then told as soon as
   * it can be reached, and the call does not come back. On a call that has ended nothing happens.
   */
  hangup(): void;
  /**
   * Puts the call on hold. The state becomes `held` when the gateway agrees, then this resolves. While the call is
   * reconnecting the wish is remembered, and carried out when it is back.
   */
  hold(): Promise<void>;
  /** Takes the call off hold. While it is reconnecting, as `hold()`. */
  unhold(): Promise<void>;
  /** Silences the microphone for this call. At once, also while it is reconnecting. */
  mute(): void;
  /** Lets the microphone be heard again. At once, also while the call is reconnecting. */
  unmute(): void;
  /**
   * Sends digits (`0-9`, `A-D`, `*`, `#`) one after the other, 170 ms apart; a comma pauses for two seconds. Resolves when
   * the gateway took the last one; what follows a digit that it refuses is not sent. While the call is reconnecting it
   * rejects at once (`lost`, 60405): digits that come late mean something else.
   */
  dtmf(digits: string): Promise<void>;
  /**
   * Hands the other party on: to a number, a user or a SIP URI, which is called (blind), or to the other party of another
   * call of this client, held or not (attended). Resolves when the gateway agrees; it then ends this call, and the other
   * one too. FreeSWITCH only: Telnyx is `misuse`, its Call Control API transfers.
   */
  transfer(to: string | Call): Promise<void>;
  /**
   * Puts something between what this call speaks through and the other party, also before the answer; without an argument
   * it is taken away. Resolves when the other party hears it. See {@link CallProcessor}.
   */
  processAudio(process?: CallProcessor): Promise<void>;
  /**
   * Plays this call, and only this one, through another loudspeaker; `undefined` is the client's. Rejects as
   * `devices.setSpeaker()` does, and then nothing has changed.
   */
  setSpeaker(deviceId: string | undefined): Promise<void>;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof CallEvents>(event: K, listener: (event: CallEvents[K]) => void, options?: ListenOptions): () => void;
}

/** Microphones and loudspeakers. */
export interface Devices {
  /** Microphones. Opens nothing; before the permission is granted, browsers hide the names. */
  microphones(): Promise<readonly Device[]>;
  /** Loudspeakers; empty where the browser does not tell. */
  speakers(): Promise<readonly Device[]>;
  /**
   * Whether the person has allowed the microphone; opens nothing and asks nobody. Where the browser does not tell, it is
   * `"prompt"`.
   */
  permission(): Promise<PermissionState>;
  /** The chosen microphone; `undefined` is the system's. */
  readonly microphoneId: string | undefined;
  /**
   * The microphone's own track while it is open, such as for a level meter beside a muted call: `mute()` does not silence
   * it. It is another one after each change, and Offhook's to stop.
   */
  readonly microphoneTrack: MediaStreamTrack | undefined;
  /** The chosen loudspeaker; `undefined` is the system's. */
  readonly speakerId: string | undefined;
  /**
   * Speaks through another microphone, in calls that are up too. A failure leaves the old one in place. If a microphone
   * ends by itself, the system's is used and the client tells a warning; without one each call tells an error and goes on.
   */
  setMicrophone(deviceId: string | undefined): Promise<void>;
  /**
   * Changes what the browser does to the microphone's sound, in calls that are up too: `echoCancellation`,
   * `noiseSuppression`, `autoGainControl`. What is not named stays. A failure leaves everything as it was.
   */
  setConstraints(constraints: Omit<MediaTrackConstraints, "deviceId">): Promise<void>;
  /** Plays through another loudspeaker, in calls that are up too. */
  setSpeaker(deviceId: string | undefined): Promise<void>;
  /** How loud calls are heard, from 0 to 1. */
  readonly volume: number;
  /** Sets how loud calls are heard, from 0 (not at all) to 1. Where the system alone decides (iOS), only 0 tells. */
  setVolume(volume: number): void;
}

/** A microphone or a loudspeaker. */
export interface Device {
  /** The browser's name for it, which `setMicrophone()` and `setSpeaker()` take. */
  readonly deviceId: string;
  /** Its name; empty before the permission is granted. */
  readonly label: string;
}

/** Who can mend a failure. */
export type ErrorKind =
  /** The caller, by reading. Nothing was sent. */
  | "misuse"
  /** The gateway said no: `serverCode` and `serverMessage` are its own. In `offhook/directory`: a server, or the disk. */
  | "refused"
  /** Nobody here: the gateway sent what cannot be accepted. */
  | "peerMisbehaved"
  /** The person: permission, device. */
  | "media"
  /** The network; trying again may help. */
  | "lost"
  /** Offhook itself failed; every client is over. A page that is loaded again is whole. */
  | "defect";

/** Every failure that Offhook tells of. */
export interface OffhookError extends Error {
  /** What tells it from other errors where `instanceof` cannot, as across frames. */
  readonly name: "OffhookError";
  /** Who can mend it. */
  readonly kind: ErrorKind;
  /** Stable; Telnyx's number where its registry has one, 60000 and up elsewhere. */
  readonly code: number;
  /** Whether what failed is over. */
  readonly fatal: boolean;
  /** `misuse`: the option that is wrong, such as `"iceServers[0].urls"`. */
  readonly option?: string;
  /** `refused`: the server's code, as sent. */
  readonly serverCode?: number;
  /** `refused`: the server's words, as sent. */
  readonly serverMessage?: string;
  /** `media`: what failed. */
  readonly media?:
    | "permissionDenied" | "permissionDismissed" | "permissionBlocked" | "deviceNotFound" | "deviceBusy" | "insecureContext" | "microphone"
    | "offer" | "answer" | "localDescription" | "remoteDescription" | "stalled" | "connection";
  /** `lost`: the address that could not be reached. */
  readonly url?: string;
}

/** For `instanceof`; only Offhook makes them. */
export declare const OffhookError: abstract new (...args: never) => OffhookError;
