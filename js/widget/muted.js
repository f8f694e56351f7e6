// Whether who is muted speaks: measured in the page, kept nowhere.

/** So loud is speech, and not a room. */
const SPEECH = 0.04;

const TICK_MS = 200;
/** How much of what came since is listened to. */
const LISTENED_MS = 43;

/** Looks in a row that have to be loud, and how many quiet ones take it back. */
const LOUD_LOOKS = 3;
const QUIET_LOOKS = 15;

/** Whoever is muted and speaks is told. */
export class Corner {
  isSpeaking = false;
  #around;
  /** Ends the watch. */
  #unwatch = () => {};

  /** @param {import("./panel.js").Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** Until the person is heard again, or nobody listens any more. */
  watch() {
    const { conversation, changed, ears } = this.#around;
    const { track } = conversation;
    // Who writes is not meant to be heard.
    const isMeant = () => conversation.isUp && conversation.muted && conversation.mode === "voice";
    if (!track || !isMeant()) return;
    this.stop();
    this.#unwatch = watchMuted(track, ears(), isMeant, (isSpeaking) => {
      this.isSpeaking = isSpeaking;
      changed();
    });
  }

  stop() {
    this.#unwatch();
  }
}

/**
 * @param {MediaStreamTrack} track
 * @param {import("../media/ears.js").Ears} ears
 * @param {() => boolean} isOn
 * @param {(isSpeaking: boolean) => void} tell
 * @returns {() => void} ends it
 */
function watchMuted(track, ears, isOn, tell) {
  const own = track.clone();
  own.enabled = true;
  const probe = ears.listen(() => own);
  let loud = 0;
  let quiet = 0;
  let isSpeaking = false;
  const say = (/** @type {boolean} */ now) => {
    if (now !== isSpeaking) tell((isSpeaking = now));
  };
  const timer = setInterval(() => {
    if (!isOn()) return stop();
    const isLoud = (probe.read(LISTENED_MS)?.rms ?? 0) > SPEECH;
    loud = isLoud ? loud + 1 : 0;
    quiet = isLoud ? 0 : quiet + 1;
    if (loud >= LOUD_LOOKS) say(true);
    else if (quiet >= QUIET_LOOKS) say(false);
  }, TICK_MS);
  const stop = () => {
    clearInterval(timer);
    own.stop();
    ears.close();
    say(false);
  };
  return stop;
}
