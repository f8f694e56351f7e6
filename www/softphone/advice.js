/**
 * @typedef {import("../../js/quality.js").QualitySample} Sample
 * @typedef {import("../../js/quality.js").QualityWarning} Warning
 * @typedef {{ what: string, advice: string }} Advice
 */

const CAUSES = {
  loss: {
    what: "Parts of the sound get lost on the way.",
    advice: "Go nearer to the Wi-Fi router, or plug in a cable. Outdoors, try another place.",
  },
  jitter: {
    what: "The sound comes unevenly.",
    advice: "Pause downloads and videos on this network. A cable is steadier than Wi-Fi.",
  },
  rtt: {
    what: "The sound takes long on the way.",
    advice: "Turn off a VPN, if there is one, and let each other finish.",
  },
  unknown: { what: "The connection is poor.", advice: "Try another network, or hang up and call again." },
};

/** From here on nothing is missed. */
const GOOD_FROM = 4;

/** A smaller share of what is said is made up for where it does not arrive. */
const MISSED_FROM = 0.03;

/**
 * What a person should know although the network is well, the worst first; the page tells of a silent microphone
 * elsewhere. `what` is plainer than the warning's own words.
 *
 * @type {Record<string, { isNoticed?: (sample: Sample | undefined) => boolean, what?: string }>}
 */
const WORTH_SAYING = {
  LOW_BYTES_RECEIVED: {},
  LOW_BYTES_SENT: {},
  ONE_WAY_AUDIO: {},
  HIGH_OUTBOUND_PACKET_LOSS: {
    isNoticed: (sample) => (sample?.remoteLoss ?? 0) >= MISSED_FROM,
    what: "Parts of what you say get lost on the way.",
  },
  ECHO_SUSPECTED: {},
  // A machine that is busy and keeps up is nobody's concern; what it does not play in time, this score counts.
  CPU_LIMITED: { isNoticed: (sample) => (sample?.mosCqe ?? 0) < GOOD_FROM },
};

/**
 * What to do about a call that stays poor, by what costs it most of its score.
 *
 * @param {Sample | undefined} sample the newest
 * @returns {Advice}
 */
export function adviceFor(sample) {
  return CAUSES[sample?.costliest ?? "unknown"];
}

/**
 * What else is wrong.
 *
 * @param {readonly Warning[]} warnings
 * @param {Sample | undefined} sample the newest
 * @returns {Advice | undefined}
 */
export function adviceOn(warnings, sample) {
  for (const [name, { isNoticed, what }] of Object.entries(WORTH_SAYING)) {
    const warning = warnings.find((raised) => raised.name === name);
    if (warning === undefined || isNoticed?.(sample) === false) continue;
    const { message, advice } = warning;
    return { what: what ?? `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, advice };
  }
  return undefined;
}
