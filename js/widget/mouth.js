/** @typedef {import("../agent.js").Call} Call */

/** The microphone of a call that began in writing, without one. */
export class Mouth {
  #call;
  /** @type {MediaStreamTrack | undefined} */
  #track;
  #isMuted = false;
  #isClosed = false;
  /** How often one was asked for, and which of them it has. */
  #asked = 0;
  #has = 0;
  #lost;

  /**
   * @param {Call} call
   * @param {() => void} lost it was pulled out, or taken away
   */
  constructor(call, lost) {
    this.#call = call;
    this.#lost = lost;
  }

  get track() {
    return this.#track;
  }

  get muted() {
    return this.#isMuted;
  }
  set muted(isMuted) {
    this.#isMuted = isMuted;
    if (this.#track) this.#track.enabled = !isMuted;
  }

  /**
   * Speaks through this microphone. The person may be asked first, and by then the call be over or another one have been
   * chosen and opened.
   *
   * @param {string | undefined} deviceId
   */
  async open(deviceId) {
    const order = (this.#asked += 1);
    const track = await listen(deviceId);
    if (this.#isClosed || order < this.#has) return track.stop();
    const old = this.#track;
    this.#has = order;
    this.#track = track;
    this.muted = this.#isMuted;
    track.onended = this.#lost;
    await this.#call.processAudio(() => track);
    old?.stop();
  }

  close() {
    this.#isClosed = true;
    this.#track?.stop();
  }
}

/** @param {string | undefined} deviceId */
async function listen(deviceId) {
  const audio = deviceId === undefined ? true : { deviceId: { exact: deviceId } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  return /** @type {MediaStreamTrack} */ (stream.getAudioTracks()[0]);
}
