/** @typedef {import("../index.js").Call} Call */

/** Silences calls in both directions, and lets them be heard again exactly as they were. */
export class Gate {
  isOpen = true;
  /** What is heard, and whether it was to be heard before. @type {Map<MediaStreamTrack, boolean>} */
  #heard = new Map();

  /**
   * @param {boolean} isOpen
   * @param {Iterable<Call>} calls
   */
  set(isOpen, calls) {
    this.isOpen = isOpen;
    if (!isOpen) return this.keep(calls);
    for (const [track, wasEnabled] of this.#heard) track.enabled = wasEnabled;
    this.#heard.clear();
    for (const call of calls) for (const track of tracks(call.localStream)) track.enabled = !call.muted;
  }

  /**
   * Closes what has come since: another microphone, another stream, a call that was unmuted.
   *
   * @param {Iterable<Call>} calls
   */
  keep(calls) {
    if (this.isOpen) return;
    for (const call of calls) {
      for (const track of tracks(call.localStream)) track.enabled = false;
      for (const track of tracks(call.remoteStream)) {
        if (!this.#heard.has(track)) this.#heard.set(track, track.enabled);
        track.enabled = false;
      }
    }
  }
}

/** @param {MediaStream | undefined} stream */
function tracks(stream) {
  return stream?.getAudioTracks() ?? [];
}
