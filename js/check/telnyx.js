// What Telnyx's clients reach unless told otherwise, as the core has it. The core itself is not needed for a check.

/** @typedef {import("../index.js").Dialect} Dialect */
/** @typedef {import("../index.js").Region} Region */
/** @typedef {"production" | "development"} Environment */

/** @type {Record<Environment, string>} */
const HOSTS = { production: "rtc.telnyx.com", development: "rtcdev.telnyx.com" };

/** Whose user and password everybody knows. */
const CREDENTIALS = { username: "testuser", credential: "testpassword" };

/** @type {Record<Environment, [string, string[]]>} */
const SERVERS = {
  production: ["stun:stun.telnyx.com:3478", [
    "turn:turn.telnyx.com:3478?transport=udp", "turn:turn.telnyx.com:3478?transport=tcp", "turns:turn.telnyx.com:443",
    "turns:turn2.telnyx.com:443",
  ]],
  development: ["stun:stundev.telnyx.com:3478", [
    "turn:turndev.telnyx.com:3478?transport=udp", "turn:turndev.telnyx.com:3478?transport=tcp",
    "turns:turndev.telnyx.com:443",
  ]],
};

/**
 * Which Verto is spoken there.
 *
 * @param {string | undefined} url
 * @returns {Dialect}
 */
export function dialectOf(url) {
  return url === undefined || isTelnyx(url) ? "telnyx" : "freeswitch";
}

/**
 * @param {Region} region
 * @param {Environment} environment
 */
export function urlOf(region, environment) {
  return `wss://${region === "auto" ? "" : `${region}.`}${HOSTS[environment]}`;
}

/**
 * The servers of a client that names none.
 *
 * @param {Dialect} dialect
 * @param {Environment} environment
 * @param {string[]} urls
 * @returns {(RTCIceServer & { urls: string })[]}
 */
export function iceServersOf(dialect, environment, urls) {
  // A gateway of one's own that speaks Telnyx's dialect is not behind Telnyx's relays.
  if (dialect !== "telnyx" || !urls.every(isTelnyx)) return [];
  const [stun, relays] = SERVERS[environment];
  return [{ urls: stun }, ...relays.map((url) => ({ urls: url, ...CREDENTIALS }))];
}

/** @param {string} url */
function isTelnyx(url) {
  return /^wss?:\/\/([^/?#@]*@)?([\w-]+\.)*telnyx\.com(:\d+)?([/?]|$)/i.test(url);
}
