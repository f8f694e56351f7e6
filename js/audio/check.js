/** @typedef {import("../audio.js").Level} Level */
/** @typedef {import("../media/ears.js").Ears} Ears */

import { within } from "../aborted.js";
import { OffhookError, wrongOption } from "../error.js";
import { SILENCE } from "../media/level.js";
import { MediaFailure, openTrack } from "../media/microphone.js";
import { BEGINS_WITHIN_MS, playTone } from "../media/tone.js";
import { kind } from "../options.js";

/** How often a level is looked at, in ms. */
const LOOK_MS = 50;

/** The core's numbers. @type {Partial<Record<NonNullable<MediaFailure["kind"]>, number>>} */
const CODES = {
  permissionDenied: 42001, permissionDismissed: 42001, permissionBlocked: 42001, deviceNotFound: 42002,
  insecureContext: 60301,
};
const OTHER_CODE = 42003;

/**
 * @param {string | undefined} deviceId
 * @param {AbortSignal} over
 * @returns {Promise<boolean>} whether it was played to its end
 */
export function playTestTone(deviceId, over) {
  return playTone((audio) => (deviceId === undefined ? undefined : choose(audio, deviceId)), over);
}

/**
 * @param {HTMLAudioElement} audio
 * @param {string} deviceId
 */
async function choose(audio, deviceId) {
  try {
    await audio.setSinkId(deviceId);
  } catch {
    throw wrongOption("deviceId", kind(deviceId), "the id of a loudspeaker that is there");
  }
}

/**
 * Listens to a microphone for a while, and closes it.
 *
 * @param {Ears} ears
 * @param {string | undefined} deviceId
 * @param {{ ms: number, onLevel: ((level: Level) => void) | undefined, over: AbortSignal }} how
 */
export async function listenToMicrophone(ears, deviceId, { ms, onLevel, over }) {
  const track = await openTrack(deviceId, undefined).catch((error) => {
    throw failure(error);
  });
  const probe = ears.listen(() => track);
  let loudest = SILENCE;
  let begin = () => {};
  /** @type {Promise<void>} */
  const begun = new Promise((resolve) => (begin = resolve));
  const look = () => {
    const level = probe.read(LOOK_MS);
    if (!level) return;
    begin();
    if (level.rms > loudest.rms) loudest = level;
    try {
      onLevel?.(level);
    } catch (error) {
      reportError(error);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    look();
    // Until then the browser hears nothing of the best microphone.
    await within(begun, BEGINS_WITHIN_MS, over);
    await within(new Promise(() => {}), ms, over);
  } finally {
    clearInterval(timer);
    probe.close();
    track.stop();
  }
  return { label: track.label, loudest, isSilent: loudest.peak === 0 };
}

/** @param {unknown} error */
function failure(error) {
  if (!(error instanceof MediaFailure)) return error;
  const { kind: media, message } = error;
  const code = CODES[media ?? "microphone"] ?? OTHER_CODE;
  return new OffhookError({ message: message || `the microphone: ${media}`, kind: "media", code, fatal: false, media });
}
