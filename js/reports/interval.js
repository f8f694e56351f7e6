/** @typedef {import("./entries.js").Entries} Entries */
/** @typedef {import("./entries.js").Entry} Entry */

import { entriesOf, pick, some } from "./entries.js";

const OUTBOUND = [
  "packetsSent", "bytesSent", "retransmittedPacketsSent", "retransmittedBytesSent", "headerBytesSent", "nackCount",
  "targetBitrate", "totalPacketSendDelay", "active",
];
const INBOUND = [
  "packetsReceived", "bytesReceived", "packetsLost", "packetsDiscarded", "jitterBufferDelay",
  "jitterBufferEmittedCount", "totalSamplesReceived", "concealedSamples", "concealmentEvents", "nackCount",
  "headerBytesReceived", "fecPacketsReceived", "fecPacketsDiscarded", "jitterBufferTargetDelay",
  "jitterBufferMinimumDelay", "totalSamplesDecoded", "samplesDecodedWithSilence", "samplesDecodedWithConcealment",
  "totalAudioEnergy", "totalSamplesDuration",
];
const SOURCE = [
  "id", "trackIdentifier", "audioLevel", "totalAudioEnergy", "totalSamplesDuration", "echoReturnLoss",
  "echoReturnLossEnhancement",
];
const CODEC = ["mimeType", "clockRate", "channels", "payloadType", "sdpFmtpLine"];
const PAIR = ["packetsSent", "packetsReceived", "bytesSent", "bytesReceived"];
const ICE = [
  "id", "localCandidateId", "remoteCandidateId", "state", "nominated", "writable", "currentRoundTripTime",
  "requestsSent", "responsesReceived",
];
const CANDIDATE = [
  "id", "address", "port", "candidateType", "protocol", "networkType", "priority", "url", "relayProtocol",
  "relatedAddress", "relatedPort",
];
const TRANSPORT = [
  "iceState", "dtlsState", "srtpCipher", "tlsVersion", "selectedCandidatePairChanges", "selectedCandidatePairId",
];
const PLAYOUT = [
  "synthesizedSamplesEvents", "synthesizedSamplesDuration", "totalPlayoutDelay", "totalSamplesCount",
  "totalSamplesDuration",
];
const REMOTE_INBOUND = [
  "packetsReceived", "packetsLost", "fractionLost", "roundTripTime", "totalRoundTripTime", "roundTripTimeMeasurements",
  "nackCount", "reportsReceived", "packetsDiscarded",
];
const REMOTE_OUTBOUND = ["packetsSent", "bytesSent", "reportsCount", "roundTripTime", "totalPacketSendDelay"];
const TRACK = ["id", "label", "enabled", "muted", "readyState", "contentHint"];
/** Without the ids of devices and groups, by which a person's machine could be known again. */
const SETTINGS = [
  "channelCount", "sampleRate", "sampleSize", "latency", "echoCancellation", "noiseSuppression", "autoGainControl",
];

/** What a call's audio was in a few seconds, made of the browser's reports, as Telnyx takes it. */
export class Interval {
  #from;
  /** What was before the interval's first report. @type {Entries | undefined} */
  #before;
  /** @type {Entries | undefined} */
  #last;
  #to;
  #values = { levelOut: new Mean(), levelIn: new Mean(), jitter: new Mean(), roundTrip: new Mean() };

  /**
   * @param {number} from in milliseconds since 1970
   * @param {Interval} [previous]
   */
  constructor(from, previous) {
    this.#from = this.#to = from;
    if (previous) this.#before = previous.#last;
  }

  /** For how many milliseconds it has lasted: for ever, if the clock was set back meanwhile. @param {number} now */
  lasts(now) {
    return now < this.#from ? Infinity : now - this.#from;
  }

  /** Whether a report came. */
  get isEmpty() {
    return this.#last === undefined;
  }

  /**
   * @param {RTCStatsReport} report
   * @param {number} now
   */
  add(report, now) {
    const entries = entriesOf(report);
    const previous = this.#last ?? this.#before;
    const { inbound, outbound, source, pair } = entries;
    const { levelOut, levelIn, jitter, roundTrip } = this.#values;
    levelOut.add(level(source ?? outbound, previous?.source ?? previous?.outbound));
    levelIn.add(level(inbound, previous?.inbound));
    jitter.add(inbound?.["jitter"] * 1000);
    roundTrip.add(pair?.["currentRoundTripTime"]);
    this.#before ??= entries;
    this.#last = entries;
    this.#to = now;
  }

  /**
   * The interval as it goes over the wire.
   *
   * @param {MediaStreamTrack | undefined} track what is spoken through
   */
  told(track) {
    const last = /** @type {Entries} */ (this.#last);
    const { pair, transport, playout, remoteInbound, remoteOutbound } = last;
    const roundTrip = pair?.["currentRoundTripTime"];
    return {
      intervalStartUtc: new Date(this.#from).toISOString(),
      intervalEndUtc: new Date(this.#to).toISOString(),
      ...some({
        audio: some({ outbound: this.#outbound(last, track), inbound: this.#inbound(last) }),
        connection: some({
          roundTripTimeAvg: this.#values.roundTrip.value,
          currentRoundTripTime: roundTrip,
          roundTripTimeSource: roundTrip === undefined ? undefined : "candidate-pair.currentRoundTripTime",
          ...pick(pair, PAIR),
        }),
        ice: pair && some({
          ...pick(pair, ICE), local: pick(last.local, CANDIDATE), remote: pick(last.remote, CANDIDATE),
        }),
        transport: pick(transport, TRANSPORT),
        mediaPlayout: pick(playout, PLAYOUT),
        remoteRtcp: some({
          inbound: remoteInbound && some({
            ...pick(remoteInbound, REMOTE_INBOUND),
            jitter: rounded(remoteInbound["jitter"] * 1000),
            roundTripTimeAvg: quotient(remoteInbound["totalRoundTripTime"], remoteInbound["roundTripTimeMeasurements"]),
          }),
          outbound: pick(remoteOutbound, REMOTE_OUTBOUND),
        }),
      }),
    };
  }

  /**
   * @param {Entries} last
   * @param {MediaStreamTrack | undefined} track
   */
  #outbound({ outbound, source, codecOf }, track) {
    return some({
      ...pick(outbound, OUTBOUND),
      audioLevelAvg: this.#values.levelOut.value,
      bitrateAvg: bitrate(outbound, this.#before?.outbound, "bytesSent"),
      codec: codec(codecOf(outbound)),
      localTrack: track && { ...pick(track, TRACK), settings: pick(track.getSettings(), SETTINGS) },
      mediaSource: pick(source, SOURCE),
    });
  }

  /** @param {Entries} last */
  #inbound({ inbound, codecOf }) {
    return some({
      ...pick(inbound, INBOUND),
      audioLevelAvg: this.#values.levelIn.value,
      jitterAvg: this.#values.jitter.value,
      bitrateAvg: bitrate(inbound, this.#before?.inbound, "bytesReceived"),
      codec: codec(codecOf(inbound)),
    });
  }
}

/** The mean of what was measured. */
class Mean {
  #sum = 0;
  #count = 0;

  /** @param {number | undefined} value */
  add(value) {
    if (!Number.isFinite(value)) return;
    this.#sum += /** @type {number} */ (value);
    this.#count += 1;
  }

  get value() {
    return quotient(this.#sum, this.#count);
  }
}

/** @param {Entry | undefined} entry */
function codec(entry) {
  return entry && some({ ...pick(entry, CODEC), codecId: entry["id"] });
}

/**
 * How loud it was; where browsers do not say, as the energy says.
 *
 * @param {Entry | undefined} entry
 * @param {Entry | undefined} before
 */
function level(entry, before) {
  if (entry?.["audioLevel"] !== undefined) return entry["audioLevel"];
  const energy = entry?.["totalAudioEnergy"] - before?.["totalAudioEnergy"];
  const duration = entry?.["totalSamplesDuration"] - before?.["totalSamplesDuration"];
  return duration > 0 && energy >= 0 ? Math.min(Math.sqrt(energy / duration), 1) : undefined;
}

/**
 * Bits per second. Of a stream that began in between, or whose counters began anew, there is none.
 *
 * @param {Entry | undefined} entry
 * @param {Entry | undefined} before
 * @param {string} counter
 */
function bitrate(entry, before, counter) {
  if (entry?.["id"] !== before?.["id"]) return undefined;
  const bytes = entry?.[counter] - before?.[counter];
  return bytes >= 0 ? quotient(bytes * 8 * 1000, entry?.["timestamp"] - before?.["timestamp"]) : undefined;
}

/**
 * @param {number} of
 * @param {number} by
 */
function quotient(of, by) {
  return by > 0 ? rounded(of / by) : undefined;
}

/** To four decimals. @param {number} value */
function rounded(value) {
  return Math.round(value * 10_000) / 10_000;
}
