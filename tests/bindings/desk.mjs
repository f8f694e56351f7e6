// A desk without a browser: devices that are plugged in and pulled out, a microphone that the system takes away, a
// clock that a test moves on, and a client whose calls do as they are told.

import events from "node:events";
import { mock } from "node:test";
import { createAudioSession } from "offhook/audio";

// Browsers have no such limit.
events.defaultMaxListeners = 50;

/** Between two moments of the clock, in ms: finer than anything that is judged. */
const STEP = 50;

class Told extends EventTarget {
  #undone = new Set();

  on(event, listener, { signal } = {}) {
    const run = ({ detail }) => listener(detail);
    this.addEventListener(event, run, { signal });
    const undo = () => this.removeEventListener(event, run);
    this.#undone.add(undo);
    return undo;
  }

  tell(event, detail = {}) {
    this.dispatchEvent(Object.assign(new Event(event), { detail }));
  }

  clear() {
    for (const undo of this.#undone) undo();
  }
}

/** A track whose samples are all `loudness`, or exactly nothing where it is not enabled. */
export class Track extends EventTarget {
  kind = "audio";
  enabled = true;
  muted = false;
  readyState = "live";
  loudness = 0.25;

  constructor(label = "Built-in microphone") {
    super();
    this.label = label;
  }

  get sample() {
    return this.enabled && !this.muted && this.readyState === "live" ? this.loudness : 0;
  }

  stop() {
    this.readyState = "ended";
  }

  /** What the system does to it. A muted track may be heard again without a word. */
  become(event, { silently = false } = {}) {
    if (event === "ended") this.readyState = "ended";
    else this.muted = event === "mute";
    if (!silently) this.dispatchEvent(new Event(event));
  }
}

class Stream {
  #tracks;

  constructor(tracks = []) {
    this.#tracks = [...tracks];
  }

  getAudioTracks() {
    return this.#tracks;
  }
}

class Call extends Told {
  id = crypto.randomUUID();
  direction = "outbound";
  muted = false;
  orders = [];
  localStream = new Stream([new Track()]);
  remoteStream = new Stream([new Track()]);
  /** What the gateway says no to. */
  refuses = new Set();

  constructor(client, fields) {
    super();
    Object.assign(this, { state: "new", client }, fields);
  }

  becomes(state) {
    const previous = this.state;
    this.state = state;
    if (state === "done") this.client.calls = this.client.calls.filter((one) => one !== this);
    this.client.tell("callState", { call: this, state, previous });
    if (state === "done") this.tell("ended");
  }

  hold() {
    return this.#asked("hold", "held");
  }

  unhold() {
    return this.#asked("unhold", "active");
  }

  mute(muted = true) {
    this.muted = muted;
    this.localStream.getAudioTracks()[0].enabled = !muted;
    this.tell("updated");
  }

  async #asked(order, state) {
    this.orders.push(order);
    await turn();
    if (this.refuses.has(order)) throw this.client.refusal;
    this.becomes(state);
  }
}

/** The devices of a client: what is asked of them is written down. */
class Devices {
  orders = [];
  microphoneTrack;
  microphoneId;
  speakerId;
  /** Ids that cannot be opened. */
  busy = new Set();

  constructor(desk) {
    this.desk = desk;
  }

  async microphones() {
    return this.#list("audioinput");
  }

  async speakers() {
    return this.#list("audiooutput");
  }

  async permission() {
    return this.desk.permission;
  }

  async setMicrophone(id) {
    this.orders.push(["microphone", id]);
    await turn();
    if (this.busy.has(id)) throw this.desk.client.refusal;
    this.microphoneId = id;
    if (this.microphoneTrack) this.microphoneTrack = new Track(id);
  }

  async setSpeaker(id) {
    this.orders.push(["speaker", id]);
    await turn();
    if (this.busy.has(id)) throw this.desk.client.refusal;
    this.speakerId = id;
  }

  #list(kind) {
    const isHidden = this.desk.permission !== "granted";
    const here = this.desk.plugged.filter((device) => device.kind === kind);
    return isHidden ? here.slice(0, 1).map(() => ({ deviceId: "", label: "" })) : here.map(plain);
  }
}

function plain({ deviceId, label }) {
  return { deviceId, label };
}

class Client extends Told {
  ready = true;
  reconnecting = false;
  calls = [];

  constructor(desk, refusal) {
    super();
    this.devices = new Devices(desk);
    this.refusal = refusal;
  }

  /** A call as it is. */
  has(fields) {
    const call = new Call(this, fields);
    this.calls.push(call);
    return call;
  }

  /** A call that is answered, with the microphone open. */
  call(fields) {
    this.devices.microphoneTrack ??= new Track();
    const call = this.has(fields);
    call.becomes("connecting");
    call.becomes("active");
    return call;
  }

  /** It is closed: its calls end, then its socket. */
  close() {
    for (const call of [...this.calls]) call.becomes("done");
    this.ready = false;
    this.tell("socketDisconnected", {});
    this.clear();
  }
}

/** What measures, over the samples that tracks have at the moment. */
class Context extends EventTarget {
  static all = [];
  state = "running";
  sampleRate = 48_000;

  constructor() {
    super();
    Context.all.push(this);
  }

  createMediaStreamSource(stream) {
    const [track] = stream.getAudioTracks();
    return { connect: (analyser) => (analyser.track = track), disconnect() {} };
  }

  createAnalyser() {
    return { context: this, getFloatTimeDomainData(samples) { samples.fill(this.track.sample); } };
  }

  /** What the system does to it. */
  become(state) {
    this.state = state;
    this.onstatechange?.();
  }

  async resume() {}

  async close() {
    this.state = "closed";
  }
}

/** An error of the package's class, which only the package makes. */
function anError() {
  try {
    createAudioSession({}, 5);
  } catch (error) {
    return Object.assign(error, { kind: "refused", code: 60500, option: undefined });
  }
  throw new Error("a number is no options");
}

/** Everything that has happened has had its effects. */
export function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Sets the desk up, for one test. */
export function setDesk(plugged = []) {
  let now = 0;
  let slept = 0;
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(performance, "now", () => now);
  const began = Date.now();
  mock.method(Date, "now", () => began + now + slept);
  Context.all = [];
  const mediaDevices = new EventTarget();
  const status = new EventTarget();
  const locks = [];
  const wakeLock = {
    refuses: false,
    async request() {
      if (this.refuses) throw new Error("the battery is low");
      const lock = { released: false, async release() { this.released = true; } };
      locks.push(lock);
      return lock;
    },
  };
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const permissions = { query: async () => status };
  const navigator = { mediaDevices, wakeLock, permissions, audioSession: { type: "auto" } };
  const globals = {
    navigator, document, AudioContext: Context, MediaStream: Stream,
    addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page),
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  const desk = {
    plugged, permission: "granted", locks, wakeLock, navigator, document, contexts: () => Context.all,
    open: () => Context.all.filter(({ state }) => state !== "closed"),
    async plug(...devices) {
      desk.plugged = devices;
      mediaDevices.dispatchEvent(new Event("devicechange"));
      await turn();
    },
    async grant() {
      desk.permission = "granted";
      status.dispatchEvent(new Event("change"));
      await turn();
    },
    async happens(event) {
      (event === "visibilitychange" ? document : page).dispatchEvent(new Event(event));
      await turn();
    },
    /** The machine sleeps: only the clock on the wall goes on. */
    sleep(ms) {
      slept += ms;
    },
    /** Lets time pass. */
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += STEP) {
        now += STEP;
        mock.timers.tick(STEP);
        await turn();
      }
    },
  };
  desk.client = new Client(desk, anError());
  return desk;
}

/** Tidies the desk up. */
export function clearDesk() {
  mock.timers.reset();
  mock.restoreAll();
}

/** A session with a list of all that it told. */
export function sessionAt(desk, options) {
  const session = createAudioSession(desk.client, options);
  const told = [];
  for (const event of ["interrupted", "resumable", "resumed", "activated", "deactivated", "error"]) {
    session.on(event, ({ calls, why, error }) => told.push([event, ...(why ? [why] : []), ...(error ? [error] : []),
      ...(calls ? [calls.length] : [])].join(" ")));
  }
  return { session, told };
}
