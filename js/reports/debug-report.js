/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {{ event: string, tag: string, data?: unknown, timeTaken?: number, statsObject?: object }} Told */

import { scrub } from "../redact.js";
import { entriesOf } from "./entries.js";
import { server } from "./summary.js";

/** Every so many of the browser's reports, which come each second: Telnyx's own clients send one in one to three. */
const EVERY = 2;

/** What waits for the socket; the oldest is given up. */
const MOST_WAITING = 100;

/** Of the form that it has. */
const VERSION = 1;

/**
 * Everything about a call's peer connection, told to Telnyx over the client's socket. Nothing waits for it, and what the
 * socket has no room for is left out.
 */
export class DebugReport {
  /** Under which Telnyx's support finds it. */
  id = crypto.randomUUID();
  #client;
  #call;
  #signal;
  #isStarted = false;
  #reports = 0;
  /** @type {Told[]} */
  #waiting = [];
  /** @type {WeakSet<RTCPeerConnection>} */
  #known = new WeakSet();
  #isOver = false;

  /**
   * @param {Client} client
   * @param {Call} call
   * @param {AbortSignal} signal ends it
   */
  constructor(client, call, signal) {
    this.#client = client;
    this.#call = call;
    const over = new AbortController();
    const until = { signal: this.#signal = over.signal };
    signal.addEventListener("abort", () => over.abort(), until);
    if (call.peerConnection) this.#watch(call.peerConnection);
    call.on("peerConnection", ({ connection }) => this.#watch(connection), until);
    call.on("report", ({ report }) => this.#measure(report), until);
    client.on("ready", () => this.#catchUp(), until);
    call.on("ended", () => {
      this.#stop();
      over.abort();
    }, until);
  }

  /** @param {RTCPeerConnection} connection */
  #watch(connection) {
    if (this.#known.has(connection)) return;
    this.#known.add(connection);
    const { iceServers = [], ...configuration } = connection.getConfiguration();
    this.#tell({
      event: "addConnection", tag: "peer",
      data: {
        options: { peerId: this.id },
        peerConfiguration: {
          bundlePolicy: configuration.bundlePolicy, iceCandidatePoolSize: configuration.iceCandidatePoolSize,
          iceServers: iceServers.map(server), iceTransportPolicy: configuration.iceTransportPolicy,
          rtcpMuxPolicy: configuration.rtcpMuxPolicy, sdpSemantics: "unified-plan",
        },
      },
    });
    for (const [event, read] of Object.entries(EVENTS)) {
      connection.addEventListener(event, (what) => {
        const tag = event === "track" ? "track" : "connection";
        this.#tell({ event: `on${event}`, tag, data: read(connection, what) });
        if (event === "track") this.#watchTrack(/** @type {RTCTrackEvent} */ (what).track);
      }, { signal: this.#signal });
    }
  }

  /** @param {MediaStreamTrack} track */
  #watchTrack(track) {
    const { id, kind } = track;
    for (const event of ["mute", "unmute", "ended"]) {
      const tell = () => this.#tell({ event, tag: "track", data: { id, kind } });
      track.addEventListener(event, tell, { signal: this.#signal });
    }
  }

  /** @param {RTCStatsReport} report */
  #measure(report) {
    this.#reports += 1;
    if (this.#reports % EVERY !== 1) return;
    const { inbound, outbound, remoteInbound, remoteOutbound, source, pair, local, remote, codecOf } = entriesOf(report);
    const rtp = (/** @type {import("./entries.js").Entry | undefined} */ entry) => {
      const { clockRate, mimeType, payloadType } = codecOf(entry) ?? {};
      return entry ? [{ ...entry, clockRate, mimeType, payloadType }] : [];
    };
    this.#tell({
      event: "stats", tag: "stats", timeTaken: 0,
      data: {
        audio: { inbound: rtp(inbound), outbound: rtp(outbound).map((entry) => ({ ...entry, track: source })) },
        connection: { ...pair, local, remote },
        remote: { audio: { inbound: rtp(remoteInbound), outbound: rtp(remoteOutbound) } },
      },
      statsObject: Object.fromEntries(report),
    });
  }

  /** @param {Told} told */
  #tell(told) {
    const connectionId = this.#call.telnyxIds.legId ?? this.#call.id;
    const whole = { ...told, peerId: this.id, connectionId, timestamp: new Date().toISOString() };
    this.#waiting.push(whole);
    this.#catchUp();
    // Of what was measured a gap does no harm.
    this.#waiting = this.#waiting.filter(({ event }) => event !== "stats");
    if (this.#waiting.length <= MOST_WAITING) return;
    this.#waiting.splice(this.#waiting.findIndex(({ event }) => event !== "addConnection"), 1);
  }

  /** Sends what waits, as far as there is room. */
  #catchUp() {
    if (this.#isOver) return;
    this.#isStarted ||= this.#send("debug_report_start");
    while (this.#isStarted && this.#waiting.length > 0) {
      if (!this.#send("debug_report_data", { debug_report_data: this.#waiting[0] })) return;
      this.#waiting.shift();
    }
  }

  #stop() {
    this.#catchUp();
    this.#isOver = true;
    if (this.#isStarted) this.#send("debug_report_stop");
  }

  /**
   * @param {string} type
   * @param {object} [more]
   */
  #send(type, more) {
    const frame = {
      jsonrpc: "2.0", id: crypto.randomUUID(), type, debug_report_id: this.id, debug_report_version: VERSION,
      call_id: this.#call.id, ...more,
    };
    try {
      return this.#client.send(frame);
    } catch {
      // The client was closed.
      return false;
    }
  }
}

/**
 * What is told of each event of a connection.
 *
 * @type {Record<string, (connection: RTCPeerConnection, event: any) => unknown>}
 */
const EVENTS = {
  icecandidate: (_, { candidate }) => candidate?.toJSON() ?? null,
  icecandidateerror: (_, { errorCode, errorText, url, address, port }) => ({ errorCode, errorText, url, address, port }),
  track: (_, { track: { id, kind }, streams }) => ({ id, kind, streams: Array.from(streams, ({ id: stream }) => stream) }),
  signalingstatechange: ({ signalingState, localDescription, remoteDescription }) => ({
    signalingState, localDescription: description(localDescription), remoteDescription: description(remoteDescription),
  }),
  iceconnectionstatechange: ({ iceConnectionState }) => iceConnectionState,
  icegatheringstatechange: ({ iceGatheringState }) => iceGatheringState,
  connectionstatechange: ({ connectionState }) => connectionState,
  negotiationneeded: () => null,
  datachannel: (_, { channel }) => ({ label: channel.label }),
};

/** @param {RTCSessionDescription | null} sdp */
function description(sdp) {
  return sdp && { type: sdp.type, sdp: scrub(sdp.sdp) };
}
