/** @typedef {import("../check.js").CallFindings} CallFindings */
/** @typedef {import("../check.js").Check} CheckInterface */
/** @typedef {import("../check.js").CandidateFound} CandidateFound */
/** @typedef {import("../check.js").CheckEvents} CheckEvents */
/** @typedef {import("../check.js").CheckFindings} Findings */
/** @typedef {import("../check.js").CheckOptions} CheckOptions */
/** @typedef {import("../check.js").CheckReason} CheckReason */
/** @typedef {import("../check.js").CheckReport} CheckReport */
/** @typedef {import("../check.js").CheckStep} CheckStep */
/** @typedef {import("../check.js").IceFindings} IceFindings */
/** @typedef {import("../check.js").IceServerResult} IceServerResult */
/** @typedef {import("../check.js").StepOutcome} StepOutcome */
/** @typedef {import("../check.js").Verdict} Verdict */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").ListenOptions} ListenOptions */
/** @typedef {import("./options.js").ReadOptions} ReadOptions */

import { orAborted } from "../aborted.js";
import { connect, OffhookError } from "../index.js";
import { Listeners } from "../listeners.js";
import { tryGateway } from "./gateways.js";
import { hostCandidates, tryIceServer } from "./ice.js";
import { loopback } from "./loopback.js";
import { listDevices, listenTo, openMicrophone } from "./microphone.js";
import { LOOPBACK_MS, readCheckOptions } from "./options.js";
import { reasonsOf, sorted, stepFailed, verdictOf } from "./reasons.js";
import { testCall } from "./testcall.js";

/** @type {CheckStep[]} */
const STEPS = ["permission", "devices", "microphone", "gateway", "ice", "signIn", "call"];

/** @param {CheckOptions} [options] */
export function checkCall(options) {
  return new Check(readCheckOptions(options));
}

/**
 * One run through all steps. Documented in `check.d.ts`.
 *
 * @implements {CheckInterface}
 */
class Check {
  done;
  #options;
  #listeners = new Listeners(["progress", "level"]);
  #over = new AbortController();
  #startedAt = new Date();
  #began = performance.now();
  /** @type {Record<CheckStep, StepOutcome>} */
  #steps;
  /** @type {{ -readonly [K in keyof Findings]: Findings[K] }} */
  #findings = { gateways: [] };
  /** @type {Map<CheckStep, CheckReason[]>} */
  #reasons = new Map();
  /** The microphone, from the person's yes on. @type {MediaStreamTrack | undefined} */
  #track;
  /** Whom a test call is made with. @type {Client | undefined} */
  #client;
  /** What it was when it ended. @type {CheckReport | undefined} */
  #last;

  /** @param {ReadOptions} options */
  constructor(options) {
    this.#options = options;
    this.#steps = /** @type {Record<CheckStep, StepOutcome>} */ (
      Object.fromEntries(STEPS.map((step) => [step, Object.freeze({ state: "waiting" })]))
    );
    const abort = () => this.#over.abort(options.signal?.reason);
    if (options.signal?.aborted) abort();
    else options.signal?.addEventListener("abort", abort, { signal: this.#over.signal });
    // After its caller has listened, and in the same turn: the click that it began with still counts.
    this.done = Promise.resolve().then(() => this.#run());
    // Who aborts it, and listens to events only, has nothing to catch.
    this.done.catch(() => {});
  }

  get report() {
    return this.#last ?? this.#report();
  }

  /** @param {unknown} [reason] */
  abort(reason) {
    this.#over.abort(reason);
  }

  /**
   * @template {keyof CheckEvents} K
   * @param {K} event
   * @param {(event: CheckEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    return this.#listeners.add(event, listener, options);
  }

  async #run() {
    const { signal } = this.#over;
    try {
      await orAborted(this.#all(), signal);
      signal.throwIfAborted();
      return /** @type {CheckReport & { verdict: Verdict }} */ (this.#report());
    } finally {
      this.#last = this.#report();
      // What is under way lets go of what it has.
      this.#over.abort();
      this.#track?.stop();
      this.#listeners.clear();
    }
  }

  async #all() {
    const { microphone, gateways, signIn, client, call } = this.#options;
    await Promise.all([
      this.#ears(microphone),
      this.#step("gateway", gateways.length > 0, () => this.#gateways()),
      this.#step("ice", true, () => this.#ice()),
    ]);
    this.#client = client;
    try {
      await this.#step("signIn", signIn !== undefined, () => this.#signIn());
      await this.#step("call", this.#canCall(call), () => this.#call());
    } finally {
      if (this.#client !== client) await this.#client?.close();
    }
  }

  /** What the person is asked, one after the other. @param {boolean} isWanted */
  async #ears(isWanted) {
    await this.#step("permission", isWanted, async () => {
      const { microphoneId, permissionMs } = this.#options;
      const { found, track } = await openMicrophone(microphoneId, permissionMs, this.#over.signal);
      if (this.#over.signal.aborted) track?.stop();
      else this.#track = track;
      this.#findings.permission = found;
    });
    // The names are known from here on.
    await this.#step("devices", isWanted, async () => {
      this.#findings.devices = await listDevices();
    });
    const track = this.#track;
    await this.#step("microphone", track !== undefined, async () => {
      const tell = (/** @type {import("../audio.js").Level} */ level) => this.#listeners.tell("level", level);
      if (track) this.#findings.microphone = await listenTo(track, this.#options.microphoneMs, tell, this.#over.signal);
    });
    // A test call speaks through it; nothing else does.
    if (!this.#speaks()) track?.stop();
  }

  #speaks() {
    return typeof this.#options.call === "object";
  }

  async #gateways() {
    const { gateways, dialect, gatewayMs } = this.#options;
    /** @type {import("../check.js").GatewayResult[]} */
    const results = [];
    await Promise.all(gateways.map(async (gateway, i) => {
      results[i] = Object.freeze(await tryGateway(gateway, dialect, gatewayMs, this.#over.signal));
      this.#findings.gateways = results.filter(Boolean);
      this.#tell("gateway");
    }));
  }

  async #ice() {
    const { iceServers, iceMs } = this.#options;
    if (typeof RTCPeerConnection === "undefined") {
      this.#findings.ice = { ...summary([], []), failure: "unsupported" };
      return;
    }
    /** @type {CandidateFound[]} */
    let hosts = [];
    /** @type {IceServerResult[]} */
    const servers = [];
    const note = () => {
      this.#findings.ice = summary(hosts, servers.filter(Boolean));
      this.#tell("ice");
    };
    await Promise.all([
      hostCandidates(this.#over.signal).then((found) => {
        hosts = found;
        note();
      }),
      ...iceServers.map(async (server, i) => {
        servers[i] = Object.freeze(await tryIceServer(server, iceMs, this.#over.signal));
        note();
      }),
    ]);
  }

  async #signIn() {
    const { signIn } = this.#options;
    if (!signIn) return;
    const began = performance.now();
    try {
      // The calls of the page before this one are the application's.
      const own = /** @type {const} */ ({ onReload: "hangup", confirmLeave: false, signal: this.#over.signal });
      this.#client = await connect({ ...signIn, ...own });
      const { region, dialect } = this.#client;
      this.#findings.signIn = { ms: Math.round(performance.now() - began), ...(dialect === "telnyx" && { region }) };
    } catch (error) {
      if (!(error instanceof OffhookError)) throw error;
      const { kind, code, message } = error;
      this.#findings.signIn = { ms: Math.round(performance.now() - began), error: { kind, code, message } };
    }
  }

  /** @param {ReadOptions["call"]} call */
  #canCall(call) {
    if (call === false || this.#findings.ice?.failure) return false;
    // Without a microphone nobody calls; a call of the page to itself needs none.
    if (call === "loopback") return true;
    return this.#client !== undefined && (this.#track !== undefined || !this.#options.microphone);
  }

  async #call() {
    const { call, setUpMs } = this.#options;
    const tell = (/** @type {CallFindings} */ found) => {
      this.#findings.call = Object.freeze(found);
      this.#tell("call");
    };
    if (typeof call === "object" && this.#client) {
      const how = { track: this.#track, setUpMs, tell };
      this.#findings.call = await testCall(this.#client, call, how, this.#over.signal);
    } else {
      await this.#loopback(tell);
    }
  }

  /** @param {(found: CallFindings) => void} tell */
  async #loopback(tell) {
    const { iceServers, setUpMs, wasmUrl } = this.#options;
    // One result for each, in the same order.
    const results = this.#findings.ice?.servers ?? [];
    const relays = iceServers.filter((_, i) => results[i]?.type === "turn" && results[i].works);
    // Who makes no test call needs none of it.
    const { createScorer } = await import("../quality.js");
    const scorer = await createScorer(wasmUrl === undefined ? {} : { wasmUrl });
    try {
      const how = { scorer, setUpMs, ms: LOOPBACK_MS, tell };
      this.#findings.call = await loopback(relays, how, this.#over.signal);
    } finally {
      scorer.close();
    }
  }

  /**
   * @param {CheckStep} step
   * @param {boolean} isWanted
   * @param {() => Promise<void>} run
   */
  async #step(step, isWanted, run) {
    if (this.#over.signal.aborted) return;
    if (!isWanted) {
      this.#becomes(step, { state: "skipped" });
      return;
    }
    const began = performance.now();
    this.#becomes(step, { state: "running" });
    try {
      await run();
      this.#reasons.set(step, reasonsOf(step, this.#findings, this.#options));
    } catch (error) {
      this.#reasons.set(step, [stepFailed(step, error)]);
    }
    const verdict = verdictOf(this.#reasons.get(step) ?? []);
    this.#becomes(step, { state: "done", verdict, ms: Math.round(performance.now() - began) });
  }

  /**
   * @param {CheckStep} step
   * @param {StepOutcome} outcome
   */
  #becomes(step, outcome) {
    this.#steps[step] = Object.freeze(outcome);
    this.#tell(step);
  }

  /** @param {CheckStep} step */
  #tell(step) {
    if (!this.#over.signal.aborted) this.#listeners.tell("progress", { step, report: this.#report() });
  }

  /** @returns {CheckReport} */
  #report() {
    const reasons = sorted(STEPS.flatMap((step) => this.#reasons.get(step) ?? []));
    const isDone = STEPS.every((step) => ["done", "skipped"].includes(this.#steps[step].state));
    return Object.freeze({
      version: /** @type {const} */ (1),
      startedAt: this.#startedAt,
      ms: Math.round(performance.now() - this.#began),
      verdict: isDone ? verdictOf(reasons) : undefined,
      reasons: Object.freeze(reasons),
      steps: Object.freeze({ ...this.#steps }),
      ...this.#findings,
    });
  }
}

/**
 * @param {CandidateFound[]} hosts
 * @param {IceServerResult[]} servers
 * @returns {IceFindings}
 */
function summary(hosts, servers) {
  const stun = servers.filter(({ type }) => type === "stun");
  /** @type {{ -readonly [K in keyof IceFindings["relay"]]: IceFindings["relay"][K] }} */
  const relay = {};
  for (const { type, protocol, works } of servers) {
    if (type === "turn") relay[protocol] = works || relay[protocol] === true;
  }
  return Object.freeze({
    servers: Object.freeze(servers),
    candidates: Object.freeze([...hosts, ...servers.flatMap(({ candidates }) => candidates)]),
    host: hosts.length > 0,
    reflexive: stun.length === 0 ? undefined : stun.some(({ works }) => works),
    relay,
  });
}
