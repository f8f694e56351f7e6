/** @typedef {import("../index.js").OffhookError["media"]} MediaKind */

/**
 * An open microphone: its own track, and the one that is spoken through.
 *
 * @typedef {{ promise: Promise<MediaStreamTrack>, raw?: MediaStreamTrack, track?: MediaStreamTrack }} Source
 */

import { orAborted } from "../aborted.js";

/** As long as the engine waits for a token. */
const PROCESSED_WITHIN_MS = 10_000;

/** @type {Record<string, MediaKind>} */
const KINDS = {
  SecurityError: "permissionDenied",
  NotFoundError: "deviceNotFound",
  OverconstrainedError: "deviceNotFound",
  NotReadableError: "deviceBusy",
  AbortError: "deviceBusy",
};

/**
 * Puts something between the microphone and the calls, such as a noise gate. What it returns is stopped with the
 * microphone.
 *
 * @typedef {(track: MediaStreamTrack) => MediaStreamTrack | Promise<MediaStreamTrack>} Processor
 */

/** What failed in this browser, as the engine takes it. */
export class MediaFailure extends Error {
  /**
   * @param {MediaKind} kind
   * @param {string} [message] the browser's words
   */
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
  }
}

/** The microphone of one client: opened once, shared by all calls, closed with the last of them. */
export class Microphone {
  /** What is spoken through, when no call has changed it. @type {string | undefined} */
  device;
  /** The open stream, or the browser's promise of one: the person may be reading its question. */
  #source = /** @type {Source | undefined} */ (undefined);
  #users = 0;
  #granted = false;
  #watching = new AbortController();
  /** Changes wait for those before them, so that the last one stays. @type {Promise<unknown>} */
  #changes = Promise.resolve();
  #constraints;
  #process;
  #speakThrough;
  #lost;

  /**
   * @param {string | undefined} device a `deviceId`; `undefined` is the system's
   * @param {MediaTrackConstraints | undefined} constraints
   * @param {Processor | undefined} process
   * @param {(track: MediaStreamTrack) => Promise<void>} speakThrough makes all who have a track clone this one instead
   * @param {(failure: MediaFailure | undefined) => void} lost the microphone ended by itself (it was pulled out, or the
   *   permission was taken back): the system's is spoken through instead, unless there is a failure
   */
  constructor(device, constraints, process, speakThrough, lost) {
    this.device = device;
    this.#constraints = constraints;
    this.#process = process;
    this.#speakThrough = speakThrough;
    this.#lost = lost;
    void this.#watchPermission();
  }

  /** Whether the microphone will open without a question to the person. */
  get granted() {
    return this.#granted || this.#track !== undefined;
  }

  /** The open microphone's own track, which no call silences. */
  get raw() {
    return this.#source?.raw;
  }

  /**
   * Opens the microphone, or shares it if it is open. Whoever got a track says `release()` once.
   *
   * @returns {Promise<MediaStreamTrack>} a track of one's own, so that muting it mutes nobody else
   */
  async open() {
    this.#users++;
    try {
      // What takes the place of one that was pulled out is being opened.
      if (this.#source?.raw?.readyState === "ended") await this.#changes;
      let source = this.#source;
      if (!source || source.raw?.readyState === "ended") source = this.#source = this.#ask(this.device);
      const opened = await source.promise;
      // A change may have replaced it meanwhile.
      const track = (this.#track ?? opened).clone();
      if (source !== this.#source) stop(source);
      return track;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release() {
    this.#users--;
    if (this.#users > 0) return;
    stop(this.#source);
    this.#source = undefined;
  }

  /**
   * Changes to another device; what is open opens there. A failure leaves the old one in place.
   *
   * @param {string | undefined} device
   */
  change(device) {
    return this.#inTurn(() => this.#change(device));
  }

  /**
   * Changes what the browser does to the sound. The microphone is opened anew: not every browser changes an open one.
   *
   * @param {MediaTrackConstraints} constraints
   */
  constrain(constraints) {
    return this.#inTurn(async () => {
      const old = this.#constraints;
      this.#constraints = { ...old, ...constraints };
      try {
        await this.#change(this.device);
      } catch (error) {
        this.#constraints = old;
        throw error;
      }
    });
  }

  /**
   * @param {() => Promise<void>} change
   * @returns {Promise<void>}
   */
  #inTurn(change) {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => {});
    return done;
  }

  /** @param {string | undefined} device */
  async #change(device) {
    if (device !== undefined) await check(device);
    // The person may still be asked about the first one; only what is open can be closed.
    await this.#source?.promise.catch(() => {});
    if (!this.#source) {
      this.device = device;
      return;
    }
    // If the last call ends meanwhile, this use closes what was opened.
    this.#users++;
    try {
      const next = this.#ask(device);
      const track = await next.promise;
      const old = this.#source;
      this.#source = next;
      this.device = device;
      stop(old);
      await this.#speakThrough(track);
    } finally {
      this.release();
    }
  }

  /** @param {Source} source */
  async #ended(source) {
    try {
      await this.#inTurn(async () => {
        // Who has changed it already needs no help.
        if (source !== this.#source) return;
        await this.#change(undefined);
        this.#lost(undefined);
      });
    } catch (error) {
      this.#lost(/** @type {MediaFailure} */ (error));
    }
  }

  close() {
    this.#watching.abort();
  }

  /** A track ends when its device is pulled out. */
  get #track() {
    const { raw, track } = this.#source ?? {};
    return raw?.readyState === "live" ? track : undefined;
  }

  /** @param {string | undefined} device */
  #ask(device) {
    /** @type {Source} */
    const source = { promise: openTrack(device, this.#constraints).then((raw) => this.#opened(source, raw)) };
    source.promise.catch(() => {
      if (this.#source === source) this.#source = undefined;
    });
    return source;
  }

  /**
   * @param {Source} source
   * @param {MediaStreamTrack} raw
   */
  async #opened(source, raw) {
    source.raw = raw;
    // Browsers do not say it of a track that the page stopped.
    raw.onended = () => this.#ended(source);
    try {
      const processed = this.#process && orAborted(this.#process(raw), AbortSignal.timeout(PROCESSED_WITHIN_MS));
      return (source.track = processed ? await processed : raw);
    } catch (error) {
      raw.stop();
      throw new MediaFailure("microphone", String(error));
    }
  }

  /** Keeps `granted` true to the browser's settings. Where browsers do not tell, the microphone is opened first. */
  async #watchPermission() {
    const status = await permission();
    const changed = () => (this.#granted = status?.state === "granted");
    changed();
    status?.addEventListener("change", changed, { signal: this.#watching.signal });
  }
}

/**
 * Before the permission is granted browsers hide the ids, and then nothing can be said against one.
 *
 * @param {string} device
 */
async function check(device) {
  const devices = await navigator.mediaDevices?.enumerateDevices();
  if (!devices) throw new MediaFailure("insecureContext");
  const ids = devices.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId).map(({ deviceId }) => deviceId);
  if (ids.length && !ids.includes(device)) throw new MediaFailure("deviceNotFound");
}

/** @param {Source | undefined} source */
function stop(source) {
  source?.raw?.stop();
  source?.track?.stop();
}

/**
 * @param {string | undefined} device
 * @param {MediaTrackConstraints | undefined} constraints
 */
export async function openTrack(device, constraints) {
  // Browsers hide it from pages that are not secure.
  if (!navigator.mediaDevices) throw new MediaFailure("insecureContext");
  try {
    const audio = { ...constraints, ...(device !== undefined && { deviceId: { exact: device } }) };
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
    if (track) return track;
  } catch (error) {
    const { name, message } = /** @type {DOMException} */ (error);
    throw new MediaFailure(name === "NotAllowedError" ? await refusal() : (KINDS[name] ?? "microphone"), message);
  }
  throw new MediaFailure("microphone");
}

/** Who said no: the page's own policy, a person who only closed the question, or the browser's settings. */
async function refusal() {
  const policy = /** @type {any} */ (document).permissionsPolicy ?? /** @type {any} */ (document).featurePolicy;
  if (policy?.allowsFeature("microphone") === false) return "permissionBlocked";
  return (await permission())?.state === "prompt" ? "permissionDismissed" : "permissionDenied";
}

/** What the browser says of the permission; nothing where it does not tell. */
export function permission() {
  return navigator.permissions?.query({ name: /** @type {PermissionName} */ ("microphone") }).catch(() => undefined);
}
