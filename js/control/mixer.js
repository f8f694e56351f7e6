/** @typedef {import("../index.js").Call} Call */

import { OffhookError } from "../error.js";

/** Browsers that may not play leave the question open. */
const PATIENCE_MS = 3_000;

/** Mixes for each of several parties what all the others and the person say. */
export class Mixer {
  #context = new AudioContext();
  #parties;

  /**
   * @param {readonly Call[]} calls
   * @param {() => void} stopped the browser has stopped it
   */
  constructor(calls, stopped) {
    this.#parties = calls.map((call) => new Party(call, this.#context));
    this.#context.onstatechange = () => {
      if (this.#context.state === "running" || this.#context.state === "closed") return;
      stopped();
      // Never awaited: where it may not, it does not settle.
      this.#context.resume().catch(() => {});
    };
  }

  /** Settles when the browser lets it run. */
  async start() {
    const { promise, resolve, reject } = withResolvers();
    const timer = setTimeout(() => reject(refused()), PATIENCE_MS);
    this.#context.resume().then(resolve, reject);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Has all parties hear the mix instead of the person alone. */
  async join() {
    this.update();
    await Promise.all(this.#parties.map((party) => party.join()));
  }

  /** Who is talked to hears the others who are; who is on hold neither hears nor is heard. */
  update() {
    for (const party of this.#parties) {
      party.hearFrom(this.#parties.filter((other) => other !== party));
    }
  }

  /** Gives all parties the person back, and lets go of everything. */
  async close() {
    await Promise.all(this.#parties.map((party) => party.leave()));
    this.#context.onstatechange = null;
    // It fails only where there is nothing to close.
    await this.#context.close().catch(() => {});
  }
}

/** One party: what they say, and what is said to them. */
class Party {
  #context;
  #ear;
  /** @type {MediaStreamAudioSourceNode | undefined} */
  #microphone;
  /** @type {MediaStream | undefined} */
  #stream;
  /** @type {MediaStreamAudioSourceNode | undefined} */
  #mouth;
  /** Whom they hear. @type {Set<MediaStreamAudioSourceNode>} */
  #heard = new Set();

  /**
   * @param {Call} call
   * @param {AudioContext} context
   */
  constructor(call, context) {
    this.call = call;
    this.#context = context;
    this.#ear = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  }

  async join() {
    await this.call.processAudio((track) => {
      this.#microphone?.disconnect();
      const mediaStream = new MediaStream(track ? [track] : []);
      this.#microphone = track && new MediaStreamAudioSourceNode(this.#context, { mediaStream });
      this.#microphone?.connect(this.#ear);
      return this.#ear.stream.getAudioTracks()[0];
    });
  }

  async leave() {
    // A call that is over has nothing to be given back.
    await this.call.processAudio().catch(() => {});
    for (const track of this.#ear.stream.getTracks()) track.stop();
  }

  /** What they say; `undefined` while they are not talked to. */
  get mouth() {
    const stream = this.call.remoteStream;
    if (stream !== this.#stream) {
      this.#stream = stream;
      this.#mouth = stream && new MediaStreamAudioSourceNode(this.#context, { mediaStream: stream });
    }
    return this.call.state === "active" ? this.#mouth : undefined;
  }

  /** @param {readonly Party[]} others */
  hearFrom(others) {
    const mouths = others.map(({ mouth }) => mouth).filter((mouth) => mouth !== undefined);
    const wanted = new Set(this.call.state === "active" ? mouths : []);
    for (const mouth of this.#heard) if (!wanted.has(mouth)) mouth.disconnect(this.#ear);
    for (const mouth of wanted) if (!this.#heard.has(mouth)) mouth.connect(this.#ear);
    this.#heard = wanted;
  }
}

/** @returns {{ promise: Promise<void>, resolve: () => void, reject: (error: unknown) => void }} */
function withResolvers() {
  /** @type {any} */
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

function refused() {
  const message = "the browser lets nothing sound before the person has touched the page";
  return new OffhookError({ message, kind: "media", code: 60361, fatal: false });
}
