/** @typedef {import("../../pkg/offhook.js").PeerFact} PeerFact */
/** @typedef {import("../../pkg/offhook.js").PeerOrder} PeerOrder */
/** @typedef {import("./peer.js").Source} Source */
/** @typedef {import("./peer.js").Style} Style */

import { MediaFailure, Microphone } from "./microphone.js";
import { Peer } from "./peer.js";

/** One client's sound: carries out what the engine orders of its peer connections. */
export class Media {
  /** Oldest first: while a call is re-attached it has two. @type {Map<number, Peer>} */
  #peers = new Map();
  #microphone;
  /** Where calls are heard; under "", those that have no place of their own. @type {Map<string, string | undefined>} */
  #speakers = new Map();
  /** How loud calls are heard, from 0 to 1. */
  volume = 1;
  #style;
  /** What calls speak through instead of the microphone. @type {Map<string, Source>} */
  #sources = new Map();
  /** @type {Map<string | undefined, import("../index.js").CallProcessor>} */
  #processors = new Map();
  /** Tells the engine what happened to a peer. @type {(peer: number, fact: PeerFact) => void} */
  tell = () => {};
  /** Tells that the microphone ended by itself. @type {(failure: MediaFailure | undefined) => void} */
  lost = () => {};
  /**
   * Whether a call's microphone shall be tried once more, which a person may have to say: until then, or until the call
   * is over.
   *
   * @type {(call: string, failure: MediaFailure, over: AbortSignal) => Promise<boolean>}
   */
  retries = async () => false;

  /**
   * @param {Partial<Style> & {
   *   microphoneId?: string, speakerId?: string, audio?: MediaTrackConstraints,
   *   processAudio?: import("./microphone.js").Processor,
   * }} options
   */
  constructor({ microphoneId, speakerId, audio, processAudio, preferredCodecs, encoding, rtcConfiguration }) {
    const speakThrough = (/** @type {MediaStreamTrack} */ track) => this.#speakThrough(track);
    this.#microphone = new Microphone(microphoneId, audio, processAudio, speakThrough, (failure) => this.lost(failure));
    this.#speakers.set("", speakerId);
    this.#style = { preferredCodecs, encoding, rtcConfiguration };
  }

  /**
   * What a call speaks through: the microphone unless it is told otherwise, a stream of the application's own, of which
   * nothing is ever stopped, or nothing.
   *
   * @param {string} call
   * @param {boolean | MediaStream | undefined} audio
   */
  speakWith(call, audio) {
    if (audio === undefined) return;
    const open = async () => (audio ? /** @type {MediaStream} */ (audio).getAudioTracks()[0]?.clone() : undefined);
    if (audio === true) this.#sources.delete(call);
    else this.#sources.set(call, { open, release() {}, isNothing: !audio });
  }

  /** Calls that are spoken through nothing. */
  get wordless() {
    return [...this.#sources].filter(([, { isNothing }]) => isNothing).map(([call]) => call);
  }

  /**
   * Puts something between what a call speaks through and the other party.
   *
   * @param {string} call
   * @param {import("../index.js").CallProcessor | undefined} process
   */
  async process(call, process) {
    if (process) this.#processors.set(call, process);
    else this.#processors.delete(call);
    await Promise.all(this.#peersOf(call).map((peer) => peer.speak()));
  }

  /** The call is over. @param {string} call */
  forget(call) {
    for (const kept of [this.#sources, this.#processors, this.#speakers]) kept.delete(call);
  }

  /**
   * @param {number} id
   * @param {PeerOrder["kind"]} kind
   * @param {any} payload
   */
  order(id, kind, payload) {
    if (kind === "open") return this.#open(id, payload);
    const peer = this.#peers.get(id);
    if (kind !== "close") return peer?.order({ kind, payload });
    peer?.close();
    this.#peers.delete(id);
  }

  /** What is heard in a call: of the old connection, until the new one can carry something. @param {string} call */
  remoteStream(call) {
    const heard = this.#peersOf(call).filter(({ remote }) => remote);
    return (heard.findLast(({ isConnected }) => isConnected) ?? heard.at(-1))?.remote;
  }

  /** What is said in a call, once the microphone is open. @param {string} call */
  localStream(call) {
    return this.#peersOf(call).findLast(({ track }) => track)?.local;
  }

  /** What carries a call, or shall carry it. @param {string} call */
  connection(call) {
    return this.#peersOf(call).at(-1)?.connection;
  }

  /** Whether a peer connection can be made ready ahead of its call. */
  get canPrepare() {
    return this.#microphone.granted;
  }

  get microphoneId() {
    return this.#microphone.device;
  }

  get microphoneTrack() {
    return this.#microphone.raw;
  }

  /** @param {string | undefined} device */
  setMicrophone(device) {
    return this.#microphone.change(device);
  }

  /** @param {MediaTrackConstraints} constraints */
  constrain(constraints) {
    return this.#microphone.constrain(constraints);
  }

  /** Where a call is heard, or all that have no loudspeaker of their own. */
  speaker(call = "") {
    return this.ownSpeaker(call) ?? this.ownSpeaker();
  }

  /** What was chosen for a call, or for all others. */
  ownSpeaker(call = "") {
    return this.#speakers.get(call);
  }

  /**
   * The loudspeaker of a call, or of all that have none of their own, also of those to come. Returns the audio elements
   * that it is for.
   *
   * @param {string | undefined} device
   */
  setSpeaker(device, call = "") {
    this.#speakers.set(call, device);
    const isMeant = (/** @type {Peer} */ peer) => peer.call === call || (!call && !this.#speakers.get(peer.call ?? ""));
    return [...this.#peers.values()].filter(isMeant).flatMap(({ playback }) => playback?.element ?? []);
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.volume = volume;
    for (const { playback } of this.#peers.values()) playback?.setVolume(volume);
  }

  /** Lets go of everything. Nothing is heard of it any more. */
  close() {
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#microphone.close();
  }

  /**
   * @param {number} id
   * @param {import("../../pkg/offhook.js").PeerConfig} config
   */
  #open(id, config) {
    const tell = (/** @type {PeerFact} */ fact) => this.tell(id, fact);
    try {
      const driver = {
        tell,
        microphone: this.#microphone,
        speaker: (/** @type {string} */ call) => this.speaker(call),
        volume: () => this.volume,
        process: (/** @type {string | undefined} */ call, /** @type {MediaStreamTrack | undefined} */ track) => {
          const process = this.#processors.get(call);
          return process ? process(track) : track;
        },
        sourceOf: (/** @type {string} */ call) => this.#sources.get(call) ?? this.#microphone,
        retries: this.retries,
      };
      this.#peers.set(id, new Peer({ ...config, ...this.#style }, driver));
    } catch (error) {
      // The browser refuses the configuration.
      const { message } = /** @type {Error} */ (error);
      // Not at once: who makes the call has it only after this, and can listen to it only then.
      queueMicrotask(() => tell({ kind: "failed", payload: { kind: "connection", message } }));
    }
  }

  /** @param {MediaStreamTrack} track */
  async #speakThrough(track) {
    for (const peer of this.#peers.values()) {
      if (peer.track && peer.source === this.#microphone) await peer.speakThrough(track.clone());
    }
  }

  /** @param {string} call */
  #peersOf(call) {
    return [...this.#peers.values()].filter((peer) => peer.call === call);
  }
}
