/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../listeners.js").Listeners} Listeners */
/** @typedef {import("../media/ears.js").Ears} Ears */
/** @typedef {import("./source.js").SourceTrack} SourceTrack */

import { Silence, Speech } from "./detectors.js";

/** What speech is judged by, in ms: what came since the last look. */
const SPEECH_MS = 100;
/** What silence is judged by: more than came since, so that nothing is missed. */
const SILENCE_MS = 340;

/** Listens to the microphone itself in a call, if somebody wants to know: for speech that nobody hears, for silence. */
export class MicrophoneWatch {
  #ears;
  #source;
  #listeners;
  #speech = new Speech();
  #silence;
  /** @type {ReturnType<Ears["listen"]> | undefined} */
  #probe;

  /**
   * @param {Ears} ears
   * @param {SourceTrack} source
   * @param {Listeners} listeners
   * @param {number} silenceMs
   */
  constructor(ears, source, listeners, silenceMs) {
    this.#ears = ears;
    this.#source = source;
    this.#listeners = listeners;
    this.#silence = new Silence(silenceMs);
  }

  get isSilent() {
    return this.#silence.isTold;
  }

  /**
   * @param {Call[]} active the calls that could be spoken in
   * @param {number} now in ms
   */
  look(active, now) {
    const isHeard = this.#source.isLive && active.length > 0;
    const isMuted = active.every(({ muted }) => muted);
    const hearsSpeech = isHeard && isMuted && this.#listeners.has("speakingWhileMuted");
    const hearsSilence = isHeard && !isMuted && this.#listeners.has("silentMicrophone");
    if (!hearsSpeech) this.#speech.forget();
    if (!hearsSilence) this.#tellSilence(this.#silence.forget());
    if (!hearsSpeech && !hearsSilence) return this.close();
    this.#probe ??= this.#ears.listen(() => this.#source.track);
    const level = this.#probe.read(hearsSpeech ? SPEECH_MS : SILENCE_MS);
    if (!level) return;
    if (hearsSilence) this.#tellSilence(this.#silence.hear(level.peak, now));
    if (hearsSpeech && this.#speech.hear(level.rmsDb, now)) {
      this.#listeners.tell("speakingWhileMuted", { calls: Object.freeze(active) });
    }
  }

  close() {
    this.#probe?.close();
    this.#probe = undefined;
  }

  /** @param {boolean | undefined} silent */
  #tellSilence(silent) {
    if (silent !== undefined) this.#listeners.tell("silentMicrophone", { silent });
  }
}
