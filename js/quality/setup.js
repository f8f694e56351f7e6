/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../quality.js").MilestoneName} MilestoneName */

/** No event tells of a microphone that was opened, or of the first packet: they are looked for so often, in ms. */
const LOOK_MS = 20;

/** What takes the browser some work is looked for less often: at each such look. */
const SELDOM = 5;

/** How long after the answer packets may still be waited for. */
const LATEST_RTP_MS = 10_000;

/** @type {Record<string, Record<string, MilestoneName[]>>} */
const FRAMES = {
  out: { invite: ["inviteSent"], answer: ["answerInitiated", "answerSent"] },
  in: { ringing: ["remoteSideRinging"], answer: ["callAnsweredByRemote"] },
};

/** Follows how a call is set up, until audio flows both ways or it is clear that it never will. */
export class SetUp {
  #call;
  #reach;
  #done;
  #timer;
  #looks = 0;
  #activeAt = Infinity;
  #isOver = false;
  /** What was reached so far. @type {Set<MilestoneName>} */
  #seen = new Set();

  /**
   * @param {Call} call
   * @param {(name: MilestoneName) => void} reach
   * @param {() => void} done
   */
  constructor(call, reach, done) {
    this.#call = call;
    this.#reach = reach;
    this.#done = done;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    const isOurs = call.direction === "outbound";
    this.reach(isOurs ? "callInitiated" : "inviteReceived");
    // It came with the INVITE.
    if (!isOurs) this.reach("remoteSdpReceived");
    this.changed();
  }

  get isOver() {
    return this.#isOver;
  }

  /** @param {MilestoneName} name */
  reach(name) {
    if (this.#isOver || this.#seen.has(name)) return;
    this.#seen.add(name);
    this.#reach(name);
    const isBoth = this.#seen.has("firstRtpSent") && this.#seen.has("firstRtpReceived");
    if (isBoth) this.reach("mediaActive");
    if (this.#seen.has("mediaActive") && this.#seen.has("callActive")) this.close();
  }

  /** The state of the call is another one. */
  changed() {
    const { state, direction } = this.#call;
    if (direction === "outbound" && state === "ringing") this.reach("remoteSideRinging");
    if (direction === "inbound" && state === "connecting") this.reach("answerInitiated");
    if (state === "active") {
      this.#activeAt = Math.min(this.#activeAt, performance.now());
      this.reach(direction === "outbound" ? "callAnsweredByRemote" : "answerSent");
      this.reach("callActive");
    }
    if (state === "done") this.close();
  }

  /**
   * A frame of this call.
   *
   * @param {"in" | "out"} direction
   * @param {string} method without the dialect
   * @param {Record<string, unknown>} params
   */
  hear(direction, method, params) {
    for (const name of FRAMES[direction]?.[method] ?? []) this.reach(name);
    if (direction === "in" && params["sdp"]) this.reach("remoteSdpReceived");
  }

  /**
   * What was counted.
   *
   * @param {number} sent
   * @param {number} received
   */
  counted(sent, received) {
    if (sent > 0) this.reach("firstRtpSent");
    if (received > 0) this.reach("firstRtpReceived");
  }

  /** It is over: what comes later was no part of it. */
  close() {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#done();
  }

  #look() {
    this.#looks += 1;
    if (this.#call.localStream?.getAudioTracks()[0]) this.reach("mediaDevicesAcquired");
    const connection = this.#call.peerConnection;
    const [receiver] = connection?.getReceivers() ?? [];
    if (receiver?.getSynchronizationSources?.().length) this.reach("firstRtpReceived");
    const isDue = this.#looks % SELDOM === 0 && connection?.connectionState === "connected";
    if (isDue && !this.#seen.has("firstRtpSent")) void this.#lookAtSender(connection);
    if (performance.now() > this.#activeAt + LATEST_RTP_MS) this.close();
  }

  /** @param {RTCPeerConnection} connection */
  async #lookAtSender(connection) {
    try {
      const report = await connection.getSenders()[0]?.getStats();
      for (const entry of report?.values() ?? []) if (entry.type === "outbound-rtp") this.counted(entry.packetsSent, 0);
    } catch {
      // The connection closed meanwhile.
    }
  }
}
