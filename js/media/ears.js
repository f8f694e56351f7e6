/** @typedef {import("../audio.js").Level} Level */

import { measure } from "./level.js";

/** What an analyser looks back on: 0.34 s at 48 kHz, longer than any pause between two looks. */
const SAMPLES = 16_384;

/** One `AudioContext` for all who measure, open while somebody does. Nothing of it is ever played. */
export class Ears {
  /** @type {AudioContext | undefined} */
  #context;
  /** Whether the browser let it run: until then it is the page that waits for a touch. */
  #hasRun = false;
  /** @type {Set<Probe>} */
  #probes = new Set();
  #changed;

  /** @param {() => void} changed the system took the sound away, or gave it back */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * @param {() => MediaStreamTrack | undefined} track what is listened to, which may change
   * @returns {Probe}
   */
  listen(track) {
    const probe = new Probe(() => this.#open(), track, () => this.#forget(probe));
    this.#probes.add(probe);
    return probe;
  }

  /** Whether the system has taken the sound away: nobody here has. */
  get isInterrupted() {
    return this.#hasRun && this.#context?.state !== "running";
  }

  /** Asks the browser for sound again. */
  wake() {
    // It fails, or never settles, while the browser does not allow it.
    if (this.#context?.state !== "running") this.#context?.resume().catch(() => {});
  }

  /** Begins anew: whoever listens hears through another context. */
  reset() {
    for (const probe of this.#probes) probe.rest();
    this.#rest();
  }

  close() {
    for (const probe of [...this.#probes]) probe.close();
  }

  #open() {
    if (this.#context) return this.#context;
    const context = this.#context = new AudioContext();
    context.onstatechange = () => {
      if (context !== this.#context) return;
      if (context.state === "running") this.#hasRun = true;
      this.#changed();
    };
    this.#hasRun = context.state === "running";
    this.wake();
    return context;
  }

  /** @param {Probe} probe */
  #forget(probe) {
    if (this.#probes.delete(probe) && this.#probes.size === 0) this.#rest();
  }

  #rest() {
    const context = this.#context;
    this.#context = undefined;
    this.#hasRun = false;
    // It fails only where there is nothing to close.
    context?.close().catch(() => {});
  }
}

/** Hears one track: whichever it is at the moment. */
class Probe {
  #open;
  #track;
  #forget;
  #samples = new Float32Array(SAMPLES);
  /** @type {{ track: MediaStreamTrack, source: MediaStreamAudioSourceNode, analyser: AnalyserNode } | undefined} */
  #heard;

  /**
   * @param {() => AudioContext} open
   * @param {() => MediaStreamTrack | undefined} track
   * @param {() => void} forget
   */
  constructor(open, track, forget) {
    this.#open = open;
    this.#track = track;
    this.#forget = forget;
  }

  /**
   * How loud it was in the last `ms`; nothing while there is no track, or the browser lets the page use no sound.
   *
   * @param {number} ms
   * @returns {Level | undefined}
   */
  read(ms) {
    const track = this.#track();
    if (track !== this.#heard?.track || track?.readyState !== "live") this.#listenTo(track);
    if (!this.#heard) return undefined;
    const { analyser } = this.#heard;
    const { state, sampleRate } = analyser.context;
    if (state !== "running") return undefined;
    analyser.getFloatTimeDomainData(this.#samples);
    return measure(this.#samples, Math.min(SAMPLES, Math.round((sampleRate * ms) / 1_000)));
  }

  /** Lets go of what it hears, until it is read again. */
  rest() {
    this.#listenTo(undefined);
  }

  close() {
    this.rest();
    this.#forget();
  }

  /** @param {MediaStreamTrack | undefined} track */
  #listenTo(track) {
    this.#heard?.source.disconnect();
    this.#heard = undefined;
    if (track?.readyState !== "live") return;
    const context = this.#open();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const analyser = context.createAnalyser();
    analyser.fftSize = SAMPLES;
    source.connect(analyser);
    this.#heard = { track, source, analyser };
  }
}
