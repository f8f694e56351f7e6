/** The most that an analyser looks back on: 0.7 s at 48 kHz. */
const SAMPLES = 32_768;

/** Measures a microphone's energy where the browser's counters do not (Firefox). */
export class Meter {
  #context = new AudioContext();
  #analyser = this.#context.createAnalyser();
  #samples = new Float32Array(SAMPLES);
  /** @type {MediaStreamAudioSourceNode | undefined} */
  #source;
  /** @type {MediaStreamTrack | undefined} */
  #track;
  #energy = 0;
  #readAt = performance.now();

  constructor() {
    this.#analyser.fftSize = SAMPLES;
  }

  /**
   * Level squared times seconds, since the first reading. Stays 0 while the browser lets the page use no sound.
   *
   * @param {MediaStreamTrack | undefined} track
   */
  read(track) {
    if (track !== this.#track) this.#listenTo(track);
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const square = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES;
    const now = performance.now();
    this.#energy += (square * (now - this.#readAt)) / 1000;
    this.#readAt = now;
    return this.#energy;
  }

  close() {
    // It fails only where there is nothing to close.
    this.#context.close().catch(() => {});
  }

  /** @param {MediaStreamTrack | undefined} track */
  #listenTo(track) {
    this.#track = track;
    this.#source?.disconnect();
    this.#source = track && this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#source?.connect(this.#analyser);
  }
}
