// Whether who is muted speaks: measured in the page, kept nowhere.

/** So loud is speech, and not a room. */
const SPEECH = 0.04;

const TICK_MS = 200;

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
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const own = track.clone();
  own.enabled = true;
  context.createMediaStreamSource(new MediaStream([own])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loud = 0;
  let quiet = 0;
  let isSpeaking = false;
  const say = (/** @type {boolean} */ now) => {
    if (now !== isSpeaking) tell((isSpeaking = now));
  };
  const timer = setInterval(() => {
    if (!isOn()) return stop();
    analyser.getFloatTimeDomainData(samples);
    const isLoud = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length) > SPEECH;
    loud = isLoud ? loud + 1 : 0;
    quiet = isLoud ? 0 : quiet + 1;
    if (loud >= LOUD_LOOKS) say(true);
    else if (quiet >= QUIET_LOOKS) say(false);
  }, TICK_MS);
  const stop = () => {
    clearInterval(timer);
    own.stop();
    // It fails only where there is nothing to close.
    context.close().catch(() => {});
    say(false);
  };
  return stop;
}
