/** @typedef {import("../../pkg/offhook.js").Look} Look */

import { Meter } from "./meter.js";
import { ENERGY, isMeasured, readingOf } from "./reading.js";

/** Who looks more often waits for a packet, and wants no microphone measured. */
const STEADILY_MS = 1000;

/**
 * Looks at a peer connection until the returned function is called.
 *
 * @param {RTCPeerConnection} connection
 * @param {number} every in milliseconds
 * @param {() => MediaStreamTrack | undefined} track the microphone's
 * @param {(look: Look) => void} tell
 */
export function watchStats(connection, every, track, tell) {
  let looking = false;
  let stopped = false;
  /** @type {Meter | undefined} */
  let meter;
  const timer = setInterval(async () => {
    // A browser that needs longer must not be asked twice.
    if (looking) return;
    looking = true;
    // It fails on a connection that closed meanwhile, and only there.
    const report = await connection.getStats().catch(() => undefined);
    looking = false;
    if (!report || stopped) return;
    const reading = readingOf(report, track());
    if (every >= STEADILY_MS && !isMeasured(reading)) {
      meter ??= new Meter();
      reading[ENERGY] = meter.read(track());
    }
    tell({ connection, report, reading });
  }, every);
  return () => {
    stopped = true;
    clearInterval(timer);
    meter?.close();
  };
}
