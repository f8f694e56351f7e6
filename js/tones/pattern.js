/**
 * What sounds, piece by piece: frequencies in Hz that sound together (none is silence), and for how long. `by` is the
 * rate in Hz at which it swells and fades, `level` how loud it is beside the others.
 *
 * @typedef {{ hz: readonly number[], seconds: number, by?: number | undefined, level?: number | undefined }} Piece
 */

/**
 * A tone. One that loops begins again until it is stopped.
 *
 * @typedef {{ pieces: readonly Piece[], loops: boolean, level: number }} Pattern
 */

/** What a call has to say lies at this share of full scale: E.180 wants tones about as loud as speech. */
const LEVEL = 0.2;

/** How far a tone that swells and fades does so: nearly all the way, as exchanges do. */
const DEPTH = 0.9;

/** How long the beginning and the end of a piece take, in seconds: without, there is a click. */
const EDGE = 0.005;

/** ITU-T Q.23: the rows and columns of the keypad, in Hz. */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = ["123A", "456B", "789C", "*0#D"];

/** How long a key sounds, in seconds: long enough to be heard as a tone, short enough for a fast typist. */
const KEY_SECONDS = 0.12;

/**
 * A tone with pauses: how long it sounds and how long it does not, in turn.
 *
 * @param {readonly number[]} hz
 * @param {readonly number[]} cadence in seconds
 * @param {{ by?: number, level?: number, loops?: boolean }} [how]
 * @returns {Pattern}
 */
export function beats(hz, cadence, { by, level = 1, loops = true } = {}) {
  const pieces = cadence.map((seconds, n) => (n % 2 === 0 ? { hz, seconds, by } : { hz: [], seconds }));
  return { pieces, loops, level: LEVEL * level };
}

/**
 * Tones one after the other, then a pause: ITU-T E.180's special information tone, and its kin.
 *
 * @param {readonly number[]} hz
 * @param {number} seconds of each
 * @param {number} pause in seconds
 * @returns {Pattern}
 */
export function steps(hz, seconds, pause) {
  const tones = hz.map((one) => ({ hz: [one], seconds }));
  return { pieces: [...tones, { hz: [], seconds: pause }], loops: true, level: LEVEL };
}

/**
 * The two tones of a key, once.
 *
 * @param {string} digit
 * @returns {Pattern | undefined} nothing where no key is called so
 */
export function keyPattern(digit) {
  const row = KEYS.findIndex((keys) => keys.includes(digit));
  const [low, high] = [ROWS[row], COLUMNS[KEYS[row]?.indexOf(digit) ?? -1]];
  if (digit.length !== 1 || low === undefined || high === undefined) return undefined;
  return beats([low, high], [KEY_SECONDS], { loops: false });
}

/** How long a pattern is, in seconds. @param {Pattern} pattern */
export function length({ pieces }) {
  return pieces.reduce((sum, { seconds }) => sum + seconds, 0);
}

/**
 * A pattern as samples.
 *
 * @param {Pattern} pattern
 * @param {number} rate of the samples, in Hz
 */
export function render(pattern, rate) {
  const samples = new Float32Array(Math.round(length(pattern) * rate));
  // A tone without a pause must be whole where it begins again: it has no edges.
  const edge = pattern.loops && pattern.pieces.length === 1 ? 0 : EDGE;
  let begin = 0;
  for (const piece of pattern.pieces) {
    const end = begin + piece.seconds;
    fill(samples.subarray(Math.round(begin * rate), Math.round(end * rate)), piece, pattern.level, rate, edge);
    begin = end;
  }
  return samples;
}

/**
 * @param {Float32Array} samples
 * @param {Piece} piece
 * @param {number} full how loud the pattern is
 * @param {number} rate
 * @param {number} edge
 */
function fill(samples, { hz, by, level = 1 }, full, rate, edge) {
  if (hz.length === 0) return;
  // As loud together as one would be alone.
  const share = (full * level) / Math.sqrt(hz.length);
  const turns = hz.map((one) => (2 * Math.PI * one) / rate);
  const last = samples.length - 1;
  for (let n = 0; n <= last; n += 1) {
    const swell = by === undefined ? 1 : 1 - (DEPTH / 2) * (1 + Math.cos((2 * Math.PI * by * n) / rate));
    const ramp = edge === 0 ? 1 : Math.min(1, n / (edge * rate), (last - n) / (edge * rate));
    samples[n] = share * swell * ramp * turns.reduce((sum, turn) => sum + Math.sin(turn * n), 0);
  }
}
