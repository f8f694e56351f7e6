// What goes wrong in a call, with what comes of it.

import {
  backForward, relay, relayForAWhile, relayIsGone, reload, restart, sleep, unreachable, unreachableForAWhile,
} from "./accidents.mjs";
import { changesNetwork, comesBack, ends, goesOffline, lapses, losesOneOfTwo, staysUp } from "./measures.mjs";

const BOTH = ["telnyx", "freeswitch"];
const TELNYX = ["telnyx"];

/** For calls that will not come back: what they wait for is not worth a minute of each sample. */
const SOON = { recoverySeconds: 10 };

/** Signs in with tokens that last an hour. */
const BY_TOKEN = { fetching: [3600] };

const SLOW = { isSlow: true };

/**
 * One that is `isSlow` needs a quarter of a minute and more for each sample. `measure(stage, dialect)` resolves to
 * milliseconds: `gap` is the longest silence, `heard` from the fault to the end of the last silence, `active`, `ready`
 * and `ended` from the fault to those events. `how` says with what a call ended.
 *
 * @typedef {{ gap?: number, heard?: number, active?: number, ready?: number, ended?: number, how?: string }} Sample
 */
export const FAULTS = [
  fault("drop", "socket cut off", comesBack(["drop&user=1000"])),
  fault("reload", "page loaded again (from connect())", reload),
  fault("restart", "gateway away for a second (from its return)", restart),
  fault("close", "socket closed by the gateway", comesBack(["close=4000&user=1000"])),
  fault("refuse", "socket cut off, next login refused", comesBack(["refuse&user=1000", "drop&user=1000"])),
  fault("refuse-two", "socket cut off, two logins refused", ends(["refuse=2&user=1000", "drop&user=1000"])),
  fault("stall", "socket cut off, 2 s without an answer", comesBack(["stall=2", "drop&user=1000"])),
  fault("unreachable", "gateway out of reach for 15 s (from its return)", unreachableForAWhile, SLOW),
  fault("gone", "gateway out of reach, 10 s to come back", unreachable, SLOW),
  fault("garbage", "garbage", staysUp(["garbage&user=1000"])),
  fault("delay", "gateway answers after 0.8 s", staysUp(["delay=800&user=1000"])),
  fault("reoffer", "gateway offers new media", staysUp(["reoffer&user=1000"])),
  fault("offline", "browser says offline, then online", goesOffline),
  fault("mute", "gateway says nothing", comesBack(["mute&user=1000"]), SLOW),
  fault("deaf", "gateway reads nothing", comesBack(["deaf&user=1000"]), SLOW),
  fault("mute-switch", "gateway says nothing, network changes", changesNetwork(["mute&user=1000"])),
  fault("deaf-switch", "gateway reads nothing, network changes", changesNetwork(["deaf&user=1000"])),
  fault("expire", "socket cut off, all tokens expired", comesBack(["expire", "drop&user=1000"], BY_TOKEN), {
    dialects: TELNYX,
  }),
  fault("lapse", "session refused, signed in on the same socket", lapses(BY_TOKEN), { dialects: TELNYX }),
  fault("registration", "socket cut off, not registered at first",
    comesBack(["registration=NOREG&user=1000", "drop&user=1000"]), { dialects: TELNYX }),
  fault("node", "socket cut off, another node", ends(["node", "drop&user=1000"]), { dialects: TELNYX }),
  fault("forget", "socket cut off, call forgotten", ends(["forget&user=1000", "drop&user=1000"])),
  fault("punt", "session taken by another login", ends(["punt&user=1000"])),
  fault("kill", "gateway hangs up", ends(["kill=NORMAL_TEMPORARY_FAILURE&user=1000"])),
  fault("media-restart", "media gone until an ICE restart", comesBack(["media=restart&user=1000"])),
  fault("media-attach", "media gone until a re-attach", comesBack(["media=attach&user=1000"])),
  fault("media-one", "media of one of two calls gone (gap of the other)", losesOneOfTwo),
  fault("media-never", "media gone for good, 10 s to come back", ends(["media=never&user=1000"], SOON), SLOW),
  fault("relay", "TURN server dies and comes back at once", relay),
  fault("relay-while", "TURN server away for 15 s (from its return)", relayForAWhile, SLOW),
  fault("relay-gone", "TURN server dies, 10 s to come back", relayIsGone, SLOW),
  fault("sleep", "machine asleep for 30 s (from waking)", sleep(30), SLOW),
  fault("sleep-drop", "asleep for 5 s, socket cut off meanwhile (from waking)", sleep(5, ["drop&user=1000"])),
  fault("back-forward", "idle page left and gone back to (from its return)", backForward, { browsers: ["chromium"] }),
];

function fault(name, title, measure, { dialects = BOTH, browsers = ["chromium", "firefox"], isSlow = false } = {}) {
  return { name, title, measure, dialects, browsers, isSlow };
}
