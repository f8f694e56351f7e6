// The package without a page around it: what a test orders through the driver is done here, what it asks for is told
// in plain values.

import { OffhookError, connect } from "../js/index.js";
import { log as logOf } from "../js/log.js";

/** How many tokens were fetched. */
let fetched = 0;

const calls = new Map();
const samples = new Map();
const log = [];
let client;

async function fetchToken(lifetimes, user) {
  const ttl = lifetimes[Math.min(fetched, lifetimes.length - 1)];
  fetched += 1;
  const response = await fetch(`../token?user=${user}&ttl=${ttl}`);
  return (await response.json()).token;
}

window.phone = {
  /** How many tokens were fetched, and what the one in use says. */
  tokens: () => ({ fetched, identity: client?.token?.identity, expiresAt: client?.token?.expiresAt?.getTime() }),

  /** Everything that the client and its calls told, in order. */
  log,
  calls,

  /** What the client does, in words and frames: for whoever looks for secrets in it. */
  diary: logOf({ level: "all", logger: false, limit: 5000 }),

  /** Options of `connect()` that cannot come from outside of the page, such as functions. */
  more: {},

  /**
   * With `fetching`, a list of lifetimes in seconds, tokens are fetched from the gateway: the last one again and again.
   */
  async connect({ fetching, fetchingFor = "1000", ...options }) {
    return settled(async () => {
      const getToken = () => fetchToken(fetching, fetchingFor);
      const { plugins = [], ...more } = window.phone.more;
      const attached = { plugins: [...plugins, window.phone.diary] };
      client = await connect({ ...options, ...more, ...attached, ...(fetching && { getToken }) });
      window.client = client;
      for (const event of ["socketConnected", "socketDisconnected", "session", "ready", "reconnecting", "error", "warning", "callEnded"]) {
        client.on(event, (detail) => note(event, detail));
      }
      for (const event of ["incomingCall", "recoveredCall"]) {
        client.on(event, ({ call }) => note(event, { id: adopt(call) }));
      }
      if (window.phone.mend) client.on("microphoneNeeded", window.phone.mend);
      return { sessid: client.sessid, dialect: client.dialect, url: client.url, ready: client.ready };
    });
  },

  dial(destinationNumber, options) {
    return settled(() => adopt(client.newCall({ destinationNumber, ...options })));
  },

  /** Dials, and from then until the end notes every 50 ms what is heard and what the call is. */
  dialAndListen(destinationNumber) {
    return settled(() => {
      const call = client.newCall({ destinationNumber });
      const notes = [];
      samples.set(call.id, notes);
      const timer = setInterval(() => {
        const { state, earlyMedia, remoteStream } = call;
        notes.push({ state, earlyMedia, tones: ears.tones(remoteStream) });
        if (state === "done") clearInterval(timer);
      }, 50);
      return adopt(call);
    });
  },

  /** What was noted about a call so far, in order. */
  samples: (id) => samples.get(id),

  /** Calls a method of a call, or of the client where `id` is null. */
  order(id, method, ...args) {
    return settled(async () => {
      const target = id === null ? client : calls.get(id);
      await target[method](...args);
    });
  },

  /** Joins the parties of two calls. */
  join(id, other) {
    return settled(() => calls.get(id).transfer(calls.get(other)));
  },

  /** What is done about a microphone that cannot be had. @type {((need: object) => void) | undefined} */
  mend: undefined,

  /** A call as it is, in plain values. */
  look(id) {
    const call = calls.get(id);
    const { state, direction, earlyMedia, mediaConnected, muted, remoteName, remoteNumber, destinationNumber } = call;
    const { interruption, reason, stats } = call;
    const times = {};
    for (const name of ["startedConnectingAt", "connectedAt", "answeredAt"]) times[name] = call[name]?.getTime();
    return {
      id: call.id, state, direction, earlyMedia, mediaConnected, muted, remoteName, remoteNumber, destinationNumber,
      interruption, reason: plain(reason), stats: plain(stats), clientState: call.clientState, customHeaders: plain(call.customHeaders), ...times,
    };
  },

  /** The states that a call went through. */
  states(id) {
    return log.filter((entry) => entry.event === "state" && entry.id === id).map((entry) => entry.state);
  },

  tones(id, side = "remoteStream") {
    return ears.tones(calls.get(id)[side]);
  },

  /** From now on the microphone is a tone of `hz`, so that two pages of one browser can be told apart. */
  speakTone(hz) {
    watched.microphone = async () => tone(hz);
  },

  tone,

  leftovers: () => watched.leftovers(),

  silence: ears.close,
};

/** A tone of `hz` as a stream. */
function tone(hz) {
  const context = new AudioContext();
  context.resume();
  const oscillator = new OscillatorNode(context, { frequency: hz });
  const sink = new MediaStreamAudioDestinationNode(context);
  oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(sink);
  oscillator.start();
  return sink.stream;
}

/** Makes a call known by its id, and its events part of the log. */
function adopt(call) {
  calls.set(call.id, call);
  for (const event of ["state", "updated", "dtmf", "error", "ended"]) {
    call.on(event, (detail) => note(event, { ...detail, id: call.id, earlyMedia: call.earlyMedia }));
  }
  return call.id;
}

function note(event, detail) {
  log.push({ event, ...plain(detail) });
}

/** What came of it, where a failure is an answer too. */
async function settled(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: plain(error) };
  }
}

/** A copy that can leave the page: calls become their ids, errors their fields. */
function plain(value) {
  if (value === null || typeof value !== "object") return value;
  if (calls.has(value.id) && calls.get(value.id) === value) return value.id;
  if (value instanceof Error) {
    const own = Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field !== "object"));
    return { ...own, name: value.name, message: value.message, isOffhook: value instanceof OffhookError };
  }
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}
