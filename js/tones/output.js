/** @typedef {import("./pattern.js").Pattern} Pattern */

import { length, render } from "./pattern.js";

/** How long a tone takes to fall silent, in seconds: at once would be a click. */
const RELEASE = 0.015;

/** How long an output stays open in silence, in ms: a key is seldom pressed alone, and opening takes a while. */
const LINGER_MS = 1_000;

/** How long an AudioContext may take to start before it counts as refused, in ms. Firefox needs some tenths. */
const STARTS_WITHIN_MS = 1_500;

/** How much longer than its length a sound may take that is over by itself, in ms: an output has to open first. */
const LATE_MS = 2_000;

/**
 * One loudspeaker, and what sounds through it. Open only while something does: then there is an AudioContext, and in
 * browsers that give that no device of its own, an audio element outside of the page's document.
 */
export class Output {
  /** @type {Graph | undefined} */
  #graph;
  /** @type {Map<string, { sound: Pattern | AudioBuffer, voice: Voice }>} */
  #sounding = new Map();
  /** @type {() => string | undefined} */
  #device;
  #volume;
  #told;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #closing;

  /**
   * @param {() => string | undefined} device which loudspeaker, whenever it is opened
   * @param {number} volume
   * @param {{ changed: () => void, missing: (device: string) => void }} told `changed`: it may have been refused, or
   *   allowed; `missing`: the system's loudspeaker plays instead of this one
   */
  constructor(device, volume, told) {
    this.#device = device;
    this.#volume = volume;
    this.#told = told;
  }

  get volume() {
    return this.#volume;
  }

  set volume(volume) {
    this.#volume = volume;
    this.#graph?.setVolume(volume);
  }

  /** Whether the browser lets nothing be heard of what sounds. */
  get isBlocked() {
    return this.#sounding.size > 0 && this.#graph?.isBlocked === true;
  }

  /**
   * Lets a sound be heard under a name, from its beginning, in place of what was.
   *
   * @param {string} name
   * @param {Pattern | AudioBuffer} sound
   */
  play(name, sound) {
    this.stop(name);
    clearTimeout(this.#closing);
    this.#graph ??= new Graph(this.#device(), this.#volume, this.#told);
    const voice = new Voice(this.#graph, sound, () => {
      this.stop(name);
      this.#told.changed();
    });
    this.#sounding.set(name, { sound, voice });
  }

  /** @param {string} name */
  stop(name) {
    const one = this.#sounding.get(name);
    if (!one) return;
    one.voice.end();
    this.#sounding.delete(name);
    if (this.#sounding.size === 0) this.#closing = setTimeout(() => this.close(), LINGER_MS);
  }

  /** Opens another loudspeaker for what sounds, from its beginning. */
  move() {
    const sounds = [...this.#sounding].map(([name, { sound }]) => ({ name, sound }));
    this.close();
    for (const { name, sound } of sounds) this.play(name, sound);
  }

  /** Tries once more; from a click or a key it succeeds. */
  wake() {
    this.#graph?.wake();
  }

  /** Silent at once, with nothing left. */
  close() {
    clearTimeout(this.#closing);
    for (const { voice } of this.#sounding.values()) voice.end();
    this.#sounding.clear();
    this.#graph?.close();
    this.#graph = undefined;
  }
}

/** What leads to one loudspeaker. */
class Graph {
  context = new AudioContext({ latencyHint: "interactive" });
  /** What all voices meet in. */
  master;
  /** @type {HTMLAudioElement | undefined} */
  #element;
  #elementIsRefused = false;
  #isLate = false;
  #told;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /**
   * @param {string | undefined} device
   * @param {number} volume
   * @param {{ changed: () => void, missing: (device: string) => void }} told
   */
  constructor(device, volume, told) {
    this.#told = told;
    this.master = new GainNode(this.context, { gain: volume });
    this.context.onstatechange = () => this.#look();
    this.#look();
    this.wake();
    void this.#lead(device);
  }

  get isBlocked() {
    return this.#elementIsRefused || (this.#isLate && this.context.state !== "running");
  }

  wake() {
    // Where nothing may sound it settles only when something may: the state tells.
    this.context.resume().catch(() => {});
    if (this.#element) this.#start(this.#element);
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.master.gain.setTargetAtTime(volume, this.context.currentTime, RELEASE);
  }

  close() {
    clearTimeout(this.#waiting);
    this.context.onstatechange = null;
    // It fails only where there is nothing to close.
    this.context.close().catch(() => {});
    if (this.#element) this.#element.srcObject = null;
    this.#element = undefined;
  }

  /** Starting takes a moment; what takes longer is refused. */
  #look() {
    clearTimeout(this.#waiting);
    if (this.context.state === "running") {
      this.#isLate = false;
    } else {
      this.#waiting = setTimeout(() => {
        this.#isLate = true;
        this.#told.changed();
      }, STARTS_WITHIN_MS);
    }
    this.#told.changed();
  }

  /** @param {string | undefined} device */
  async #lead(device) {
    const { context, master } = this;
    try {
      if (device) await this.#leadTo(device);
      else master.connect(context.destination);
    } catch {
      if (context.state === "closed") return;
      master.connect(context.destination);
      this.#told.missing(device ?? "");
    }
  }

  /** @param {string} device */
  async #leadTo(device) {
    const { context, master } = this;
    // The compiler does not know yet that some have it.
    const chooser = /** @type {AudioContext & { setSinkId?: (device: string) => Promise<void> }} */ (context);
    if (chooser.setSinkId) {
      await chooser.setSinkId(device);
      master.connect(context.destination);
      return;
    }
    const element = new Audio();
    await element.setSinkId(device);
    if (context.state === "closed") return;
    const end = new MediaStreamAudioDestinationNode(context);
    master.connect(end);
    element.srcObject = end.stream;
    this.#element = element;
    this.#start(element);
  }

  /** @param {HTMLAudioElement} element */
  async #start(element) {
    try {
      await element.play();
      this.#elementIsRefused = false;
    } catch (error) {
      // Anything else is that it was closed meanwhile.
      if (/** @type {DOMException} */ (error).name !== "NotAllowedError") return;
      this.#elementIsRefused = true;
    }
    this.#told.changed();
  }
}

/** One sound, from its beginning to its end. */
class Voice {
  #source;
  #gain;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late;

  /**
   * @param {Graph} graph
   * @param {Pattern | AudioBuffer} sound the application's own begins again until it is stopped
   * @param {() => void} over it is over by itself
   */
  constructor({ context, master }, sound, over) {
    const isOwn = sound instanceof AudioBuffer;
    const buffer = isOwn ? sound : rendered(sound, context.sampleRate);
    this.#gain = new GainNode(context);
    this.#source = new AudioBufferSourceNode(context, { buffer, loop: isOwn || sound.loops });
    this.#source.connect(this.#gain).connect(master);
    this.#source.start();
    if (this.#source.loop) return;
    this.#source.onended = over;
    // In an AudioContext that does not run nothing ends.
    this.#late = setTimeout(over, buffer.duration * 1_000 + LATE_MS);
  }

  end() {
    clearTimeout(this.#late);
    this.#source.onended = null;
    const { currentTime } = this.#gain.context;
    this.#gain.gain.setTargetAtTime(0, currentTime, RELEASE / 3);
    this.#source.stop(currentTime + RELEASE);
  }
}

/**
 * @param {Pattern} pattern
 * @param {number} sampleRate
 */
function rendered(pattern, sampleRate) {
  const buffer = new AudioBuffer({ length: Math.round(length(pattern) * sampleRate), sampleRate });
  buffer.copyToChannel(render(pattern, sampleRate), 0);
  return buffer;
}
