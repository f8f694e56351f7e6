/** @typedef {import("../quality.js").QualityOptions} QualityOptions */
/** @typedef {import("./thinker.js").Thinker} Thinker */

import { CAUSES } from "./causes.js";

/** Each warning's name in the registry, and what a person may do about it. @type {Record<number, [string, string]>} */
const WARNINGS = {
  31001: ["HIGH_RTT", "End a VPN or downloads if there are any; over a mobile network, try another place or Wi-Fi."],
  31002: ["HIGH_JITTER", "Go nearer to the Wi-Fi router, or use a cable; pause downloads and video on this network."],
  31003: ["HIGH_PACKET_LOSS", "Go nearer to the Wi-Fi router, or use a cable; outdoors, try another place."],
  31004: ["LOW_MOS", "Use a cable or another network; pause downloads and video on this one."],
  31005: ["LOW_LOCAL_AUDIO", "Check that the right microphone is chosen, plugged in, and not turned down."],
  31006: ["LOW_INBOUND_AUDIO", "Ask the other side whether it is muted; check the volume and the loudspeaker."],
  32001: ["LOW_BYTES_RECEIVED", "Wait a few seconds: the call may recover. If it does not, hang up and call again."],
  32002: ["LOW_BYTES_SENT", "Choose another microphone, or hang up and call again."],
  33008: ["ICE_CANDIDATE_PAIR_CHANGED", "Nothing: the network has changed, and the call goes on."],
  61201: ["ONE_WAY_AUDIO", "Ask whether you are heard. If not, hang up and call again, or use another network."],
  61202: ["ECHO_SUSPECTED", "Use a headset, turn the loudspeaker down, or ask the other side to do so."],
  61203: ["MUTED_IN_HARDWARE", "Look for a mute switch on the headset or a key on the keyboard, and turn it off."],
  61204: ["CPU_LIMITED", "Close other programs and tabs that are busy; plug in the power supply."],
  61205: ["HIGH_OUTBOUND_PACKET_LOSS", "Pause uploads on this network; go nearer to the Wi-Fi router, or use a cable."],
};

/** What kinds of text the module has. */
const WARNING = 0;
const CAUSE = 1;
const MILESTONE = 2;

/** A warning's name in the registry. @param {number} code */
export function nameOf(code) {
  return WARNINGS[code]?.[0] ?? String(code);
}

/** Warnings and findings in sentences: English ones, or the application's. */
export class Words {
  #thinker;
  #override;
  /** The names of all milestones, by number. @type {import("../quality.js").MilestoneName[]} */
  milestones = [];

  /**
   * @param {Thinker} thinker
   * @param {QualityOptions["words"]} override
   */
  constructor(thinker, override) {
    this.#thinker = thinker;
    this.#override = override;
    for (let number = 0, name; (name = this.#text(MILESTONE, number)); number++) {
      this.milestones.push(/** @type {import("../quality.js").MilestoneName} */ (name));
    }
  }

  /** @param {number} code */
  warning(code) {
    const english = { text: this.#text(WARNING, code), advice: WARNINGS[code]?.[1] ?? "" };
    const { text, advice } = this.#say({ kind: "warning", name: nameOf(code), evidence: {}, ...english });
    return { message: text, advice };
  }

  /** The name of a cause, and of the figures that speak for it. @param {number} code */
  cause(code) {
    const [name = "", ...fields] = this.#text(CAUSE, code).split(" ");
    return { name, fields };
  }

  /**
   * @param {string} name
   * @param {Readonly<Record<string, number>>} evidence
   */
  finding(name, evidence) {
    const { says, advises } = CAUSES[name] ?? { says: () => `${name}.`, advises: () => "" };
    return this.#say({ kind: "cause", name, evidence, text: says(evidence), advice: advises(evidence) });
  }

  /** @param {Parameters<NonNullable<QualityOptions["words"]>>[0]} sentence */
  #say(sentence) {
    const { text, advice } = sentence;
    try {
      const other = this.#override?.(Object.freeze(sentence));
      return { text: String(other?.text ?? text), advice: String(other?.advice ?? advice) };
    } catch (error) {
      // The application's own: what is said in English is better than nothing.
      reportError(error);
      return { text, advice };
    }
  }

  /**
   * @param {number} kind
   * @param {number} number
   */
  #text(kind, number) {
    return String.fromCharCode(...this.#thinker.ask("text", [kind, number]));
  }
}
