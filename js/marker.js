/**
 * What this page leaves for the one after a reload, so that its calls come back: the engine's marker, in the tab's own
 * storage. Storage that throws, as where cookies are blocked, is no memory and no error.
 *
 * Who duplicates a tab duplicates its storage. So the session is locked while there is a marker; a page that does not get
 * the lock leaves the session to whoever has it. An idle page holds no lock: it would be kept out of the back-forward
 * cache. Where browsers have no locks (pages that are not secure) nothing guards it.
 */
export class Marker {
  #key;
  #text = "";
  /** Which session is locked. */
  #session = "";
  /** Lets go of the session. @type {(() => void) | undefined} */
  #release;

  /** @param {{ url?: string, environment?: string, login?: string, token?: { identity?: string } }} identity whose calls they are */
  constructor({ url, environment, login, token }) {
    this.#key = ["offhook", url ?? environment ?? "", login ?? token?.identity ?? ""].join(" ");
  }

  /** Takes up what the page before this one left, if that is nobody else's. */
  async read() {
    try {
      const text = sessionStorage.getItem(this.#key);
      if (!text) return undefined;
      if (await this.#lock(JSON.parse(text).sessid)) return text;
      sessionStorage.removeItem(this.#key);
    } catch {
      // There is none, or it is broken.
    }
    return undefined;
  }

  /** @param {string | undefined} text what the engine says; without one there is nothing to come back to */
  keep(text = "") {
    if (text) this.#lock(JSON.parse(text).sessid);
    else this.release();
    if (text !== this.#text) this.#write(text);
    this.#text = text;
  }

  /** The page goes away: the marker is as old as this. */
  leave() {
    if (this.#text) this.#write(JSON.stringify({ ...JSON.parse(this.#text), at: Date.now() }));
    this.release();
  }

  release() {
    this.#release?.();
    this.#release = undefined;
  }

  /** @param {string} text */
  #write(text) {
    try {
      if (text) sessionStorage.setItem(this.#key, text);
      else sessionStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
  }

  /**
   * Resolves to whether the session is ours.
   *
   * @param {string} session
   * @returns {Promise<boolean>}
   */
  #lock(session) {
    if (session !== this.#session) this.release();
    this.#session = session;
    return new Promise((resolve) => {
      if (this.#release || !navigator.locks) return resolve(true);
      /** @type {Promise<void>} */
      const released = new Promise((release) => (this.#release = release));
      // The page before this one may take a moment to go.
      const options = { signal: AbortSignal.timeout(PATIENCE_MS) };
      const locked = navigator.locks.request(`offhook ${session}`, options, () => {
        resolve(true);
        return released;
      });
      locked.catch(() => {
        this.#release = undefined;
        resolve(false);
      });
    });
  }
}

/** How long a page that is being left may take to let go of its session. */
const PATIENCE_MS = 300;
