/**
 * Levels of what is said and heard.
 *
 * One audio context serves every meter and lives only while one of them listens.
 *
 * @typedef {object} Listener
 * @property {AnalyserNode} analyser
 * @property {MediaStreamAudioSourceNode} source
 * @property {MediaStreamTrack} track
 */

/** @type {AudioContext | undefined} */
let context;
/** @type {Map<HTMLElement, Listener>} */
const listeners = new Map();
let frame = 0;
let drawnAt = 0;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** Milliseconds between two drawings, for those who asked for little motion. */
const CALM_MS = 250;

/** Below this a person hears nothing. */
const FLOOR_DB = -60;

/**
 * Shows a stream's level in an element, as its custom property `--level` from 0 to 1.
 *
 * @param {HTMLElement} element
 * @param {MediaStream | undefined} stream none shows silence
 */
export function listen(element, stream) {
  const track = stream?.getAudioTracks()[0];
  if (track !== undefined && listeners.get(element)?.track === track) return;
  stop(element);
  if (stream === undefined || track === undefined) return;

  context ??= new AudioContext({ latencyHint: "interactive" });
  // Not awaited: without an output device it may never settle, and `showWithoutAudio` draws what the counters tell.
  context.resume().catch(() => {});
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(stream);
  source.connect(analyser);
  listeners.set(element, { analyser, source, track });
  if (frame === 0) frame = requestAnimationFrame(draw);
}

/**
 * Ends what `listen` began.
 *
 * @param {HTMLElement} element
 */
export function stop(element) {
  const listener = listeners.get(element);
  listeners.delete(element);
  listener?.source.disconnect();
  show(element, 0);
  if (listeners.size > 0) return;
  cancelAnimationFrame(frame);
  frame = 0;
  context?.close().catch(() => {});
  context = undefined;
}

/**
 * Shows a level that was measured elsewhere, where the browser's audio does not run.
 *
 * @param {HTMLElement} element
 * @param {number} rms from 0 to 1
 */
export function showWithoutAudio(element, rms) {
  if (context?.state !== "running") show(element, rms);
}

/** @param {number} now */
function draw(now) {
  frame = requestAnimationFrame(draw);
  if (context?.state !== "running" || (calm.matches && now - drawnAt < CALM_MS)) return;
  drawnAt = now;
  for (const [element, { analyser }] of listeners) show(element, rmsOf(analyser));
}

const samples = new Float32Array(1024);

/** @param {AnalyserNode} analyser */
function rmsOf(analyser) {
  analyser.getFloatTimeDomainData(samples);
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/**
 * @param {HTMLElement} element
 * @param {number} rms
 */
function show(element, rms) {
  const db = rms > 0 ? 20 * Math.log10(rms) : FLOOR_DB;
  const level = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
  element.style.setProperty("--level", level.toFixed(3));
  if (element.getAttribute("role") === "meter") element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
}
