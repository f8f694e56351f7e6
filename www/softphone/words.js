/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").CallState} CallState
 * @typedef {import("../../js/index.js").Termination} Termination
 * @typedef {import("../../js/index.js").OffhookError} OffhookError
 */

/**
 * A call's state in words.
 *
 * @param {Call} call
 * @returns {string}
 */
export function stateWords(call) {
  switch (call.state) {
    case "new": return call.direction === "outbound" ? "Preparing" : "Incoming";
    case "connecting": return call.direction === "outbound" ? "Connecting" : "Answering";
    case "ringing": return call.direction === "outbound" ? "Ringing" : "Ringing here";
    case "active": return "Active";
    case "held": return "On hold";
    case "reconnecting": return "Reconnecting";
    case "dropped": return "No network";
    case "done": return "Ended";
  }
}

/** @type {Record<import("../../js/index.js").Interruption, string>} */
const INTERRUPTIONS = { networkLost: "The network is lost", networkSwitch: "The network has changed",
  serverError: "The gateway has hung up", mediaLost: "The audio finds no way", reload: "The page was loaded again" };

/**
 * Why a session or a call is being brought back, in a person's words.
 *
 * @param {import("../../js/index.js").Interruption} interruption
 */
export function interruptionWords(interruption) {
  return INTERRUPTIONS[interruption];
}

/** What FreeSWITCH calls somebody whose name it does not know; the number that comes with it is one of its own. */
const PLACEHOLDER = "Outbound Call";

/**
 * Who the other party is: the name if there is one, else the number.
 *
 * @param {{ [Fact in "remoteName" | "remoteNumber" | "destinationNumber"]: Call[Fact] | undefined }} call
 * @returns {{ name: string, number: string }}
 */
export function partyOf({ remoteName = "", remoteNumber, destinationNumber }) {
  const known = remoteName !== PLACEHOLDER;
  const number = (known ? remoteNumber : undefined) ?? destinationNumber ?? remoteNumber ?? "";
  if (known && remoteName !== "" && remoteName !== number) return { name: remoteName, number };
  return { name: number === "" ? "Service number" : number, number: "" };
}

/** Q.850 causes as FreeSWITCH spells them, in a person's words. */
const CAUSES = new Map([
  ["UNALLOCATED_NUMBER", "The number does not exist"],
  ["NO_ROUTE_DESTINATION", "The gateway knows no way to this number"],
  ["USER_BUSY", "Busy"],
  ["NO_USER_RESPONSE", "The other side did not respond"],
  ["NO_ANSWER", "Nobody answered"],
  ["CALL_REJECTED", "The call was declined"],
  ["DESTINATION_OUT_OF_ORDER", "The destination is out of order"],
  ["INVALID_NUMBER_FORMAT", "The number is not complete or not valid"],
  ["NORMAL_TEMPORARY_FAILURE", "The gateway could not do it just now"],
  ["NORMAL_CIRCUIT_CONGESTION", "All lines are busy"],
  ["SERVICE_UNAVAILABLE", "The service is not available"],
  ["SERVICE_NOT_IMPLEMENTED", "The gateway does not know how to do this"],
  ["INCOMPATIBLE_DESTINATION", "The two sides share no audio format, or no path for the audio was found"],
  ["RECOVERY_ON_TIMER_EXPIRE", "Nobody answered in time"],
  ["MANDATORY_IE_MISSING", "The gateway missed something in the call"],
  ["ORIGINATOR_CANCEL", "Cancelled before the answer"],
  ["USER_NOT_REGISTERED", "That user is not signed in"],
  ["SUBSCRIBER_ABSENT", "That user cannot be reached"],
  ["MEDIA_TIMEOUT", "No audio came for too long"],
  ["LOSE_RACE", "Answered on another device"],
  ["PICKED_OFF", "Answered on another device"],
  ["ATTENDED_TRANSFER", "Joined with another call"],
]);

const ENDED_BY = { local: "You hung up", remote: "The other side hung up", server: "The gateway ended the call",
  network: "The connection was lost", timeout: "The gateway did not answer in time" };

/** @type {Record<NonNullable<OffhookError["media"]>, string>} */
const FAULTS = { permissionDenied: "The microphone was not allowed",
  permissionDismissed: "The question for the microphone was closed",
  permissionBlocked: "This page may not use the microphone", deviceNotFound: "No microphone was found",
  deviceBusy: "The microphone is in use elsewhere", insecureContext: "The microphone needs HTTPS or localhost",
  microphone: "The microphone could not be opened", offer: "The browser could not offer audio",
  answer: "The browser could not answer", localDescription: "The browser could not set up the audio",
  remoteDescription: "The browser could not use the gateway's audio", stalled: "The browser took too long",
  connection: "No path for the audio was found" };

/** What became of a call. @type {Record<import("../../js/directory.js").Outcome, { word: string, icon: string }>} */
export const OUTCOMES = {
  answered: { word: "Answered", icon: "phone" }, missed: { word: "Missed", icon: "missed" },
  rejected: { word: "Rejected", icon: "close" }, busy: { word: "Busy", icon: "busy" },
  cancelled: { word: "Cancelled", icon: "close" }, blocked: { word: "Blocked", icon: "block" },
  answeredElsewhere: { word: "Elsewhere", icon: "elsewhere" }, failed: { word: "Failed", icon: "alert" },
};

/**
 * Why a call has no microphone, and what can be done while it waits.
 *
 * @param {OffhookError} error
 * @returns {{ what: string, advice: string }}
 */
export function microphoneWords({ media = "microphone" }) {
  return { what: FAULTS[media], advice: MENDS[media] ?? "Choose another microphone, or try again." };
}

/** @type {{ [Fault in NonNullable<OffhookError["media"]>]?: string }} */
const MENDS = { permissionDenied: "Allow it for this page: the icon beside the address. Then try again.",
  permissionDismissed: "Try again, and answer the browser's question.",
  permissionBlocked: "The server of this page, or the frame that it is in, forbids it. Who runs them can allow it.",
  deviceNotFound: "Connect a microphone, or choose another. Then try again.",
  deviceBusy: "Close the program that uses it, or choose another. Then try again." };

/**
 * Why a call ended, in a person's words.
 *
 * @param {Pick<Call, "direction">} call
 * @param {Termination} reason
 * @param {{ answered: boolean, fault: OffhookError | undefined }} how
 * @returns {string}
 */
export function reasonWords(call, reason, { answered, fault }) {
  const { cause, by } = reason;
  if (by === "local" && fault?.kind === "media") return FAULTS[fault.media ?? "microphone"];
  if (by === "local" && answered) return ENDED_BY.local;
  if (by === "local") return call.direction === "inbound" ? "You rejected the call" : "You cancelled the call";
  if (by === "network") return ENDED_BY.network;
  if (cause === "NORMAL_CLEARING" || cause === undefined || cause === "") {
    return call.direction === "inbound" && !answered && by === "remote" ? "The caller gave up" : ENDED_BY[by];
  }
  if (cause === "ORIGINATOR_CANCEL" && call.direction === "inbound") return "The caller gave up";
  return CAUSES.get(cause) ?? ENDED_BY[by];
}

/**
 * The cause and the codes as they were sent.
 *
 * @param {Termination} reason
 * @returns {string}
 */
export function causeWords({ cause, causeCode, sipCode, sipReason, by }) {
  const parts = [
    cause === undefined ? "" : causeCode === undefined ? cause : `${cause} ${causeCode}`,
    causeCode !== undefined && cause === undefined ? `cause ${causeCode}` : "",
    sipCode === undefined ? "" : `SIP ${sipCode}${sipReason === undefined ? "" : ` ${sipReason}`}`,
    `by ${by}`,
  ];
  return parts.filter((text) => text !== "").join(" · ");
}

/** @type {Record<import("../../js/control.js").WarningReason, { what: string, advice: string }>} */
const WARNINGS = {
  secondCallFailed: { what: "The second call could not be taken.", advice: "It rings on: answer or reject it." },
  policyFailed: { what: "What to do with a second call is not known.", advice: "Choose it again under Several calls." },
  severalActive: { what: "You are talking in more than one call.", advice: "Hold one, or hang it up." },
  notResumed: { what: "The held call did not come back.", advice: "Take it off hold on its card." },
  notUndone: { what: "A step could not be taken back.", advice: "Look at your calls: one may be on hold." },
  conferenceSilent: { what: "The browser has stopped the conference's sound.", advice: "Click anywhere in the page." },
};

/**
 * What a call control could not do, and what can be done.
 *
 * @param {import("../../js/control.js").CallControlEvents["warning"]} warning
 * @returns {{ what: string, advice: string }}
 */
export function warningWords({ reason, error }) {
  const { what, advice } = WARNINGS[reason];
  return { what, advice: error === undefined ? advice : `${errorWords(error).what} ${advice}` };
}

/** What is better said otherwise than to a developer. */
const PLAIN = new Map([
  [60062, ["There are as many calls as this phone can have.", "Hang up one of them first."]],
  [60361, ["The browser lets no sound be mixed yet.", "Click in the page, and try again."]],
]);

/**
 * What went wrong, and what can be done.
 *
 * @param {OffhookError} error
 * @returns {{ what: string, advice: string, code: string }}
 */
export function errorWords(error) {
  const [plain, plainAdvice = ""] = PLAIN.get(error.code) ?? [];
  if (plain !== undefined) return { what: plain, advice: plainAdvice, code: String(error.code) };
  const what = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  return { what, advice: advice(error), code: String(error.code) };
}

/**
 * @param {OffhookError} error
 * @returns {string}
 */
function advice(error) {
  switch (error.kind) {
    case "misuse": return "Nothing was sent.";
    case "refused": return refusedAdvice(error);
    case "peerMisbehaved": return "The gateway sent what this phone cannot accept. The log shows the frame.";
    case "media": return mediaAdvice(error);
    case "lost": return lostAdvice(error);
    case "defect": return "The log can tell what came before it.";
  }
}

/**
 * @param {OffhookError} error
 * @returns {string}
 */
function refusedAdvice({ code, serverMessage = "" }) {
  switch (code) {
    case 60103: return transferAdvice(serverMessage);
    case 46001: return "Check the user and the password, or get a fresh token.";
    case 45004: return "The gateway could not register this user. Try again, or choose another region.";
    case 60102: return "The same session was opened elsewhere. Sign in again to take it back.";
    default: return "The gateway's own words say why. Try again, or ask who runs it.";
  }
}

/** @param {string} serverMessage */
function transferAdvice(serverMessage) {
  if (!/not bridged/.test(serverMessage)) return "The call goes on as it was. Check the number.";
  return "Only a call with another person can be transferred, not one with a service or a recording.";
}

/**
 * @param {OffhookError} error
 * @returns {string}
 */
function mediaAdvice({ media }) {
  switch (media) {
    case "permissionDenied": return "Allow the microphone for this page: the icon beside the address. Then call again.";
    case "deviceNotFound": return "Connect a microphone, or choose another under Audio.";
    case "deviceBusy": return "Close the program that uses it, or choose another under Audio.";
    case "insecureContext": return "Open the page by HTTPS, or on this machine by http://localhost.";
    case "connection": return "A firewall may block UDP between here and the gateway. A TURN server may help.";
    default: return "Try again. If it stays, copy the log for who looks after the gateway.";
  }
}

/**
 * @param {OffhookError} error
 * @returns {string}
 */
function lostAdvice({ code, url }) {
  if (code === 60402) return "The gateway may be busy. Try again.";
  if (code === 45002 || code === 45003) return "Calls have ended. Sign in again.";
  if (code === 48501 || code === 60404) return "Call again.";
  if (code === 60405) return "Try again when the call is back.";
  const local = url !== undefined && /^wss?:\/\/(localhost|127\.|\[::1\])/.test(url);
  if (local) return "Is the gateway running? In the project's folder, npm start starts it.";
  return "Check the address and the network. A wss: address needs a certificate that this browser trusts.";
}

/**
 * @param {number} ms
 * @returns {string} such as 0:07 or 1:02:03
 */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/**
 * @param {number} count
 * @returns {string} such as 98.4 kB
 */
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(2)} MB`;
}
