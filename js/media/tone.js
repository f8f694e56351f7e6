import { within } from "../aborted.js";

/** The tone of a test: heard through every loudspeaker, at no pitch that a telephone means something by. */
const TONE_HZ = 523;
const TONE_SECONDS = 1;
/** So long the browser may take to begin: a loudspeaker that sleeps takes seconds to wake up. */
export const BEGINS_WITHIN_MS = 5_000;
const VOLUME = 0.2;
/** Without a click at its ends, in seconds. */
const FADE = 0.02;

/**
 * Plays the tone of a test through an audio element of its own.
 *
 * @param {(audio: HTMLAudioElement) => unknown} choose its loudspeaker, and how loud it is
 * @param {AbortSignal} over
 * @returns {Promise<boolean>} whether it was played to its end
 */
export async function playTone(choose, over) {
  const context = new AudioContext();
  const audio = new Audio();
  try {
    const [tone, end] = toneIn(context);
    audio.srcObject = end.stream;
    await choose(audio);
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
