/** @typedef {import("../../pkg/offhook.js").PeerFact} PeerFact */
/** @typedef {import("../../pkg/offhook.js").PeerOrder} PeerOrder */
/** @typedef {import("./microphone.js").MediaFailure} MediaFailure */

import { Microphone } from "./microphone.js";
import { Peer } from "./peer.js";

/** One client's sound: carries out what the engine orders of its peer connections. */
export class Media {
  /** Oldest first: while a call is re-attached it has two. @type {Map<number, Peer>} */
  #peers = new Map();
  #microphone;
  #speaker;
  /** Tells the engine what happened to a peer. @type {(peer: number, fact: PeerFact) => void} */
  tell = () => {};
  /** Tells that the microphone ended by itself. @type {(failure: MediaFailure | undefined) => void} */
  lost = () => {};

  /** @param {{ microphoneId?: string, speakerId?: string }} options */
  constructor({ microphoneId, speakerId }) {
    this.#microphone = new Microphone(microphoneId, (track) => this.#speakThrough(track), (failure) => this.lost(failure));
    this.#speaker = speakerId;
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

  /** Whether a peer connection can be made ready ahead of its call. */
  get canPrepare() {
    return this.#microphone.granted;
  }

  get microphoneId() {
    return this.#microphone.device;
  }

  /** @param {string | undefined} device */
  setMicrophone(device) {
    return this.#microphone.change(device);
  }

  /** The loudspeaker of the calls to come, and the audio elements of those that are up. @param {string | undefined} device */
  setSpeaker(device) {
    this.#speaker = device;
    return [...this.#peers.values()].flatMap(({ playback }) => playback?.element ?? []);
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
      this.#peers.set(id, new Peer(config, this.#microphone, () => this.#speaker, tell));
    } catch (error) {
      // The browser refuses the configuration.
      const { message } = /** @type {Error} */ (error);
      // Not at once: who makes the call has it only after this, and can listen to it only then.
      queueMicrotask(() => tell({ kind: "failed", payload: { kind: "connection", message } }));
    }
  }

  /** @param {MediaStreamTrack} track */
  async #speakThrough(track) {
    for (const peer of this.#peers.values()) if (peer.track) await peer.speakThrough(track.clone());
  }

  /** @param {string} call */
  #peersOf(call) {
    return [...this.#peers.values()].filter((peer) => peer.call === call);
  }
}
