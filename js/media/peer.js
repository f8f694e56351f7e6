/** @typedef {import("../../pkg/offhook.js").PeerConfig} PeerConfig */
/** @typedef {import("../../pkg/offhook.js").PeerFact} PeerFact */
/** @typedef {import("../../pkg/offhook.js").PeerOrder} PeerOrder */
/** @typedef {import("./microphone.js").Microphone} Microphone */

/**
 * Where the sound of a call comes from.
 *
 * @typedef {{ open(): Promise<MediaStreamTrack | undefined>, release(): void, isNothing?: boolean }} Source
 */

/**
 * How the application wants its connections.
 *
 * @typedef {{
 *   preferredCodecs: string[] | undefined, encoding: Partial<RTCRtpEncodingParameters> | undefined,
 *   rtcConfiguration: RTCConfiguration | undefined,
 * }} Style
 */

/**
 * @typedef {{
 *   microphone: Microphone,
 *   speaker: (call: string) => string | undefined,
 *   volume: () => number,
 *   process: (call: string | undefined, track: MediaStreamTrack | undefined) => MediaStreamTrack | undefined,
 *   sourceOf: (call: string) => Source,
 *   retries: (call: string, failure: MediaFailure, over: AbortSignal) => Promise<boolean>,
 *   tell: (fact: PeerFact) => void,
 * }} Driver
 */

import { MediaFailure } from "./microphone.js";
import { Playback } from "./playback.js";
import { watchStats } from "./stats.js";

/**
 * One `RTCPeerConnection`, on standby until it carries a call: then with a microphone and a loudspeaker. Reports until it
 * is closed, and never after.
 */
export class Peer {
  /** What is said: lives as long as the peer, also when the microphone changes. */
  local = new MediaStream();
  /** What is heard. @type {MediaStream | undefined} */
  remote;
  /** @type {Playback | undefined} */
  playback;
  /** @type {MediaStreamTrack | undefined} */
  track;
  /** Which call it carries. @type {string | undefined} */
  call;
  /** What it is said through. @type {Source | undefined} */
  source;

  #connection;
  #driver;
  #style;
  #tell;
  #muted = false;
  #over = new AbortController();
  #gathered = false;
  /** The description that was made here, until it is applied. @type {string | undefined} */
  #made;
  /** @type {RTCRtpSender | undefined} */
  #sender;
  /** @type {(opened: Promise<void>) => void} */
  #opened = () => {};
  /** Until it is known whether there is something to say, a description may have to wait. @type {Promise<void>} */
  #opening = new Promise((resolve) => (this.#opened = resolve));
  /** The browser works on one description at a time: each step waits for those before it. */
  #steps = Promise.resolve();
  /** @type {(() => void) | undefined} */
  #unwatch;

  /**
   * @param {PeerConfig & Style} config
   * @param {Driver} driver
   */
  constructor({ iceServers, relayOnly, rtcConfiguration, ...style }, driver) {
    this.#driver = driver;
    this.#style = style;
    this.#tell = (/** @type {PeerFact} */ fact) => this.#open && driver.tell(fact);
    this.#connection = new RTCPeerConnection({
      ...rtcConfiguration,
      iceServers,
      iceTransportPolicy: relayOnly ? "relay" : "all",
    });
    this.#listen();
  }

  get #open() {
    return !this.#over.signal.aborted;
  }

  get connection() {
    return this.#connection;
  }

  get isConnected() {
    return this.#connection.connectionState === "connected";
  }

  /** @param {PeerOrder} order */
  order({ kind, payload }) {
    switch (kind) {
      case "engage":
        return this.#engage(payload);
      case "offer":
        return this.#step("offer", () => this.#offer());
      case "restart":
        return this.#step("offer", () => this.#restart());
      case "answer":
        return this.#step("answer", () => this.#answer(payload));
      case "acceptAnswer":
        return this.#step("remoteDescription", () => this.#applyRemote("answer", payload));
      case "addCandidate":
        return this.#step("connection", () => this.#add(payload));
      case "describe":
        return this.#describe();
      case "setMuted":
        return this.#mute(payload);
      case "watchStats":
        return this.#watch(payload);
    }
  }

  /**
   * Speaks through another track from here on.
   *
   * @param {MediaStreamTrack} track
   */
  async speakThrough(track) {
    if (!this.#open) return track.stop();
    const old = this.track;
    // One that somebody has silenced beside `mute()` gives way to a silent one.
    track.enabled = old ? old.enabled : !this.#muted;
    // Before the wait: a sender that comes meanwhile looks for it here.
    this.track = track;
    this.local.addTrack(track);
    if (old) this.local.removeTrack(old);
    await this.speak();
    old?.stop();
  }

  /** Stops the microphone's track, goes silent, forgets everything. Closing twice does nothing. */
  close() {
    if (!this.#open) return;
    this.#over.abort();
    this.#unwatch?.();
    this.playback?.stop();
    if (this.track) {
      this.track.stop();
      this.source?.release();
    }
    this.#connection.close();
  }

  /** @param {{ call: string, muted: boolean }} engagement */
  #engage({ call, muted }) {
    this.call = call;
    this.#muted = muted;
    this.source = this.#driver.sourceOf(call);
    this.#opened(this.#openMicrophone(this.source));
    this.#tell({ kind: "engaged", payload: { call, connection: this.#connection } });
    this.#play();
  }

  /**
   * @param {Source} source
   * @returns {Promise<void>}
   */
  async #openMicrophone(source) {
    try {
      const track = await source.open();
      if (this.#open) {
        if (track) await this.speakThrough(track);
        this.#tell({ kind: "microphoneOpened", payload: undefined });
      } else {
        track?.stop();
        source.release();
      }
    } catch (error) {
      const failure = error instanceof MediaFailure ? error : new MediaFailure("microphone", String(error));
      if (this.#open && (await this.#driver.retries(this.call ?? "", failure, this.#over.signal))) return this.#openMicrophone(source);
      this.#fail("microphoneFailed", "microphone", failure);
    }
  }

  /**
   * @param {NonNullable<MediaFailure["kind"]>} failure what it is called if it fails
   * @param {() => Promise<void>} step
   */
  #step(failure, step) {
    const next = async () => {
      try {
        if (this.#open) await step();
      } catch (error) {
        this.#fail("failed", failure, error);
      }
    };
    this.#steps = this.#steps.then(next);
  }

  /**
   * Without the permission browsers gather only `.local` candidates, which servers refuse. Who can do without a
   * microphone is still open after it failed.
   */
  async #mayDescribe() {
    if (!this.#driver.microphone.granted) await this.#opening;
    return this.#open;
  }

  async #offer() {
    if (!(await this.#mayDescribe())) return;
    this.#use(this.#connection.addTransceiver("audio", { direction: "sendrecv", streams: [this.local] }));
    await this.speak();
    await this.#applyOwn(await this.#connection.createOffer());
  }

  /** The connection stays and so does what it carries, until the new candidates have found a way. */
  async #restart() {
    const offer = await this.#connection.createOffer({ iceRestart: true });
    this.#gathered = false;
    await this.#applyOwn(offer);
  }

  /** @param {string} offer */
  async #answer(offer) {
    if (!(await this.#mayDescribe())) return;
    await this.#applyRemote("offer", offer);
    const audio = this.#connection.getTransceivers().find(({ receiver }) => receiver.track.kind === "audio");
    if (!audio) throw new MediaFailure("remoteDescription", "it offers no audio");
    // Both ways always: the microphone's track may come into it later.
    audio.direction = "sendrecv";
    this.#use(audio);
    await this.speak();
    await this.#applyOwn(await this.#connection.createAnswer());
    await this.#encode();
  }

  /** @param {RTCRtpTransceiver} transceiver */
  #use(transceiver) {
    this.#sender = transceiver.sender;
    const wanted = this.#style.preferredCodecs?.map((name) => name.toLowerCase().replace(/^(?!audio\/)/, "audio/"));
    if (!wanted) return;
    // What is not named comes after what is: telephone events stay, and so does a way to talk at all.
    const rank = (/** @type {RTCRtpCodec} */ { mimeType }) => wanted.indexOf(mimeType.toLowerCase()) + 1 || wanted.length + 1;
    const { codecs } = RTCRtpReceiver.getCapabilities("audio") ?? { codecs: [] };
    transceiver.setCodecPreferences(codecs.sort((a, b) => rank(a) - rank(b)));
  }

  /** Once there is an encoding, which is after the negotiation. One wish that the browser refuses leaves the others. */
  async #encode() {
    for (const wish of Object.entries(this.#style.encoding ?? {})) {
      const parameters = this.#sender?.getParameters();
      if (!parameters?.encodings?.[0]) return;
      Object.assign(parameters.encodings[0], Object.fromEntries([wish]));
      await this.#sender?.setParameters(parameters).catch(() => {});
    }
  }

  /** The sender may come later than the track. */
  async speak() {
    /** @type {MediaStreamTrack | null} */
    let track = null;
    try {
      track = this.#driver.process(this.call, this.track) ?? null;
    } catch (error) {
      // The application's own. What was to be changed is not said unchanged.
      reportError(error);
    }
    // It fails only on a connection that was closed meanwhile.
    if (this.#sender && this.#sender.track !== track) await this.#sender.replaceTrack(track).catch(() => {});
  }

  /** @param {RTCSessionDescriptionInit} description */
  async #applyOwn(description) {
    this.#made = description.sdp;
    // Who takes candidates later need not wait until it is applied.
    this.#describe();
    await this.#connection.setLocalDescription(description).catch(as("localDescription"));
    this.#made = undefined;
  }

  /**
   * @param {RTCSdpType} type
   * @param {string} sdp
   */
  async #applyRemote(type, sdp) {
    await this.#connection.setRemoteDescription({ type, sdp }).catch(as("remoteDescription"));
    if (type === "answer") await this.#encode();
    this.#tell({ kind: "remoteApplied", payload: undefined });
  }

  /** @param {RTCIceCandidateInit} candidate */
  async #add(candidate) {
    // One candidate that the browser cannot read leaves the others.
    await this.#connection.addIceCandidate(candidate).catch(() => {});
  }

  /** With the candidates so far; as it was made, while the browser still applies it. */
  #describe() {
    const sdp = this.#made ?? this.#connection.localDescription?.sdp;
    if (sdp !== undefined) this.#tell({ kind: "described", payload: sdp });
  }

  /** @param {boolean} muted */
  #mute(muted) {
    this.#muted = muted;
    if (this.track) this.track.enabled = !muted;
  }

  /** @param {number} every in milliseconds; 0 is never */
  #watch(every) {
    this.#unwatch?.();
    const tell = (/** @type {import("../../pkg/offhook.js").Look} */ payload) => this.#tell({ kind: "stats", payload });
    this.#unwatch = every ? watchStats(this.#connection, every, () => this.track, tell) : undefined;
  }

  /** Lets it be heard, once it carries a call. */
  #play() {
    const { call, remote } = this;
    if (!call || !remote) return;
    const refused = (/** @type {() => Promise<boolean>} */ resume) => {
      this.#tell({ kind: "playbackRefused", payload: { call, resume } });
    };
    this.playback ??= new Playback(remote, this.#driver.speaker(call), refused);
    this.playback.setVolume(this.#driver.volume());
  }

  #listen() {
    const connection = this.#connection;
    connection.onicecandidate = ({ candidate }) => {
      // Firefox says the end of a section's candidates with an empty one.
      if (candidate?.candidate) this.#tell({ kind: "candidate", payload: candidate });
      if (candidate || this.#gathered) return;
      this.#gathered = true;
      this.#tell({ kind: "gathered", payload: undefined });
    };
    connection.onconnectionstatechange = () => {
      this.#tell({ kind: "connection", payload: connection.connectionState });
    };
    connection.ontrack = ({ track }) => {
      this.remote ??= new MediaStream([track]);
      this.#play();
    };
  }

  /**
   * @param {"failed" | "microphoneFailed"} kind
   * @param {NonNullable<MediaFailure["kind"]>} otherwise
   * @param {unknown} error
   */
  #fail(kind, otherwise, error) {
    const { message } = /** @type {Error} */ (error);
    const failure = error instanceof MediaFailure ? error.kind : otherwise;
    this.#tell({ kind, payload: { kind: failure ?? otherwise, message } });
  }
}

/**
 * Names a failure.
 *
 * @param {MediaFailure["kind"]} kind
 * @returns {(error: Error) => never}
 */
function as(kind) {
  return (error) => {
    throw new MediaFailure(kind, error.message);
  };
}
