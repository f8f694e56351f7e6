/// <reference lib="esnext.disposable" />

import type { AudioSession, Level } from "./audio.js";
import type { Call, Client, ListenOptions, OffhookError } from "./index.js";

/**
 * Watches how good the calls of a client are, from here on: samples once a second, warnings that are raised and
 * cleared, how long setting up took, and at the end what was wrong.
 *
 * Loads a small WebAssembly module of its own. Rejects with an `OffhookError` if that cannot be loaded.
 */
export declare function watchQuality(client: Client, options?: QualityOptions): Promise<QualityWatch>;

/** The samples of a call as a table (CSV, RFC 4180): a header, and a row for each. What is unknown is empty. */
export declare function toCsv(record: Pick<CallRecord, "startedAt" | "samples">): string;

/**
 * Scores a connection that is none of a client's calls, such as one that tests the network. Loads the same module, and
 * rejects as `watchQuality()` does.
 */
export declare function createScorer(options?: Pick<QualityOptions, "wasmUrl">): Promise<Scorer>;

/** Judges one connection as calls are judged. */
export interface Scorer {
  /**
   * Takes the browser's report of it, once a second. The first one only says where counting begins, and has no sample.
   */
  take(report: RTCStatsReport): QualitySample | undefined;
  /** Forgets it; there are no samples from here on. */
  close(): void;
}

/** How calls are watched. */
export interface QualityOptions {
  /** Where this version's `quality_bg.wasm` is, for bundlers that do not follow `new URL(…, import.meta.url)`. */
  wasmUrl?: string | URL;
  /** How many samples of a call are kept, the newest, up to 36,000. Default: `600`, which is ten minutes. */
  samples?: number;
  /** How many calls are kept that have ended, the last, up to 1,000. Default: `10`. */
  endedCalls?: number;
  /**
   * Says it in other words or another language: gets each sentence with what it is made of; what it leaves out stays
   * English.
   */
  words?: (sentence: QualitySentence) => { text?: string; advice?: string } | undefined;
  /** An audio session of the same client: what it hears of speaking while muted becomes part of the verdict. */
  audio?: AudioSession;
}

/** A sentence, and what it is made of. */
export interface QualitySentence {
  /** What it is about: a warning, or the cause in a verdict. */
  readonly kind: "warning" | "cause";
  /** The stable name of that, such as `"HIGH_RTT"` or `"udpBlocked"`. */
  readonly name: string;
  /** The figures of a cause, by name. */
  readonly evidence: Readonly<Record<string, number>>;
  /** The English sentence. */
  readonly text: string;
  /** In English, what a person may do; empty where nothing can be done. */
  readonly advice: string;
}

/** Watches the calls of one client. Made by `watchQuality()`; over when the client is closed or has failed. */
export interface QualityWatch extends Disposable {
  /** What is known of a call; `undefined` of one that was never watched, or ended too long ago. */
  of(call: Call): CallRecord | undefined;
  /** How long signing in took, if the watch began before that, as in a plugin of `connect()`. */
  readonly signIn: SignInTimings;
  /** All calls that are known, oldest first. */
  readonly records: readonly CallRecord[];
  /**
   * Tells how loud both sides of a call are, 20 times a second or `hz` times, until the returned function is called or
   * the call has ended. While the browser lets the page use no sound, all is silent.
   */
  levels(call: Call, listener: (levels: QualityLevels) => void, options?: { hz?: number }): () => void;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof QualityWatchEvents>(
    event: K, listener: (event: QualityWatchEvents[K]) => void, options?: ListenOptions,
  ): () => void;
  /** Stops watching. What `of()` knows stays. */
  [Symbol.dispose](): void;
}

/** How loud both sides are. */
export interface QualityLevels {
  /** What is heard. */
  readonly inbound: Level;
  /** What is said, silenced by mute. */
  readonly outbound: Level;
}

/** What a watch tells, by event name. */
export interface QualityWatchEvents {
  /** A second of an active call. */
  sample: { readonly call: Call; readonly sample: QualitySample };
  /** Something is wrong from here on (`raised`), or no longer. */
  warning: QualityWarning & { readonly call: Call; readonly raised: boolean };
  /** Something happened, for the first time, on the way to a call in which audio flows. */
  milestone: {
    readonly call: Call;
    readonly name: MilestoneName;
    /** Milliseconds since the call began. */
    readonly at: number;
  };
  /** A call is set up and audio flows both ways, or it is clear that it never will. */
  timings: { readonly call: Call; readonly timings: CallTimings };
  /** A call has ended. */
  verdict: { readonly call: Call; readonly summary: QualitySummary; readonly verdict: CallVerdict };
  /** The watch is over because of a defect in its module (60009). Calls go on. */
  error: { readonly error: OffhookError };
}

/** What is known of a call: while it lasts, and for some calls afterwards. */
export interface CallRecord {
  /** Which. */
  readonly call: Call;
  /** When it began, or when the page began to watch it. Each `at` counts from here. */
  readonly startedAt: Date;
  /** Newest last. */
  readonly samples: readonly QualitySample[];
  /** What is wrong just now. */
  readonly warnings: readonly QualityWarning[];
  /** How long setting up took, as far as it has come. */
  readonly timings: CallTimings;
  /** What the call was like so far. */
  readonly summary: QualitySummary;
  /** What was wrong, once the call has ended. */
  readonly verdict: CallVerdict | undefined;
}

/** How good something is, by its score: above 4.2 `excellent`, from 4.1 `good`, from 3.7 `fair`, from 3.1 `poor`. */
export type QualityBand = "excellent" | "good" | "fair" | "poor" | "bad" | "unknown";

/**
 * A second of a call, or what lies between two looks, as while the machine slept: then there is no score. What a browser
 * does not tell is `undefined`.
 */
export interface QualitySample {
  /** When it ended, in milliseconds since the call began. */
  readonly at: number;
  /** How long it is. */
  readonly seconds: number;
  /** Mean opinion score by the formula of Telnyx's SDKs, from 1 to 4.41. */
  readonly mos: number | undefined;
  /** Mean opinion score after ITU-T G.107, from 1 to 4.41: it knows the codec, and counts what was made up. */
  readonly mosCqe: number | undefined;
  /** `mos` in a word. */
  readonly quality: QualityBand;
  /** What takes most off `mos`; `undefined` where nothing does, or there is no score. */
  readonly costliest: "loss" | "jitter" | "rtt" | undefined;
  /** The share of packets that was lost on the way here in the last five seconds, 0 to 1. */
  readonly loss: number | undefined;
  /** The share of ours that was lost on the way there, by the other side's last report, 0 to 1. */
  readonly remoteLoss: number | undefined;
  /** In seconds: as the other side reports it, else as it is here. */
  readonly jitter: number | undefined;
  /** Of what comes, in seconds. */
  readonly inboundJitter: number | undefined;
  /** There and back, in seconds. */
  readonly rtt: number | undefined;
  /** RTP packets that came. */
  readonly packetsReceived: number | undefined;
  /** What they held. */
  readonly bytesReceived: number | undefined;
  /** RTP packets that should have come. */
  readonly packetsLost: number | undefined;
  /** RTP packets sent. */
  readonly packetsSent: number | undefined;
  /** What they held. */
  readonly bytesSent: number | undefined;
  /** How loud it was that came, 0 to 1 (root of the mean square). */
  readonly inboundLevel: number | undefined;
  /** How loud it was at the microphone, 0 to 1. */
  readonly outboundLevel: number | undefined;
  /** The share of what was heard that the browser made up, 0 to 1, silence not counted. */
  readonly concealed: number | undefined;
  /** How long what was heard waited in the jitter buffer, in seconds. */
  readonly bufferDelay: number | undefined;
}

/** Something that is wrong with a call. */
export interface QualityWarning {
  /** Stable; Telnyx's number where its registry has one. */
  readonly code: number;
  /** Stable, such as `"HIGH_PACKET_LOSS"`. */
  readonly name: string;
  /** When it was raised or cleared, in milliseconds since the call began. */
  readonly at: number;
  /** What is wrong. */
  readonly message: string;
  /** What a person may do. */
  readonly advice: string;
}

/** At its least, over the call, and at its most. */
export interface Spread {
  /** The smallest. */
  readonly least: number;
  /** Over the time for which it is known. */
  readonly mean: number;
  /** The largest. */
  readonly most: number;
}

/** What a call was like while it was active. Units are those of a sample. */
export interface QualitySummary {
  /** How long it was measured. */
  readonly seconds: number;
  /** RTP packets that came. */
  readonly packetsReceived: number;
  /** What they held. */
  readonly bytesReceived: number;
  /** RTP packets that should have come. */
  readonly packetsLost: number;
  /** RTP packets sent. */
  readonly packetsSent: number;
  /** What they held. */
  readonly bytesSent: number;
  /** The share of all packets that did not come. */
  readonly loss: number | undefined;
  /** The share of ours that the other side did not get. */
  readonly remoteLoss: Spread | undefined;
  /** Jitter. */
  readonly jitter: Spread | undefined;
  /** Round trip. */
  readonly rtt: Spread | undefined;
  /** The score of Telnyx's SDKs. */
  readonly mos: Spread | undefined;
  /** The score after ITU-T G.107. */
  readonly mosCqe: Spread | undefined;
  /** What was made up. */
  readonly concealed: Spread | undefined;
  /** What was heard. */
  readonly inboundLevel: Spread | undefined;
  /** What was said. */
  readonly outboundLevel: Spread | undefined;
  /** `mos` in a word, by its mean. */
  readonly quality: QualityBand;
  /** How many seconds it was how good. */
  readonly bands: Readonly<Record<QualityBand, number>>;
  /** Every warning that was raised: when first, how often, and for how many seconds in all. */
  readonly warnings: readonly {
    readonly code: number; readonly name: string; readonly at: number; readonly times: number; readonly seconds: number;
  }[];
  /** How long setting up took, as far as it has come. */
  readonly timings: CallTimings;
}

/** What happens on the way to a call in which audio flows, as far as a page can see it. */
export type MilestoneName =
  | "callInitiated" | "inviteReceived" | "answerInitiated" | "peerConnectionCreated" | "mediaDevicesAcquired"
  | "sdpNegotiationStarted" | "localSdpSet" | "inviteSent" | "answerSent" | "remoteSdpReceived" | "remoteSdpSet"
  | "remoteSideRinging" | "callAnsweredByRemote" | "iceGatheringStarted" | "firstIceCandidate"
  | "firstReflexiveCandidate" | "firstRelayCandidate" | "iceGatheringComplete" | "iceChecking" | "iceConnected"
  | "iceCompleted" | "dtlsConnecting" | "dtlsConnected" | "peerConnected" | "firstRtpSent" | "firstRtpReceived"
  | "mediaActive" | "callActive";

/** How long signing in took, in milliseconds since the watch was asked for. What was not seen is absent. */
export interface SignInTimings {
  /** The socket was open. */
  readonly socketConnected?: number;
  /** The login went out. */
  readonly loginSent?: number;
  /** Calls could be made. */
  readonly clientReady?: number;
}

/** How long setting up a call took, in milliseconds. What was not seen is absent. */
export interface CallTimings {
  /** When each was reached first, since the call began. */
  readonly milestones: Readonly<Partial<Record<MilestoneName, number>>>;
  /** From the wish to call, or to answer, until the call is active. It holds the time that it rang there. */
  readonly callSetup?: number;
  /** From the wish to call, or to answer, until the first packet of audio came. */
  readonly timeToFirstRtp?: number;
  /** From the first to the last candidate. */
  readonly iceGathering?: number;
  /** From the INVITE to the answer. It holds the time that a person took to answer. */
  readonly signalling?: number;
  /** From the first try of a way until audio flows, or the connection stands. */
  readonly mediaEstablishment?: number;
  /** Inbound: how long it rang here. */
  readonly answerDelay?: number;
}

/** Why a call was bad, or that it was not. */
export interface CallVerdict {
  /** The worst first. Never empty: where nothing was wrong, it says so. */
  readonly findings: readonly Finding[];
  /** Their sentences, one after the other. */
  readonly text: string;
}

/** Something that was wrong with a call. */
export interface Finding {
  /** Stable, by number. */
  readonly code: number;
  /** Stable, by name, such as `"microphoneMutedInHardware"` or `"nothingWrong"`. */
  readonly cause: string;
  /** What the person noticed: no call at all, missing words, a nuisance, or next to nothing. */
  readonly severity: "failed" | "bad" | "impaired" | "unnoticed";
  /** How sure it is, 0 to 1. */
  readonly confidence: number;
  /** Who could mend it: this side, the other one, who runs the network, who runs the gateway. */
  readonly side: "here" | "there" | "network" | "server" | "unknown";
  /** When it began, in milliseconds since the call began, where it has a time. */
  readonly from?: number;
  /** When it was over. */
  readonly to?: number;
  /** The figures that speak for it, by name: times in seconds, shares and levels from 0 to 1. */
  readonly evidence: Readonly<Record<string, number>>;
  /** In a sentence, with the figures. */
  readonly text: string;
  /** What a person may do; empty where nothing can be done. */
  readonly advice: string;
}
