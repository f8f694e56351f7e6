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
  /** The open stream, or the browser's promise of one: the person may be reading its question. */
  #source = /** @type {Source | undefined} */ (undefined);
  #users = 0;
  #granted = false;
  #device;
  #watching = new AbortController();

  /** @param {string | undefined} device a `deviceId`; `undefined` is the system's */
  constructor(device) {
    this.#device = device;
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
      if (!source || source.track?.readyState === "ended") source = this.#source = this.#ask(this.#device);
      return (await source.promise).clone();
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
   * @returns {Promise<MediaStreamTrack | undefined>} what is open there, for each peer to clone
   */
  async change(device) {
    if (!this.#source) {
      this.#device = device;
      return undefined;
    }
    // If the last call ends meanwhile, this use closes what was opened.
    this.#users++;
    try {
      const next = this.#ask(device);
      const track = await next.promise;
      const old = this.#track;
      this.#source = next;
      this.#device = device;
      old?.stop();
      return track;
    } finally {
      this.release();
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
