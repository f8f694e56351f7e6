/** A time since the beginning. @param {number} ms */
export function clock(ms) {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(3)} s`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = (seconds % 60).toFixed(3).padStart(6, "0");
  return hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** A while, as short as it can be said. @param {number} ms */
export function lasting(ms) {
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What a moment was on the person's clock. @param {Date} began @param {number} ms */
export function wall(began, ms) {
  return new Date(began.getTime() + ms).toLocaleTimeString(undefined, { hour12: false });
}

const LANES = { page: "page", peer: "media", core: "client", server: "server" };

/** Who tells whom. @param {import("./model.js").Row} row */
export function direction({ from, to }) {
  return `${LANES[from]} to ${LANES[to]}`;
}

/** @type {Record<string, string>} */
const WAITS = {
  Connect: "the connection",
  Reply: "a reply",
  Reconnect: "the next attempt to connect",
  RegistrationPoll: "the registration",
  KeepAlive: "a sign of life",
  Gathering: "more candidates",
  Dtmf: "the next digit",
  Negotiation: "the offer or answer",
  Answer: "somebody to answer",
  Standby: "a call that was prepared for",
  Recovery: "the call to come back",
  Token: "a token",
  Agent: "the agent",
  Close: "the farewell",
};

/** @param {string} reason */
export function waits(reason) {
  return WAITS[reason] ?? reason;
}

/** @type {Record<string, string>} */
const INTERRUPTIONS = {
  networkLost: "nobody is reached over the network",
  networkSwitch: "the network is another one",
  serverError: "the gateway hung up or is in trouble",
  mediaLost: "the audio found no way",
  reload: "the page was loaded again",
};

/** @param {string} interruption */
export function interruptionWords(interruption) {
  return INTERRUPTIONS[interruption] ?? interruption;
}
