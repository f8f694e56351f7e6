/** @typedef {import("./index.js").Devices} DevicesInterface */
/** @typedef {import("./switchboard.js").Switchboard} Switchboard */

import { OffhookError, wrongOption } from "./error.js";
import { kind, readDevice } from "./options.js";

/**
 * Microphones and loudspeakers. Documented in `types.d.ts`.
 *
 * @implements {DevicesInterface}
 */
export class Devices {
  #board;
  /** @type {string | undefined} */
  #microphoneId;
  /** @type {string | undefined} */
  #speakerId;

  /**
   * @param {Switchboard} board
   * @param {{ microphoneId?: string | undefined, speakerId?: string | undefined }} options
   */
  constructor(board, { microphoneId, speakerId }) {
    this.#board = board;
    this.#microphoneId = microphoneId;
    this.#speakerId = speakerId;
  }

  get microphoneId() {
    return this.#microphoneId;
  }

  get speakerId() {
    return this.#speakerId;
  }

  async microphones() {
    this.#board.checkOpen();
    return list("audioinput");
  }

  async speakers() {
    this.#board.checkOpen();
    return list("audiooutput");
  }

  /** @param {string | undefined} deviceId */
  async setMicrophone(deviceId) {
    this.#board.checkOpen();
    const id = readDevice(deviceId);
    await checkMicrophone(id);
    await this.#board.enter((engine) => engine.setMicrophone(id)).catch((error) => {
      throw this.#board.failure(error);
    });
    this.#microphoneId = id;
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
      await Promise.all(this.#board.enter((engine) => engine.setSpeaker(id)).map((audio) => audio.setSinkId(id ?? "")));
    } catch {
      // What has changed already changes back; what cannot, was pulled out.
      const back = this.#board.enter((engine) => engine.setSpeaker(this.#speakerId));
      await Promise.allSettled(back.map((audio) => audio.setSinkId(this.#speakerId ?? "")));
      throw wrongOption("deviceId", kind(id), "the id of a loudspeaker that `speakers()` lists");
    }
    this.#speakerId = id;
  }
}

/** @param {MediaDeviceKind} wanted */
async function list(wanted) {
  const devices = await navigator.mediaDevices?.enumerateDevices();
  if (!devices) throw media(60301, "insecureContext", "devices need a page served over HTTPS or from localhost");
  return devices.filter((device) => device.kind === wanted).map(({ deviceId, label }) => ({ deviceId, label }));
}

/**
 * Before the permission is granted browsers hide the ids, and then nothing can be said against one.
 *
 * @param {string | undefined} id
 */
async function checkMicrophone(id) {
  if (id === undefined) return;
  const ids = (await list("audioinput")).map((device) => device.deviceId).filter(Boolean);
  if (ids.length && !ids.includes(id)) {
    throw media(42002, "deviceNotFound", "no microphone found: connect one or choose another");
  }
}

/**
 * @param {number} code
 * @param {string} what
 * @param {string} message
 */
function media(code, what, message) {
  return new OffhookError({ message, kind: "media", code, fatal: false, media: what });
}
