/** @typedef {import("./index.js").Devices} DevicesInterface */
/** @typedef {import("./switchboard.js").Switchboard} Switchboard */

import { wrongOption } from "./error.js";
import { MediaFailure, permission } from "./media/microphone.js";
import { kind, readConstraints, readDevice } from "./options.js";

/**
 * Microphones and loudspeakers. Documented in `index.d.ts`.
 *
 * @implements {DevicesInterface}
 */
export class Devices {
  #board;
  /** @type {string | undefined} */
  #speakerId;

  /**
   * @param {Switchboard} board
   * @param {{ speakerId?: string | undefined }} options
   */
  constructor(board, { speakerId }) {
    this.#board = board;
    this.#speakerId = speakerId;
  }

  get microphoneId() {
    return this.#board.media.microphoneId;
  }

  get microphoneTrack() {
    return this.#board.media.microphoneTrack;
  }

  get speakerId() {
    return this.#speakerId;
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
    const id = readDevice(deviceId);
    const probe = new Audio();
    if (!probe.setSinkId) {
      if (id === undefined) return;
      throw wrongOption("deviceId", kind(id), "undefined: this browser does not let pages choose the loudspeaker");
    }
    try {
      await probe.setSinkId(id ?? "");
      await Promise.all(this.#board.media.setSpeaker(id).map((audio) => audio.setSinkId(id ?? "")));
    } catch {
      // What has changed already changes back; what cannot, was pulled out.
      const back = this.#board.media.setSpeaker(this.#speakerId);
      await Promise.allSettled(back.map((audio) => audio.setSinkId(this.#speakerId ?? "")));
      throw wrongOption("deviceId", kind(id), "the id of a loudspeaker that `speakers()` lists");
    }
    this.#speakerId = id;
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
