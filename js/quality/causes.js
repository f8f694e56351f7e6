/**
 * What is said of each cause: a sentence made of the figures that speak for it, and what a person may do about it. The
 * figures are those that `core/src/quality/verdict/cause.rs` lists.
 *
 * @typedef {Readonly<Record<string, number>>} Evidence
 * @typedef {{ says: (evidence: Evidence) => string, advises: (evidence: Evidence) => string }} Sentence
 */

const CALL_AGAIN = "Call again.";
const NETWORK = "Go nearer to the Wi-Fi router, or use a cable or another network.";
const MICROPHONE = "Check that the right microphone is chosen and plugged in.";
const FIREWALL = "Ask who runs the network to let UDP through; the audio is better over it.";
const NUMBER = "Check the number.";
const ADMINISTRATOR = "Ask who runs the telephone system.";
const LATER = "Call again later.";

const REFUSALS = [
  "", "the person or the browser's settings did not allow it", "the question for it was closed",
  "the page may not ask for it", "there is none", "another program has it", "the browser could not open it",
];
const PROTOCOLS = ["a relay", "a relay", "a relay over TCP", "a relay over TLS"];

/** @type {Record<string, Sentence>} */
const MEASURING = {
  nothingWrong: say(
    ({ mos, loss }) => `Nothing was wrong${list(["MOS", mos?.toFixed(1)], ["loss", percent(loss)])}.`,
    "",
  ),
  notMeasured: say(
    ({ activeSeconds }) =>
      `Of the call's ${time(activeSeconds)} too little was measured to tell: it was on hold, or the browser told nothing.`,
    "",
  ),
  unexplained: say(
    ({ mos, seconds }) => `The MOS was ${mos?.toFixed(1) ?? "low"} for ${time(seconds)}, and nothing explains it.`,
    NETWORK,
  ),
};

/** @type {Record<string, Sentence>} */
const DEVICES = {
  microphoneMutedInHardware: say(
    ({ seconds, toldBySystem }) =>
      `${toldBySystem ? "Microphone muted by the system" : "Headset muted in hardware"}: `
      + `the track was enabled and silent for ${time(seconds)}.`,
    "Look for a mute switch on the headset or a key on the keyboard, and turn it off.",
  ),
  microphoneSilent: say(
    ({ seconds }) => `Nothing was ever heard from the microphone, in ${time(seconds)}.`,
    MICROPHONE,
  ),
  microphoneDenied: say(
    ({ refusal }) => `The microphone could not be used: ${refused(refusal)}.`,
    "Allow the microphone in the browser's site settings.",
  ),
  microphoneUnavailable: say(({ refusal }) => `The microphone could not be used: ${refused(refusal)}.`, MICROPHONE),
  microphoneLost: say(
    ({ times, replaced, seconds }) =>
      `The microphone went away ${often(times)}, for ${time(seconds)}`
      + `${replaced ? ", and another one took its place" : ""}.`,
    MICROPHONE,
  ),
  spokeWhileMuted: say(
    ({ times }) => `Somebody spoke while the call was muted, ${often(times)}.`,
    "Unmute the call before speaking.",
  ),
  echo: say(
    ({ seconds, ownVoice }) => (ownVoice
      ? `You heard your own voice come back, for ${time(seconds)}: the other side's microphone heard its loudspeaker.`
      : `The other side heard its own voice come back, for ${time(seconds)}: your microphone heard your loudspeaker.`),
    ({ ownVoice }) => (ownVoice
      ? "Ask the other side to use a headset, or to turn its loudspeaker down."
      : "Use a headset, or turn the loudspeaker down."),
  ),
  playbackBlocked: say(
    ({ seconds }) => `The browser played nothing for ${time(seconds)}: it waited for a click or a key.`,
    "Click anywhere on the page to hear the call.",
  ),
  outputLost: say(
    ({ times, seconds }) =>
      `The chosen loudspeaker went away ${often(times)}, for ${time(seconds)}.`,
    "Plug it in again, or choose another one.",
  ),
};

/** @type {Record<string, Sentence>} */
const WAYS = {
  nothingReceived: say(
    ({ seconds, fromStart }) =>
      `No audio packets came for ${time(seconds)}${fromStart ? ", from the beginning" : ""}, `
      + "though the connection stood.",
    `${CALL_AGAIN} If it stays so, a firewall may let the audio through one way only.`,
  ),
  otherSideSilent: say(
    ({ seconds }) => `Audio came for ${time(seconds)} and held nothing but silence.`,
    "Ask the other side whether it was muted.",
  ),
  nothingReachesOtherSide: say(
    ({ seconds, loss }) =>
      `Next to nothing that was sent reached the other side for ${time(seconds)}: ${percent(loss)} of the packets were lost.`,
    `${CALL_AGAIN} ${FIREWALL}`,
  ),
  nothingSent: say(({ seconds }) => `The browser sent no audio for ${time(seconds)}.`, MICROPHONE),
  lossInbound: say(
    ({ loss, seconds, worst }) =>
      `Of what came, ${percent(loss)} of the packets were lost, for ${time(seconds)} (at worst ${percent(worst)}).`,
    NETWORK,
  ),
  lossOutbound: say(
    ({ loss, seconds, worst }) =>
      `Of what was sent, ${percent(loss)} of the packets were lost, for ${time(seconds)} (at worst ${percent(worst)}).`,
    NETWORK,
  ),
  congestion: say(
    ({ seconds, rttLeast, rtt }) =>
      `The network was full for ${time(seconds)}: the round trip grew from ${ms(rttLeast)} to ${ms(rtt)}.`,
    "Pause downloads, uploads and video on this network.",
  ),
  jitter: say(
    ({ seconds, jitter, worst, buffer }) =>
      `Packets came unevenly for ${time(seconds)}: jitter ${ms(jitter)}, at worst ${ms(worst)}`
      + `${buffer === undefined ? "" : `; the jitter buffer held them for ${ms(buffer)}`}.`,
    NETWORK,
  ),
  longWay: say(
    ({ rtt }) => `The way to the other side was long: ${ms(rtt)} there and back.`,
    "End a VPN if there is one.",
  ),
  relayDetour: say(({ rtt }) => `The audio took a detour over a relay: ${ms(rtt)} there and back.`, FIREWALL),
  rttSpikes: say(
    ({ worst, usual, times }) => `The way was long at times: ${ms(worst)} instead of ${ms(usual)}, ${often(times)}.`,
    NETWORK,
  ),
  networkChanged: say(
    ({ times, lostSeconds }) =>
      `The network changed ${often(times)}${lostSeconds ? `, and ${time(lostSeconds)} were lost` : ""}.`,
    "",
  ),
  mediaInterrupted: say(
    ({ times, seconds }) =>
      `The connection for the audio was lost ${often(times)}, for ${time(seconds)}, and came back.`,
    NETWORK,
  ),
  mediaLost: say(
    ({ seconds }) => `The connection for the audio was lost, ${time(seconds)} before the end, and did not come back.`,
    NETWORK,
  ),
  udpBlocked: say(
    ({ protocol, setupSeconds }) =>
      `UDP was blocked: ${PROTOCOLS[protocol ?? 0]}`
      + `${setupSeconds === undefined ? "" : ` after ${time(setupSeconds)}`}.`,
    FIREWALL,
  ),
  onlyHostCandidates: say(() => "Neither a STUN nor a TURN server was reached.", FIREWALL),
  iceNeverConnected: say(
    ({ seconds }) => `No way for the audio was found, in ${time(seconds)}.`,
    `${FIREWALL} A TURN server over TLS helps where it cannot be.`,
  ),
  relayRefused: say(
    ({ errorCode }) => `A TURN server was reached, and refused${errorCode ? ` (${errorCode})` : ""}.`,
    ADMINISTRATOR,
  ),
};

/** @type {Record<string, Sentence>} */
const SESSION = {
  socketLost: say(
    ({ times, seconds }) => `The connection to the gateway was lost ${often(times)}, for ${time(seconds)}.`,
    NETWORK,
  ),
  slowMicrophone: say(
    ({ seconds }) => `Setting up the call waited ${time(seconds)} for the microphone.`,
    "Allow the microphone for this site once and for all.",
  ),
  slowGathering: say(
    ({ seconds }) => `Setting up the call waited ${time(seconds)} for a STUN or TURN server.`,
    ADMINISTRATOR,
  ),
  slowSignalling: say(({ seconds }) => `Setting up the call waited ${time(seconds)} for the gateway.`, ""),
  slowChecks: say(({ seconds }) => `It took ${time(seconds)} until a way for the audio was found.`, FIREWALL),
  slowHandshake: say(({ seconds }) => `It took ${time(seconds)} until the audio was encrypted.`, NETWORK),
  cpuOverloaded: say(
    ({ seconds }) => `The machine was too busy to keep up with the audio, for ${time(seconds)}.`,
    "Close other programs and tabs that are busy.",
  ),
  browserThrottled: say(
    ({ seconds, received }) => (received === undefined
      ? `The browser held the page back for ${time(seconds)}: it was measured only now and then.`
      : `The browser or the machine slept for ${time(seconds)}: ${percent(received)} of the audio came meanwhile.`),
    ({ received }) => (received === undefined ? "" : "Keep the machine awake and the page open during calls."),
  ),
  busy: say((evidence) => `The other side was busy${codes(evidence)}.`, LATER),
  declined: say((evidence) => `The other side declined the call${codes(evidence)}.`, LATER),
  notFound: say((evidence) => `Nobody is there at that number${codes(evidence)}.`, NUMBER),
  notAllowed: say((evidence) => `This account may not make such calls${codes(evidence)}.`, ADMINISTRATOR),
  noCredit: say((evidence) => `The account has no money left${codes(evidence)}.`, ADMINISTRATOR),
  serverTrouble: say((evidence) => `The telephone network was in trouble${codes(evidence)}.`, LATER),
  notAnswered: say(
    ({ seconds, ...evidence }) =>
      `Nobody answered${seconds === undefined ? "" : ` in ${time(seconds)}`}${codes(evidence)}.`,
    LATER,
  ),
  notNegotiated: say((evidence) => `The two sides could not agree on the audio${codes(evidence)}.`, ADMINISTRATOR),
  endedByNetwork: say(
    ({ seconds }) =>
      `The connection was lost for so long that the call ended${seconds === undefined ? "" : `: ${time(seconds)}`}.`,
    NETWORK,
  ),
  sessionEnded: say((evidence) => `The gateway ended the session${codes(evidence)}.`, CALL_AGAIN),
};

/** @type {Record<string, Sentence>} */
export const CAUSES = { ...MEASURING, ...DEVICES, ...WAYS, ...SESSION };

/**
 * @param {Sentence["says"]} says
 * @param {string | Sentence["advises"]} advice
 * @returns {Sentence}
 */
function say(says, advice) {
  return { says, advises: typeof advice === "string" ? () => advice : advice };
}

/** @param {number | undefined} seconds */
function time(seconds) {
  if (seconds === undefined) return "some time";
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** @param {number | undefined} share */
function percent(share) {
  return share === undefined ? "some" : `${Number((share * 100).toFixed(1))} %`;
}

/** @param {number | undefined} seconds */
function ms(seconds) {
  return seconds === undefined ? "more" : `${Math.round(seconds * 1000)} ms`;
}

/** @param {number | undefined} count */
function often(count = 1) {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** @param {number | undefined} refusal */
function refused(refusal = 0) {
  return REFUSALS[refusal] || "the browser could not open it";
}

/** What the gateway said, in brackets. @param {Evidence} evidence */
function codes({ causeCode, sipCode }) {
  const said = [causeCode && `cause ${causeCode}`, sipCode && `SIP ${sipCode}`].filter(Boolean);
  return said.length > 0 ? ` (${said.join(", ")})` : "";
}

/** What is known of these, in brackets. @param {[string, string | undefined][]} figures */
function list(...figures) {
  const known = figures.filter(([, figure]) => figure !== undefined && figure !== "some").map((pair) => pair.join(" "));
  return known.length > 0 ? ` (${known.join(", ")})` : "";
}
