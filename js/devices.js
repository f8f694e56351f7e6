/** @typedef {import("./index.js").Devices} DevicesInterface */
/** @typedef {import("./switchboard.js").Switchboard} Switchboard */

import { wrongOption } from "./error.js";
import { MediaFailure, permission } from "./media/microphone.js";
import { checkVolume, kind, readConstraints, readDevice } from "./options.js";

/**
 * Microphones and loudspeakers. Documented in `index.d.ts`.
 *
 * @implements {DevicesInterface}
 */
export class Devices {
  #board;

  /** @param {Switchboard} board */
  constructor(board) {
    this.#board = board;
  }

  get microphoneId() {
    return this.#board.media.microphoneId;
  }

  get microphoneTrack() {
    return this.#board.media.microphoneTrack;
  }

  get speakerId() {
    return this.#board.media.speaker();
  }

  async microphones() {
    this.#board.checkOpen();
    return this.#list("audioinput");
  }

  async speakers() {
    this.#board.checkOpen();
    return this.#list("audiooutput");
  }

  async permission() {
    this.#board.checkOpen();
    return (await permission())?.state ?? "prompt";
  }

  /** @param {string | undefined} deviceId */
  async setMicrophone(deviceId) {
    this.#board.checkOpen();
    const id = readDevice(deviceId);
    await this.#board.media.setMicrophone(id).catch(this.#fail);
  }

  /** @param {MediaTrackConstraints} constraints */
  async setConstraints(constraints) {
    this.#board.checkOpen();
    await this.#board.media.constrain(readConstraints("constraints", constraints)).catch(this.#fail);
  }

  /** @param {string | undefined} deviceId */
  async setSpeaker(deviceId) {
    this.#board.checkOpen();
    await setSpeaker(this.#board.media, deviceId);
  }

  get volume() {
    return this.#board.media.volume;
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.#board.checkOpen();
    checkVolume(volume);
    this.#board.media.setVolume(volume);
  }

  /** @param {MediaDeviceKind} wanted */
  async #list(wanted) {
    const devices = await navigator.mediaDevices?.enumerateDevices();
    if (!devices) return this.#fail(new MediaFailure("insecureContext"));
    return devices.filter((device) => device.kind === wanted).map(({ deviceId, label }) => ({ deviceId, label }));
  }

  /** @param {MediaFailure} failure @returns {never} */
  #fail = (failure) => {
    throw this.#board.mediaError(failure);
  };
}

/**
 * Chooses the loudspeaker of one call, or of all that have none of their own.
 *
 * @param {import("./media/media.js").Media} media
 * @param {string | undefined} deviceId
 * @param {string} [call]
 */
export async function setSpeaker(media, deviceId, call) {
  const id = readDevice(deviceId);
  const probe = new Audio();
  if (!probe.setSinkId) {
    if (id === undefined) return;
    throw wrongOption("deviceId", kind(id), "undefined: this browser does not let pages choose the loudspeaker");
  }
  const old = media.ownSpeaker(call);
  const playOn = (/** @type {string | undefined} */ device) => {
    return media.setSpeaker(device, call).map((audio) => audio.setSinkId(media.speaker(call) ?? ""));
  };
  try {
    await probe.setSinkId(id ?? "");
    await Promise.all(playOn(id));
  } catch {
    // What has changed already changes back; what cannot, was pulled out.
    await Promise.allSettled(playOn(old));
    throw wrongOption("deviceId", kind(id), "the id of a loudspeaker that `speakers()` lists");
  }
}
