import { watchQuality } from "../js/quality.js";
import { adviceFor, adviceOn } from "./advice.js";
import { announce } from "./announce.js";
import { Impression } from "./band.js";
import { partyOf } from "./words.js";

/**
 * @typedef {import("../../js/index.js").Call} Call
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/audio.js").AudioSession} AudioSession
 * @typedef {import("../../js/quality.js").CallRecord} CallRecord
 * @typedef {import("../../js/quality.js").QualityWatch} QualityWatch
 * @typedef {import("./advice.js").Advice} Advice
 *
 * @typedef {object} Page
 * @property {(kind: "audio" | "warning", text: string) => void} write
 * @property {(error: unknown) => void} onError
 * @property {(call: Call) => void} onChange what is said of a call may be something else
 * @property {() => void} onVerdict
 *
 * @typedef {object} Known
 * @property {Impression} impression
 * @property {Advice | undefined} advice
 * @property {boolean} isOnNetwork whether that is about a network that stays poor
 */

/** As many as can be up at once, and those of the last hours. */
const ENDED_CALLS = 20;

/** How good the calls of a session are: what is known of each, and what a person is told of it. */
export class Quality {
  #page;
  /** @type {QualityWatch | undefined} */
  #watch;
  /** Those that are up. @type {Map<Call, Known>} */
  #calls = new Map();
  /** The sign-in that is in force: what is loaded too late for it is not used. */
  #visit = 0;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * @param {Client} client
   * @param {AudioSession} audio
   */
  async attach(client, audio) {
    const visit = this.#visit += 1;
    client.on("callEnded", ({ call }) => this.#calls.delete(call));
    try {
      const watch = await watchQuality(client, { audio, endedCalls: ENDED_CALLS });
      if (visit !== this.#visit) return watch[Symbol.dispose]();
      this.#watch = watch;
      watch.on("warning", ({ call, raised, name, message }) => {
        this.#page.write("warning", `${partyOf(call).name}: ${message} (${name}${raised ? "" : ", over"})`);
        this.#advise(call);
      });
      watch.on("verdict", ({ call, verdict }) => {
        this.#page.write("audio", `${partyOf(call).name}: ${verdict.text}`);
        this.#page.onVerdict();
      });
      watch.on("error", ({ error }) => this.#page.onError(error));
    } catch (error) {
      // Calls go on without it.
      this.#page.onError(error);
    }
  }

  detach() {
    this.#visit += 1;
    // It ends with its client, once the calls that end with that have their verdicts.
    this.#watch = undefined;
    this.#calls.clear();
  }

  /** Looks after a call from here on. @param {Call} call */
  follow(call) {
    if (this.#calls.has(call)) return;
    const { impression } = this.#known(call);
    call.on("quality", ({ quality }) => {
      impression.take(quality);
      this.#advise(call);
    });
    call.on("state", ({ state }) => {
      if (state === "active" || state === "done") return;
      impression.pause();
      this.#advise(call);
    });
  }

  /** What is shown of a call that is up. @param {Call} call */
  bandOf(call) {
    return this.#calls.get(call)?.impression.band ?? "unknown";
  }

  /** What its person should be told. @param {Call} call */
  adviceOf(call) {
    const { advice, isOnNetwork = false } = this.#calls.get(call) ?? {};
    return advice && { ...advice, isOnNetwork };
  }

  /** What was measured of a call, also of one that has ended not long ago. @param {string} id */
  recordOf(id) {
    return this.#watch?.records.find(({ call }) => call.id === id);
  }

  /** @param {Call} call */
  #known(call) {
    const known = this.#calls.get(call) ?? { impression: new Impression(), advice: undefined, isOnNetwork: false };
    this.#calls.set(call, known);
    return known;
  }

  /** @param {Call} call */
  #advise(call) {
    const known = this.#calls.get(call);
    if (known === undefined) return;
    const record = this.#watch?.of(call);
    const { staysPoor } = known.impression;
    const before = known.advice;
    // As it was found first: what costs most may change from look to look.
    const sample = record?.samples.at(-1);
    if (!staysPoor) known.advice = adviceOn(record?.warnings ?? [], sample);
    else if (!known.isOnNetwork) known.advice = adviceFor(sample);
    known.isOnNetwork = staysPoor;
    // Once, when it begins.
    if (known.advice !== undefined && known.advice.what !== before?.what) {
      const { what, advice } = known.advice;
      announce(`${what} ${advice}`);
      if (staysPoor) this.#page.write("warning", `${partyOf(call).name}: ${what} ${advice}`);
    }
    this.#page.onChange(call);
  }
}
