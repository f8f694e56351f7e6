/** @typedef {import("../agent.js").Call} Call */

/** The microphone of a call that began in writing, without one. */
export class Mouth {
  #call;
  #track;

  /**
   * @param {Call} call
   * @param {MediaStreamTrack} track
   */
  constructor(call, track) {
    this.#call = call;
    this.#track = track;
  }

  /**
   * @param {Call} call
   * @param {string | undefined} deviceId
   */
  static async open(call, deviceId) {
    const mouth = new Mouth(call, await listen(deviceId));
    await mouth.#speak();
    return mouth;
  }

  get track() {
    return this.#track;
  }

  get muted() {
    return !this.#track.enabled;
  }
  set muted(isMuted) {
    this.#track.enabled = !isMuted;
  }

  /** @param {string | undefined} deviceId */
  async change(deviceId) {
    const old = this.#track;
    const track = await listen(deviceId);
    track.enabled = old.enabled;
    this.#track = track;
    await this.#speak();
    old.stop();
  }

  close() {
    this.#track.stop();
  }

  #speak() {
    return this.#call.processAudio(() => this.#track);
  }
}

/** @param {string | undefined} deviceId */
async function listen(deviceId) {
  const audio = deviceId === undefined ? true : { deviceId: { exact: deviceId } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  return /** @type {MediaStreamTrack} */ (stream.getAudioTracks()[0]);
}
