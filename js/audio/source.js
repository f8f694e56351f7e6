/** The microphone's own track, whichever it is at the moment, and what the system does to it. */
export class SourceTrack {
  /** @type {MediaStreamTrack | undefined} */
  track;
  #read;
  #changed;
  #listening = new AbortController();
  /** Whether it was heard since it was opened: one that never was, was not taken away. */
  #wasWell = false;

  /**
   * @param {() => MediaStreamTrack | undefined} read
   * @param {(isAnother: boolean) => void} changed
   */
  constructor(read, changed) {
    this.#read = read;
    this.#changed = changed;
  }

  /** What is wrong with it, by the system's doing. @returns {"ended" | "muted" | undefined} */
  get trouble() {
    if (!this.track || !this.#wasWell) return undefined;
    if (this.track.readyState === "ended") return "ended";
    return this.track.muted ? "muted" : undefined;
  }

  /** Whether it can be heard. */
  get isLive() {
    return this.track?.readyState === "live" && !this.track.muted;
  }

  /** Looks which one it is. Nothing tells of another. */
  follow() {
    const track = this.#read();
    const isAnother = track !== this.track;
    if (isAnother) this.#listenTo(track);
    if (this.isLive) this.#wasWell = true;
    if (isAnother) this.#changed(true);
  }

  /** The person takes another one, whose own switch may be off. */
  forgive() {
    this.#wasWell = false;
  }

  close() {
    this.#listening.abort();
    this.track = undefined;
  }

  /** @param {MediaStreamTrack | undefined} track */
  #listenTo(track) {
    this.#listening.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const changed = () => {
      if (this.isLive) this.#wasWell = true;
      this.#changed(false);
    };
    for (const event of ["mute", "unmute", "ended"]) track?.addEventListener(event, changed, { signal });
    // One that follows another in trouble is in the same: the system still has the microphone.
    if (!track) this.#wasWell = false;
    this.track = track;
  }
}
