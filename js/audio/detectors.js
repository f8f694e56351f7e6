/** What is spoken into a microphone is louder than this; what is quieter than the other is a room. In dBFS, RMS. */
const LOUD_DB = -45;
const QUIET_DB = -55;

/** So long somebody speaks before it counts: a cough and a key are shorter. */
const SPEECH_MS = 300;
/** A pause between two words. */
const PAUSE_MS = 250;
/** After such a silence speech is a new beginning. */
const END_MS = 1_500;
/** Who has been told needs time to find the button. */
const SELDOM_MS = 10_000;

/** Finds the beginnings of speech in levels. */
export class Speech {
  /** @type {number | undefined} */
  #loudSince;
  /** @type {number | undefined} */
  #quietSince;
  #isNew = true;
  #toldAt = -Infinity;

  /**
   * @param {number} rmsDb
   * @param {number} now in ms
   * @returns {boolean} whether it is to be told
   */
  hear(rmsDb, now) {
    if (rmsDb >= LOUD_DB) {
      this.#loudSince ??= now;
      this.#quietSince = undefined;
    } else if (rmsDb < QUIET_DB) {
      this.#quietSince ??= now;
      if (now - this.#quietSince >= PAUSE_MS) this.#loudSince = undefined;
      if (now - this.#quietSince >= END_MS) this.#isNew = true;
    }
    const isSpeech = this.#loudSince !== undefined && now - this.#loudSince >= SPEECH_MS;
    if (!isSpeech || !this.#isNew || now - this.#toldAt < SELDOM_MS) return false;
    this.#isNew = false;
    this.#toldAt = now;
    return true;
  }

  /** Nobody is muted any more: what is said next is a new beginning, which still has to wait its time. */
  forget() {
    this.#loudSince = this.#quietSince = undefined;
    this.#isNew = true;
  }
}

/** Finds a microphone that says exactly nothing, as one does whose switch is off. */
export class Silence {
  #limit;
  /** @type {number | undefined} */
  #since;
  isTold = false;

  /** @param {number} limit in ms */
  constructor(limit) {
    this.#limit = limit;
  }

  /**
   * @param {number} peak
   * @param {number} now in ms
   * @returns {boolean | undefined} what is to be told, where that has changed: whether it is silent
   */
  hear(peak, now) {
    this.#since = peak > 0 ? undefined : (this.#since ?? now);
    const isSilent = this.#since !== undefined && now - this.#since >= this.#limit;
    // What was silent is over with the first sound, and not before.
    if (isSilent === this.isTold) return undefined;
    this.isTold = isSilent;
    return isSilent;
  }

  /** It is not listened to any more, so that nothing is known. @returns {boolean | undefined} as `hear()` */
  forget() {
    this.#since = undefined;
    if (!this.isTold) return undefined;
    return (this.isTold = false);
  }
}
