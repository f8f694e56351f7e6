// Drawn in strokes on a square of 24, so that they take the text's colour, also a forced one.

import { h } from "./dom.js";

export const ALERT = "M12 4 3 20h18ZM12 10v4.5M12 17.2v.3";
export const BOLT = "M13 3 5.5 13.5H11L10 21l8-11h-6Z";
export const CHECK = "m5 12.5 4.5 4.5L19 7.5";
export const CLOSE = "m6 6 12 12M18 6 6 18";
export const COPY = "M9 9h11v11H9ZM5.5 15H4V4h11v1.5";
export const DOWN = "m6 9.5 6 6 6-6";
export const DOWNLOAD = "M12 4v11m-5-4.5 5 5 5-5M5 20h14";
export const HANGUP = "M3.5 14c5-4.7 12-4.7 17 0l-2.4 3-3.4-1.7v-2.5c-1.8-.5-3.6-.5-5.4 0v2.5L5.9 17Z";
export const IMAGE = "M4 5h16v14H4Zm0 11 5-5 4 4 2.5-2.5L20 17M15 9h.1";
export const LOCK = "M6 11h12v9H6Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3";
export const MESSAGE = "M20.5 11.7a8.2 8.2 0 0 1-11.9 7.2L3.5 20.5l1.6-5a8.2 8.2 0 1 1 15.4-3.8Z";
export const MICROPHONE =
  "M12 15a3.4 3.4 0 0 0 3.4-3.4v-5a3.4 3.4 0 0 0-6.8 0v5A3.4 3.4 0 0 0 12 15Zm-6.6-3.4a6.6 6.6 0 0 0 13.2 0M12 18.2V21";
export const MUTED = `${MICROPHONE}M4 4l16 16`;
export const RETRY = "M4.5 12a7.5 7.5 0 1 0 2.4-5.5L4 9m0-5v5h5";
export const SEND = "M12 19.5v-15M5.5 11 12 4.5l6.5 6.5";
export const SETTINGS =
  "M4 7h8m5 0h3M4 17h3m5 0h8M14.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-5 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z";
export const STAR = "m12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8Z";
export const WAVE = "M4 10v4m4-7v10m4-13v16m4-13v10m4-7v4";

/** @param {string} path */
export function icon(path) {
  return h("svg", { class: "glyph", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: path }));
}
