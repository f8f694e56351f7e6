/** @typedef {import("../audio.js").Level} Level */
/** @typedef {import("../media/ears.js").Ears} Ears */

import { OffhookError, wrongOption } from "../error.js";
import { MediaFailure, openTrack } from "../media/microphone.js";
import { kind } from "../options.js";
import { SILENCE } from "../media/level.js";

/** The tone of a test: heard through every loudspeaker, at no pitch that a telephone means something by. */
const TONE_HZ = 523;
const TONE_SECONDS = 1;
/** So long the browser may take to begin. */
const BEGINS_WITHIN_MS = 2_000;
const VOLUME = 0.2;
/** Without a click at its ends, in seconds. */
const FADE = 0.02;

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
export async function playTestTone(deviceId, over) {
  const context = new AudioContext();
  const audio = new Audio();
  try {
    const [tone, end] = toneIn(context);
    audio.srcObject = end.stream;
    if (deviceId !== undefined) await choose(audio, deviceId);
    const began = Promise.all([context.resume(), audio.play()]).then(() => true, () => false);
    if (!(await within(began, BEGINS_WITHIN_MS, over))) return false;
    const ended = new Promise((resolve) => (tone.onended = () => resolve(true)));
    tone.start();
    tone.stop(context.currentTime + TONE_SECONDS);
    return (await within(ended, 1_000 * TONE_SECONDS + BEGINS_WITHIN_MS, over)) === true;
  } finally {
    audio.srcObject = null;
    context.close().catch(() => {});
  }
}

/**
 * @param {AudioContext} context
 * @returns {[OscillatorNode, MediaStreamAudioDestinationNode]}
 */
function toneIn(context) {
  const tone = new OscillatorNode(context, { frequency: TONE_HZ });
  const gain = new GainNode(context, { gain: 0 });
  const end = new MediaStreamAudioDestinationNode(context);
  gain.gain.setTargetAtTime(VOLUME, context.currentTime, FADE);
  tone.connect(gain).connect(end);
  return [tone, end];
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
  const look = () => {
    const level = probe.read(LOOK_MS);
    if (!level) return;
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

/**
 * What comes of the promise; nothing if the time or everything is over first.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {AbortSignal} over
 * @returns {Promise<T | undefined>}
 */
async function within(promise, ms, over) {
  const done = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    return await Promise.race([promise, new Promise((/** @type {(nothing: undefined) => void} */ resolve) => {
      const give = () => resolve(undefined);
      if (over.aborted) give();
      timer = setTimeout(give, ms);
      over.addEventListener("abort", give, { signal: done.signal });
    })]);
  } finally {
    clearTimeout(timer);
    done.abort();
  }
}
