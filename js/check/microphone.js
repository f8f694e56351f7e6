/** @typedef {import("../audio.js").Level} Level */
/** @typedef {import("../check.js").DevicesFound} DevicesFound */
/** @typedef {import("../check.js").MicrophoneHeard} MicrophoneHeard */
/** @typedef {import("../check.js").PermissionFound} PermissionFound */

import { within } from "../aborted.js";
import { Ears } from "../media/ears.js";
import { level, SILENCE } from "../media/level.js";
import { MediaFailure, openTrack, permission } from "../media/microphone.js";

/** How often its level is looked at, in ms. */
const LOOK_MS = 50;
/** How long the browser may take until anything can be heard, in ms: sound that sleeps takes seconds to wake up. */
const HEARS_WITHIN_MS = 3_000;

/**
 * Asks for the microphone, once. What comes too late is closed.
 *
 * @param {string | undefined} deviceId
 * @param {number} ms
 * @param {AbortSignal} over
 * @returns {Promise<{ found: PermissionFound, track: MediaStreamTrack | undefined }>}
 */
export async function openMicrophone(deviceId, ms, over) {
  const before = (await permission())?.state;
  const began = performance.now();
  const opening = openTrack(deviceId, undefined);
  /** @type {PermissionFound["failure"]} */
  let failure;
  let track;
  try {
    track = await within(opening, ms, over);
    if (!track) {
      failure = "unanswered";
      // Nobody can take back what the person is asked.
      opening.then((late) => late.stop(), () => {});
    }
  } catch (error) {
    const kind = error instanceof MediaFailure ? error.kind : undefined;
    // It opens devices: it knows no other kinds of failure.
    failure = /** @type {PermissionFound["failure"]} */ (kind ?? "microphone");
  }
  const took = Math.round(performance.now() - began);
  // Where the browser does not tell, an open microphone does.
  const after = track ? "granted" : (await permission())?.state;
  return { track, found: { before, after, ms: took, failure } };
}

/**
 * What is plugged in; the names are known once the microphone was opened.
 *
 * @returns {Promise<DevicesFound>}
 */
export async function listDevices() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const of = (/** @type {MediaDeviceKind} */ kind) => {
    return devices.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ deviceId, label }));
  };
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

/**
 * Listens to an open microphone for a while, from the first moment on in which it can be heard.
 *
 * @param {MediaStreamTrack} track
 * @param {number} ms
 * @param {(level: Level) => void} onLevel
 * @param {AbortSignal} over
 * @returns {Promise<MicrophoneHeard>}
 */
export async function listenTo(track, ms, onLevel, over) {
  const ears = new Ears(() => {});
  const probe = ears.listen(() => track);
  let [loudest, energy, looks] = [SILENCE, 0, 0];
  /** @type {(isHeard: boolean) => void} */
  let begin;
  const begun = new Promise((/** @type {(isHeard: boolean) => void} */ resolve) => (begin = resolve));
  const look = () => {
    const now = read(probe);
    if (now === null) begin(false);
    if (!now) return;
    begin(true);
    looks += 1;
    energy += now.rms ** 2;
    if (now.rms > loudest.rms) loudest = now;
    onLevel(now);
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    look();
    if (await within(begun, HEARS_WITHIN_MS, over)) await within(new Promise(() => {}), ms, over);
  } finally {
    clearInterval(timer);
    ears.close();
  }
  const { label, muted } = track;
  if (looks === 0) return { label, muted, loudest: undefined, average: undefined };
  const rms = Math.sqrt(energy / looks);
  return { label, muted, loudest, average: level(rms, loudest.peak) };
}

/**
 * Nothing while the browser does not let it be heard yet, `null` where it never will.
 *
 * @param {{ read(ms: number): Level | undefined }} probe
 */
function read(probe) {
  try {
    return probe.read(LOOK_MS);
  } catch {
    // There is no Web Audio, or it does not take this microphone.
    return null;
  }
}
