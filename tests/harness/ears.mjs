// Runs in the page before anything else: hears what a stream plays, and how loud.

/** Where to ask: `window.ears`. */
export function ears() {
  /** Bins of 48000 / 8192 = 5.9 Hz: near enough to tell any two of the tones apart. */
  const FFT_SIZE = 8192;

  /** What is quieter than this, in dBFS, is noise and no tone. */
  const FLOOR = -65;

  /** How far a second peak may lie below the loudest and still belong to the sound, in dB. */
  const SPREAD = 20;

  const analysers = new WeakMap();
  let context;

  window.ears = { tones, isAwake, close };

  /** The frequencies that stand out in what the stream plays at this moment, loudest first, in Hz; empty in silence. */
  function tones(stream) {
    const spectrum = spectrumOf(stream);
    if (!spectrum) return [];
    const { bins, width } = spectrum;
    const loudest = Math.max(...bins);
    if (!(loudest > FLOOR)) return [];
    return peaks(bins).filter((n) => bins[n] > loudest - SPREAD && bins[n] > FLOOR)
      .sort((a, b) => bins[b] - bins[a]).map((n) => Math.round(n * width));
  }

  function spectrumOf(stream) {
    if (!stream || stream.getAudioTracks().length === 0) return undefined;
    isAwake();
    const [track] = stream.getAudioTracks();
    if (!analysers.has(track)) {
      const analyser = new AnalyserNode(context, { fftSize: FFT_SIZE, smoothingTimeConstant: 0 });
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) });
      source.connect(analyser);
      analysers.set(track, { analyser, source });
    }
    const { analyser } = analysers.get(track);
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    return { bins, width: context.sampleRate / FFT_SIZE };
  }

  /** Where a bin is higher than the two on each side of it. */
  function peaks(bins) {
    const found = [];
    for (let n = 2; n < bins.length - 2; n += 1) {
      if ([n - 2, n - 1, n + 1, n + 2].every((m) => bins[n] > bins[m] || (bins[n] === bins[m] && n < m))) found.push(n);
    }
    return found;
  }

  /** Whether there is an AudioContext that runs. Starting it can take seconds, in which nothing is heard. */
  function isAwake() {
    context ??= new AudioContext();
    // Never awaited: where there is no sound server it does not settle.
    if (context.state !== "running") context.resume();
    return context.state === "running";
  }

  /** Lets go of everything, so that a test can count what the package left. */
  async function close() {
    await context?.close();
    context = undefined;
  }
}
