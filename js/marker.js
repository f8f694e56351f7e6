/**
 * @typedef {{
 *   sessid?: string | undefined,
 *   tokens: { current: { identity?: string } | undefined, fetchFirst: () => Promise<void> },
 * }} Board
 */

/**
 * What this page leaves for the one after a reload, so that its calls come back: the engine's marker, in the tab's own
 * storage. Storage that throws, as where cookies are blocked, is no memory and no error.
 *
 * A marker is one person's: who signs in after somebody else finds none. Of nobody in particular, as with a token that
 * does not say whom it signs in, there is none.
 *
 * Who duplicates a tab duplicates its storage. So the session is locked while there is a marker; a page that does not get
 * the lock leaves the session to whoever has it. An idle page holds no lock: it would be kept out of the back-forward
 * cache. Where browsers have no locks (pages that are not secure) nothing guards it.
 */
export class Marker {
  #board;
  #prefix;
  /** Who signs in, where no token says so. */
  #user;
  /** Where it is kept. */
  #key = "";
  /** What is there; unknown before the first word of the engine. @type {string | undefined} */
  #text;
  /** Which session is locked. */
  #session = "";
  /** Lets go of the session. @type {(() => void) | undefined} */
  #release;

  /**
   * @param {Board} board whose calls they are
   * @param {{ url?: string, environment?: string, login?: string, anonymous?: { targetId: string } }} options
   */
  constructor(board, { url, environment, login, anonymous }) {
    this.#board = board;
    this.#prefix = `offhook ${url ?? environment ?? ""} `;
    this.#user = login ?? anonymous?.targetId;
  }

  /** Takes up what the page before this one left, if that is nobody else's. */
  async read() {
    try {
      // Only where there is something does it have to be known so early, whose it would be.
      if (!this.#whose && Object.keys(sessionStorage).some((key) => key.startsWith(this.#prefix))) {
        await this.#board.tokens.fetchFirst();
      }
      this.#choose();
      const text = sessionStorage.getItem(this.#key);
      if (!text) return undefined;
      if (await this.#lock(JSON.parse(text).sessid)) return text;
      sessionStorage.removeItem(this.#key);
    } catch {
      // There is none, or it is broken.
    }
    return undefined;
  }

  /**
   * Tells whether there is a place for it.
   *
   * @param {string | undefined} [text] what the engine says; without one there is nothing to come back to
   */
  keep(text = "") {
    if (text) this.#lock(/** @type {string} */ (this.#board.sessid));
    else this.release();
    if (text !== this.#text) this.#write(text);
    this.#text = text;
    return this.#key;
  }

  /** The page goes away: the marker is as old as this. */
  leave() {
    if (this.#text) this.#write(JSON.stringify({ ...JSON.parse(this.#text), at: Date.now() }));
    this.release();
  }

  /** The client is over. */
  close() {
    this.release();
    taken.delete(this.#key);
  }

  release() {
    this.#release?.();
    this.#release = undefined;
  }

  get #whose() {
    return this.#user ?? this.#board.tokens.current?.identity;
  }

  /** Two clients of one person have a marker each: one that was left, or else a new one. */
  #choose() {
    if (this.#key || !this.#whose) return;
    const keys = NUMBERS.map((number) => `${this.#prefix}${this.#whose} ${number}`).filter((key) => !taken.has(key));
    this.#key = keys.find((key) => sessionStorage.getItem(key)) ?? keys[0] ?? "";
    taken.add(this.#key);
  }

  /** @param {string} text */
  #write(text) {
    try {
      this.#choose();
      if (text && this.#key) sessionStorage.setItem(this.#key, text);
      else sessionStorage.removeItem(this.#key);
    } catch {
      this.#key = "";
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

/** So many clients of one person can be on a page and have their calls back. */
const NUMBERS = [..."123456789"];

/** The keys of this page's clients. @type {Set<string>} */
const taken = new Set();

/** How long a page that is being left may take to let go of its session, and a browser that is busy to say so. */
const PATIENCE_MS = 1_000;
