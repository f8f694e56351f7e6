/** @typedef {import("./index.js").Devices} DevicesInterface */
/** @typedef {import("./switchboard.js").Switchboard} Switchboard */

import { OffhookError, wrongOption } from "./error.js";
import { kind, readDevice } from "./options.js";

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
    try {
      await this.#board.media.setMicrophone(id);
    } catch (error) {
      const { kind, message } = /** @type {import("./media/microphone.js").MediaFailure} */ (error);
      throw mediaError(kind, message);
    }
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
}

/** @param {MediaDeviceKind} wanted */
async function list(wanted) {
  const devices = await navigator.mediaDevices?.enumerateDevices();
  if (!devices) throw mediaError("insecureContext", "");
  return devices.filter((device) => device.kind === wanted).map(({ deviceId, label }) => ({ deviceId, label }));
}

/**
 * A failure of the microphone that ends nothing.
 *
 * @param {import("./index.js").OffhookError["media"]} what
 * @param {string} words the browser's
 */
export function mediaError(what, words) {
  const [code, message] = MEDIA[what ?? "microphone"] ?? MICROPHONE;
  return new OffhookError({ message: words ? `${message} (${words})` : message, kind: "media", code, fatal: false, media: what });
}

/** @type {[number, string]} */
const MICROPHONE = [42003, "the microphone could not be opened"];

/** Codes and words of the core, which hears nothing of this. @type {Record<string, [number, string]>} */
const MEDIA = {
  permissionDenied: [42001, "microphone permission denied: allow it in the browser's site settings"],
  deviceNotFound: [42002, "no microphone found: connect one or choose another"],
  deviceBusy: [42003, "the microphone is in use by another program"],
  insecureContext: [60301, "the microphone needs a page served over HTTPS or from localhost"],
};
