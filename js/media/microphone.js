/** @typedef {import("../index.js").OffhookError["media"]} MediaKind */

/** @typedef {{ promise: Promise<MediaStreamTrack>, track?: MediaStreamTrack }} Source */

/** @type {Record<string, MediaKind>} */
const KINDS = {
  NotAllowedError: "permissionDenied",
  SecurityError: "permissionDenied",
  NotFoundError: "deviceNotFound",
  OverconstrainedError: "deviceNotFound",
  NotReadableError: "deviceBusy",
  AbortError: "deviceBusy",
};

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
  #speakThrough;
  #lost;

  /**
   * @param {string | undefined} device a `deviceId`; `undefined` is the system's
   * @param {(track: MediaStreamTrack) => Promise<void>} speakThrough makes all who have a track clone this one instead
   * @param {(failure: MediaFailure | undefined) => void} lost the microphone ended by itself (it was pulled out, or the
   *   permission was taken back): the system's is spoken through instead, unless there is a failure
   */
  constructor(device, speakThrough, lost) {
    this.device = device;
    this.#speakThrough = speakThrough;
    this.#lost = lost;
    void this.#watchPermission();
  }

  /** Whether the microphone will open without a question to the person. */
  get granted() {
    return this.#granted || this.#track !== undefined;
  }

  /**
   * Opens the microphone, or shares it if it is open. Whoever got a track says `release()` once.
   *
   * @returns {Promise<MediaStreamTrack>} a track of one's own, so that muting it mutes nobody else
   */
  async open() {
    this.#users++;
    try {
      let source = this.#source;
      if (!source || source.track?.readyState === "ended") source = this.#source = this.#ask(this.device);
      const opened = await source.promise;
      // A change may have replaced it meanwhile.
      const track = (this.#track ?? opened).clone();
      if (source !== this.#source) opened.stop();
      return track;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release() {
    this.#users--;
    if (this.#users > 0) return;
    this.#track?.stop();
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
      const old = this.#track;
      this.#source = next;
      this.device = device;
      old?.stop();
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
    const track = this.#source?.track;
    return track?.readyState === "live" ? track : undefined;
  }

  /** @param {string | undefined} device */
  #ask(device) {
    /** @type {Source} */
    const source = { promise: openTrack(device) };
    source.promise.then(
      (track) => {
        source.track = track;
        // Browsers do not say it of a track that the page stopped.
        track.onended = () => this.#ended(source);
      },
      () => {
        if (this.#source === source) this.#source = undefined;
      },
    );
    return source;
  }

  /** Keeps `granted` true to the browser's settings. Where browsers do not tell, the microphone is opened first. */
  async #watchPermission() {
    try {
      const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ ("microphone") });
      this.#granted = status.state === "granted";
      const changed = () => (this.#granted = status.state === "granted");
      status.addEventListener("change", changed, { signal: this.#watching.signal });
    } catch {
      this.#granted = false;
    }
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

/** @param {string | undefined} device */
async function openTrack(device) {
  // Browsers hide it from pages that are not secure.
  if (!navigator.mediaDevices) throw new MediaFailure("insecureContext");
  try {
    const audio = device === undefined ? true : { deviceId: { exact: device } };
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
    if (track) return track;
  } catch (error) {
    const { name, message } = /** @type {DOMException} */ (error);
    throw new MediaFailure(KINDS[name] ?? "microphone", message);
  }
  throw new MediaFailure("microphone");
}
