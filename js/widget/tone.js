const HERTZ = 660;
const SECONDS = 0.9;
const LOUDNESS = 0.2;

/**
 * Plays a tone through a loudspeaker, as loud as the conversation; resolves once it is over.
 *
 * @param {string | undefined} speaker
 * @param {number} volume
 */
export async function playTone(speaker, volume) {
  const context = new AudioContext();
  const player = new Audio();
  try {
    const oscillator = new OscillatorNode(context, { frequency: HERTZ });
    const gain = new GainNode(context, { gain: LOUDNESS });
    const out = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(gain).connect(out);
    // It does not end with a click.
    gain.gain.setTargetAtTime(0, context.currentTime + SECONDS - 0.1, 0.02);
    player.srcObject = out.stream;
    player.volume = volume;
    if (speaker !== undefined) await player.setSinkId?.(speaker);
    oscillator.start();
    oscillator.stop(context.currentTime + SECONDS);
    await player.play();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
  } finally {
    player.srcObject = null;
    // It fails only where there is nothing to close.
    context.close().catch(() => {});
  }
}
