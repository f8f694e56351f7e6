/** The gateway that serves this page, where it is one for development on this machine. */

const secure = location.protocol === "https:";
const socket = `${secure ? "wss" : "ws"}://${location.host}`;

/** Its addresses, one for each dialect. */
export const HERE = { freeswitch: `${socket}/`, telnyx: `${socket}/telnyx` };

/** Test users and `/token` and `/call` exist on loopback only. */
export const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

/** One of the test users. */
export const TEST_USER = "1000";

/** The password that users 1000 to 1005 have on loopback. */
export const TEST_PASSWORD = "1234";

/** What its test numbers do; the first ones are shown at once. */
export const TEST_NUMBERS = [
  { number: "9196", does: "Echo" },
  { number: "9198", does: "Tone" },
  { number: "9180", does: "Early media, then answer" },
  { number: "1001", does: "Another user" },
  { number: "9181", does: "Silent ringing, then answer" },
  { number: "9182", does: "Never answers" },
  { number: "9183", does: "Hangs up after 4 s" },
  { number: "9184", does: "Changes the display" },
  { number: "9185", does: "Reads four digits" },
  { number: "9186", does: "Early media, then busy" },
  { number: "486", does: "Busy" },
  { number: "404", does: "No such number" },
  { number: "603", does: "Declined" },
  { number: "503", does: "Out of service" },
];

/** How many of them are shown at once. */
export const FIRST_NUMBERS = 4;

/**
 * Whether the address is this page's own gateway.
 *
 * @param {string} url
 * @returns {boolean}
 */
export function isHere(url) {
  return url === HERE.freeswitch || url === HERE.telnyx;
}

/**
 * A signed token for a test user, good for an hour.
 *
 * @param {string} user
 * @returns {Promise<string>}
 */
export async function testToken(user) {
  const response = await ask(`/token?user=${encodeURIComponent(user)}&ttl=3600`, "GET");
  const { token } = await response.json();
  return String(token);
}

/**
 * Has the gateway call a test user.
 *
 * @param {string} user
 */
export async function ring(user) {
  await ask(`/call?user=${encodeURIComponent(user)}`, "POST");
}

/** The gateway is on this machine: more than this is no slowness. */
const PATIENCE_MS = 5000;

/**
 * @param {string} path
 * @param {"GET" | "POST"} method
 */
async function ask(path, method) {
  let response;
  try {
    response = await fetch(path, { method, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Error("The gateway cannot be reached. Is it running? npm start starts it.");
  }
  if (response.ok) return response;
  const words = (await response.text()).trim().slice(0, 200);
  throw new Error(`The gateway said ${response.status}${words === "" ? "" : `: ${words}`}`);
}
