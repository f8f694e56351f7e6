// Whether who is muted speaks: measured in the page, kept nowhere.

import { Ears } from "../media/ears.js";

/** So loud is speech, and not a room. */
const SPEECH = 0.04;

const TICK_MS = 200;
/** How much of what came since is listened to. */
const LISTENED_MS = 43;

/** Looks in a row that have to be loud, and how many quiet ones take it back. */
const LOUD_LOOKS = 3;
const QUIET_LOOKS = 15;

/**
 * @param {MediaStreamTrack} track
 * @param {() => boolean} isOn
 * @param {(isSpeaking: boolean) => void} tell
 * @returns {() => void} ends it
 */
export function watchMuted(track, isOn, tell) {
  const own = track.clone();
  own.enabled = true;
  const ears = new Ears(() => {});
  const probe = ears.listen(() => own);
  let loud = 0;
  let quiet = 0;
  let isSpeaking = false;
  const say = (/** @type {boolean} */ now) => {
    if (now !== isSpeaking) tell((isSpeaking = now));
  };
  const timer = setInterval(() => {
    if (!isOn()) return stop();
    const isLoud = (probe.read(LISTENED_MS)?.rms ?? 0) > SPEECH;
    loud = isLoud ? loud + 1 : 0;
    quiet = isLoud ? 0 : quiet + 1;
    if (loud >= LOUD_LOOKS) say(true);
    else if (quiet >= QUIET_LOOKS) say(false);
  }, TICK_MS);
  const stop = () => {
    clearInterval(timer);
    own.stop();
    ears.close();
    say(false);
  };
  return stop;
}
