/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../audio.js").Level} Level */

import { SILENCE } from "./level.js";

/**
 * Tells how loud both sides of a call are, until the returned function is called or the call is over.
 *
 * @param {import("./ears.js").Ears} ears
 * @param {Call} call
 * @param {number} interval in ms
 * @param {(local: Level, remote: Level) => void} tell
 * @param {Set<() => void>} open where what stops it stays until it did
 * @returns {() => void}
 */
export function followLevels(ears, call, interval, tell, open) {
  const hear = (/** @type {"localStream" | "remoteStream"} */ side) => {
    return ears.listen(() => call[side]?.getAudioTracks()[0]);
  };
  // First of all: it throws where the call has ended.
  const undo = call.on("ended", () => stop());
  const [local, remote] = [hear("localStream"), hear("remoteStream")];
  const timer = setInterval(() => {
    try {
      tell(local.read(interval) ?? SILENCE, remote.read(interval) ?? SILENCE);
    } catch (error) {
      reportError(error);
    }
  }, interval);
  const stop = () => {
    if (!open.delete(stop)) return;
    undo();
    clearInterval(timer);
    local.close();
    remote.close();
  };
  open.add(stop);
  return stop;
}
