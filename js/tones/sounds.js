/** @typedef {import("../index.js").OffhookError} OffhookErrorInterface */
/** @typedef {import("../tones.js").ToneName} ToneName */
/** @typedef {import("../tones.js").ToneSource} ToneSource */

import { OffhookError, wrongOption } from "../error.js";
import { kind } from "../options.js";

/** As long as the WebAssembly module may take to load. */
const LOAD_WITHIN_MS = 10_000;

/** What decoded sounds are sampled at; a loudspeaker that wants them otherwise converts them. */
const RATE = 48_000;

/** The application's own sounds, for the tones that it has one for. */
export class Sounds {
  /** `false` is silence. @type {Map<ToneName, AudioBuffer | false>} */
  #ready = new Map();
  /** The newest wish for each tone. @type {Map<ToneName, AbortController>} */
  #loading = new Map();

  /** What sounds for a tone; nothing while it is not there, or not given. @param {ToneName} tone */
  get(tone) {
    return this.#ready.get(tone);
  }

  /**
   * Resolves once it is there, rejects where it cannot be had: then the tone stays as it was. The newest wish for a
   * tone wins.
   *
   * @param {ToneName} tone
   * @param {ToneSource | undefined} source
   * @param {string} option what the application calls it
   */
  async set(tone, source, option) {
    this.#loading.get(tone)?.abort();
    const loading = new AbortController();
    this.#loading.set(tone, loading);
    const sound = source === undefined || source === false ? source : await load(source, option, loading);
    if (loading.signal.aborted) return;
    if (sound === undefined) this.#ready.delete(tone);
    else this.#ready.set(tone, sound);
  }

  close() {
    for (const loading of this.#loading.values()) loading.abort();
    this.#ready.clear();
  }
}

/**
 * Nothing comes of what was given up.
 *
 * @param {Exclude<ToneSource, false>} source
 * @param {string} option
 * @param {AbortController} loading
 */
async function load(source, option, loading) {
  if (source instanceof AudioBuffer) return source;
  const bytes = source instanceof Blob ? await source.arrayBuffer() : await fetched(source, loading);
  if (loading.signal.aborted || !bytes) return undefined;
  try {
    // One that is not for hearing decodes before anybody touched the page.
    return await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  } catch {
    const was = source instanceof Blob ? "a file" : kind(String(source));
    throw wrongOption(option, was, "a sound that this browser can play");
  }
}

/**
 * @param {string | URL} url
 * @param {AbortController} loading
 */
async function fetched(url, loading) {
  const timer = setTimeout(() => loading.abort("too late"), LOAD_WITHIN_MS);
  try {
    const response = await fetch(url, { signal: loading.signal });
    if (response.ok) return await response.arrayBuffer();
    throw cannotLoad(url, `status ${response.status}`);
  } catch (error) {
    if (error instanceof OffhookError) throw error;
    if (loading.signal.aborted && loading.signal.reason !== "too late") return undefined;
    throw cannotLoad(url, String(error));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string | URL} url
 * @param {string} why
 */
function cannotLoad(url, why) {
  const message = `cannot load the sound ${url}: ${why}`;
  return new OffhookError({ message, kind: "lost", code: 60407, fatal: false, url: String(url) });
}
