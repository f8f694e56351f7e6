// What the entry and the engine say to each other. What the entry shows its users is in `js/index.d.ts`.

import type {
  CallQuality, CallState, ClientEvents, Dialect, Direction, ErrorKind, Interruption, OffhookError, TelnyxIds, Termination,
} from "../js/index.js";

/** Everything public about a call. Times are in milliseconds since 1970. */
export interface CallSnapshot {
  id: string;
  direction: Direction;
  state: CallState;
  earlyMedia: boolean;
  mediaConnected: boolean;
  muted: boolean;
  remoteName?: string;
  remoteNumber?: string;
  destinationNumber?: string;
  /** In base64. */
  clientState?: string;
  customHeaders: Record<string, string>;
  variables: Record<string, string>;
  telnyxIds: TelnyxIds;
  startedConnectingAt?: number;
  connectedAt?: number;
  answeredAt?: number;
  interruption?: Interruption;
  reason?: Termination;
}

/** The fields of an `OffhookError`. */
export type PlainError = { message: string; kind: ErrorKind; code: number; fatal: boolean };

/** What the engine tells; `call` is the call's id. */
export type Fact =
  | { kind: "rest" | "fetchToken"; call: undefined; payload: null }
  | { kind: "settled"; call: undefined; payload: { ticket: number; error?: PlainError } }
  | { kind: "socketConnected"; call: undefined; payload: { url: string } }
  | { kind: "socketDisconnected"; call: undefined; payload: { code: number; reason: string } }
  | { kind: "session"; call: undefined; payload: { sessid: string } }
  | { kind: "ready"; call: undefined; payload: { dc?: string; region?: string } }
  | { kind: "reconnecting"; call: undefined; payload: ClientEvents["reconnecting"] }
  | { kind: "message"; call: undefined; payload: ClientEvents["message"] }
  | { kind: "error"; call: string | undefined; payload: { error: PlainError } }
  | { kind: "warning"; call: string | undefined; payload: { code: number; message: string } }
  | { kind: "incomingCall" | "recoveredCall" | "callState" | "updated"; call: string; payload: CallSnapshot }
  | { kind: "dtmf"; call: string; payload: { digit: string } }
  /** Of the look that the engine was told last. */
  | { kind: "stats"; call: string; payload: Record<string, never> }
  | { kind: "quality"; call: string; payload: Pick<CallQuality, "mos" | "jitter" | "rtt" | "quality"> }
  /** See `Event::Conversation` of the core. */
  | { kind: "conversation"; call: undefined; payload: object };

/** What the engine wants of a peer connection, in the core's words. */
export type PeerOrder =
  | { kind: "open"; payload: PeerConfig }
  | { kind: "engage"; payload: { call: string; muted: boolean } }
  | { kind: "offer" | "restart" | "describe" | "close"; payload: undefined }
  | { kind: "answer" | "acceptAnswer"; payload: string }
  | { kind: "addCandidate"; payload: RTCIceCandidateInit }
  | { kind: "setMuted"; payload: boolean }
  /** Every so many milliseconds; 0 is never. */
  | { kind: "watchStats"; payload: number };

export interface PeerConfig {
  iceServers: RTCIceServer[];
  relayOnly: boolean;
}

/** What happens to a peer connection, in the core's words. */
export type PeerFact =
  | { kind: "microphoneOpened" | "gathered" | "remoteApplied"; payload: undefined }
  | { kind: "microphoneFailed" | "failed"; payload: { kind: OffhookError["media"]; message: string } }
  | { kind: "described"; payload: string }
  | { kind: "candidate"; payload: RTCIceCandidate }
  | { kind: "connection"; payload: RTCPeerConnectionState }
  | { kind: "stats"; payload: Look }
  /** It carries the call of this id from here on. */
  | { kind: "engaged"; payload: { call: string; connection: RTCPeerConnection } }
  /** The payload's call is its id. */
  | { kind: "playbackRefused"; payload: { call: string; resume: () => Promise<boolean> } };

/** What happens to a socket. */
export type SocketFact =
  | { kind: "opened"; payload: undefined }
  | { kind: "received"; payload: string }
  | { kind: "closed"; payload: { code: number; reason: string } };

/** The engine wanted to be woken. */
export type TimeFact = { kind: "timeout"; payload: undefined };

/** What happens to the page that may change whether the gateway can be reached. */
export type PageFact = { kind: "online" | "offline" | "networkChanged" | "visible"; payload: undefined };

/** What came of asking the application for a token: one, as JSON, or its words why there is none. */
export type TokenFact = { kind: "token" | "noToken"; payload: string };

export type HappenedFact = PeerFact | SocketFact | TimeFact | PageFact | TokenFact;

/** What was seen of a peer connection. */
export interface Look {
  connection: RTCPeerConnection;
  report: RTCStatsReport;
  /** See `js/media/reading.js`. */
  reading: Float64Array;
}

/** Carries out what is ordered. */
export interface Browser {
  /** The payload of a `PeerOrder`, as JSON. */
  peer(peer: number, kind: PeerOrder["kind"], payload: string): void;
  socket(socket: number, kind: "open" | "send" | "close", text: string): void;
  /** Says `timeout` after so many milliseconds, and not any more at what was ordered before; never if negative. */
  wake(ms: number): void;
  /** Takes down what the engine tells: a `Fact`, as JSON. */
  hear(fact: string): void;
}

/** One client's inside. It takes and gives text and numbers. What it throws is a `PlainError`, as JSON. */
export class Engine {
  /** Checks the limits of the options, which are JSON; does nothing else yet. */
  constructor(options: string, browser: Browser);
  ask(what: "dialect", argument: ""): Dialect;
  /** Takes options and gives the snapshot of the call as it was made: what has become of it since comes with `run()`. */
  ask(what: "newCall", options: string): string;
  /** A failure of the microphone of which the engine does not hear (`{ kind, message }`), in its words (`PlainError`). */
  ask(what: "mediaError", failure: string): string;
  /** What the next page needs to have the calls back, as JSON; empty where there is none that can come back. */
  ask(what: "marker", argument: ""): string;
  /**
   * The frames to send when the page goes away, without those of calls that the next page can have back unless these end,
   * too; an array, as JSON.
   */
  ask(what: "farewell", resumableToo: "" | "too"): string;
  /**
   * Puts a wish; `run()` carries out what follows. The argument is text, or, of options and tokens, JSON; for "yes" any
   * text, for "no" none. Returns the ticket of the outcome, or 0 if none will come.
   */
  command(name: string, call: string, argument: string): number;
  run(): void;
  /**
   * Tells what happened: to a socket or a peer, or, of 0, to the page, the timer, or the application's asking for a token.
   * The payload is text, or JSON of anything else.
   */
  happened(of: number, kind: HappenedFact["kind"], payload: string): void;
  /** Tells what the counters of a peer say. */
  counted(peer: number, reading: Float64Array): void;
  /** How loud the person and the agent are, in dBFS. Only the module that listens has it. */
  levels(local: number, remote: number): void;
  /** All that the core was told. Only the module that records has it. */
  trace(): string;
  free(): void;
}

/** A panic calls `died` with what to print. */
export function watchPanics(died: (message: string) => void): void;
