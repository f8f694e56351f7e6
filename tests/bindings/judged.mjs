// Calls that are judged, without a browser: a desk whose connections are measured as a test says.

import { mock } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as shipped from "offhook/quality";
import { ROOT } from "../../scripts/process.mjs";
import { setDesk } from "./desk.mjs";

/** Where there is no browser, nobody takes what a listener throws. */
globalThis.reportError ??= () => {};

/** Node fetches no files. */
const MODULE = readFileSync(join(ROOT, "pkg", "quality_bg.wasm"));
export const WASM_URL = `data:application/wasm;base64,${MODULE.toString("base64")}`;

const PACKETS = 50;

/** A connection whose states are set by a test. */
export class Connection extends EventTarget {
  signalingState = "stable";
  iceGatheringState = "new";
  iceConnectionState = "new";
  connectionState = "new";
  transport = Object.assign(new EventTarget(), { state: "new" });
  iceServers = [];
  iceTransportPolicy = "all";
  sources = [];

  getConfiguration() {
    return { iceServers: this.iceServers, iceTransportPolicy: this.iceTransportPolicy };
  }

  getSenders() {
    const outbound = { type: "outbound-rtp", packetsSent: this.sent ?? 0 };
    return [{ transport: this.transport, getStats: async () => new Map([["out", outbound]]) }];
  }

  getReceivers() {
    return [{ getSynchronizationSources: () => this.sources }];
  }

  /** Another state, and its event. */
  becomes(name, state) {
    this[name] = state;
    this.dispatchEvent(new Event(name.toLowerCase().replace(/state$/, "statechange")));
  }

  secures(state) {
    this.transport.state = state;
    this.transport.dispatchEvent(new Event("statechange"));
  }

  finds(candidate) {
    const found = { candidate: "candidate:…", ...candidate };
    this.dispatchEvent(Object.assign(new Event("icecandidate"), { candidate: found }));
  }
}

/** What grows from second to second, as a browser counts it; a test says how the network and the voices are. */
export class Counters {
  #here;
  #last = { rtt: 0, jitter: 0, pair: "" };
  #now = { received: 0, lost: 0, sent: 0, remoteLost: 0, heard: 0, said: 0, seconds: 0 };

  /** @param {object} [here] what is said of the address on this side */
  constructor(here) {
    this.#here = here;
  }

  /** The report after another second. */
  next({ loss = 0, rtt = 0.04, jitter = 0.003, heard = 0.1, said = 0.1, received = PACKETS, pair = "pair" } = {}) {
    const now = this.#now;
    this.#last = { rtt, jitter, pair };
    const lost = Math.round(received * loss);
    now.seconds += 1;
    now.received += received - lost;
    now.lost += lost;
    now.sent += PACKETS;
    now.heard += heard ** 2;
    now.said += said ** 2;
    return this.again();
  }

  /** The report as it is, of a machine that has just woken up. */
  again() {
    const now = this.#now;
    const { rtt, jitter, pair } = this.#last;
    const audio = { kind: "audio" };
    return new Map([
      { id: "in", type: "inbound-rtp", packetsReceived: now.received, bytesReceived: now.received * 80,
        packetsLost: now.lost, jitter, totalAudioEnergy: now.heard, totalSamplesDuration: now.seconds,
        codecId: "codec", ...audio },
      { id: "out", type: "outbound-rtp", packetsSent: now.sent, bytesSent: now.sent * 80, ...audio },
      { id: "source", type: "media-source", totalAudioEnergy: now.said, totalSamplesDuration: now.seconds, ...audio },
      { id: "remote", type: "remote-inbound-rtp", timestamp: now.seconds, packetsLost: 0, fractionLost: 0, jitter,
        roundTripTime: rtt, ...audio },
      { id: "codec", type: "codec", mimeType: "audio/opus" },
      { id: "transport", type: "transport", selectedCandidatePairId: pair },
      { id: pair, type: "candidate-pair", localCandidateId: "here", remoteCandidateId: "there",
        currentRoundTripTime: rtt },
      { id: "here", type: "local-candidate", candidateType: "host", ...this.#here },
      { id: "there", type: "remote-candidate", candidateType: "host" },
    ].map((entry) => [entry.id, entry]));
  }
}

/** A desk whose client is watched, and all that the watch told. */
export async function judgedDesk(options, { entry = shipped } = {}) {
  const desk = setDesk();
  mock.method(console, "error", () => {});
  const watch = await entry.watchQuality(desk.client, { wasmUrl: WASM_URL, ...options });
  const told = [];
  for (const event of ["sample", "warning", "milestone", "timings", "verdict", "error"]) {
    watch.on(event, (detail) => told.push({ event, ...detail }));
  }
  return { desk, watch, all: (event) => told.filter((one) => one.event === event), ...people(desk) };
}

function people(desk) {
  return {
    /** A call that is answered at once. */
    inACall(fields) {
      const call = desk.client.call({ peerConnection: new Connection(), ...fields });
      call.counters = new Counters();
      return call;
    },
    /** So many seconds of a call, each as it is said. */
    async passes(call, seconds, so = {}) {
      for (let n = 0; n < seconds; n += 1) {
        await desk.pass(1_000);
        call.tell("report", { connection: call.peerConnection, report: call.counters.next(so) });
      }
    },
  };
}
