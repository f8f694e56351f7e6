// Stands in for `offhook/agent` where a test wants a conversation to be just so: nobody is called, and the test says what
// happens, through `double`.

class Teller {
  #entries = new Set();

  on(event, listener, { signal } = {}) {
    const entry = { event, listener };
    this.#entries.add(entry);
    signal?.addEventListener("abort", () => this.#entries.delete(entry));
    return () => void this.#entries.delete(entry);
  }

  tell(event, payload = {}) {
    for (const entry of [...this.#entries]) if (entry.event === event) entry.listener(payload);
  }
}

export class OffhookError extends Error {
  name = "OffhookError";

  constructor(fields) {
    super(fields.message ?? fields.kind);
    Object.assign(this, fields);
  }
}

class DoubleCall extends Teller {
  id = "5f0c7f04-6a37-4d0e-9f32-0c1f5a1f3b77";
  state = "new";
  muted = false;
  processor;

  constructor(options) {
    super();
    this.options = options;
  }

  get localStream() {
    return this.options.audio ? { getAudioTracks: () => [{}] } : undefined;
  }

  mute() {
    this.muted = true;
    this.tell("updated");
  }
  unmute() {
    this.muted = false;
    this.tell("updated");
  }
  hangup() {
    if (this.state !== "done") double.ends({ by: "local" });
  }
  async processAudio(process) {
    this.processor = process;
  }
}

class DoubleClient extends Teller {
  ready = true;
  reconnecting = false;
  sessid = "0d7a";
  closed = false;
  volume = 1;
  devices = {
    microphoneId: undefined,
    speakerId: undefined,
    microphoneTrack: undefined,
    permission: async () => {
      double.isAsked = true;
      return double.permission;
    },
    microphones: async () => [{ deviceId: "a", label: "Desk microphone" }, { deviceId: "b", label: "Headset" }],
    speakers: async () => [{ deviceId: "c", label: "Loudspeaker" }],
    setMicrophone: async (id) => void (this.devices.microphoneId = id),
    setSpeaker: async (id) => void (this.devices.speakerId = id),
    setVolume: (volume) => void (this.volume = volume),
  };

  async close() {
    this.closed = true;
  }
}

class DoubleAgent extends Teller {
  call;
  state = "idle";
  transcript = [];
  settings;
  latencies = { turns: [] };
  levels = { local: 0, remote: 0 };
  tools = new Map();
  sent = [];

  constructor(client) {
    super();
    this.client = client;
  }

  start(options) {
    double.starts.push(options);
    this.call = new DoubleCall(options);
    queueMicrotask(() => {
      this.call.state = "connecting";
      this.becomes("connecting");
    });
    return this.call;
  }

  becomes(state) {
    const previous = this.state;
    this.state = state;
    this.tell("state", { state, previous });
  }

  async sendMessage(text, options) {
    this.sent.push({ text, images: options?.images?.length ?? 0 });
    if (double.refuses) throw new OffhookError(double.refuses);
    double.item({ role: "user", text });
    return { id: "1", confirmed: true };
  }

  async sendContext(text) {
    this.sent.push({ context: text });
    return { id: "2", confirmed: true };
  }

  registerTool(tool) {
    this.tools.set(tool.name, tool);
    return () => this.tools.delete(tool.name);
  }

  exportTranscript(format) {
    return format === "json" ? JSON.stringify(this.transcript) : this.transcript.map(({ role, text }) => `${role}: ${text}`).join("\n");
  }

  [Symbol.dispose]() {}
}

/** What a test does to the conversation. */
export const double = {
  permission: "granted",
  isAsked: false,
  connects: [],
  starts: [],
  client: undefined,
  agent: undefined,
  connectFails: undefined,
  /** No session is made before this resolves. */
  held: undefined,
  refuses: undefined,

  /** The agent has answered and is in a state. */
  becomes(state, callState = "active") {
    const { call } = this.agent;
    const previous = call.state;
    call.state = callState;
    this.agent.becomes(state);
    if (previous !== "active") this.settings(this.agent.settings ?? {});
    call.tell("state", { state: callState, previous });
    this.client.tell("callState", { call, state: callState, previous });
  },
  item({ id = `item ${this.agent.transcript.length}`, role = "assistant", text, images = [], status = "final", unheardFrom, at = new Date(2026, 0, 5, 9, 41) }) {
    const known = this.agent.transcript.findIndex((item) => item.id === id);
    const item = { id, role, text, images, status, at, ...(unheardFrom !== undefined && { unheardFrom }) };
    const index = known < 0 ? this.agent.transcript.length : known;
    this.agent.transcript = [...this.agent.transcript];
    this.agent.transcript[index] = item;
    this.agent.tell("transcript", { item, index });
  },
  settings(settings) {
    this.agent.settings = settings;
    this.agent.tell("settings", { settings });
  },
  levels(local, remote) {
    this.agent.levels = { local, remote };
    this.agent.tell("levels", { local, remote });
  },
  tool(run) {
    this.agent.tell("tool", run);
  },
  fails(fields, isOfCall = true) {
    this.client.tell("error", { error: new OffhookError({ fatal: true, ...fields }), ...(isOfCall && { call: this.agent.call }) });
  },
  ends(reason) {
    const { call } = this.agent;
    call.state = "done";
    call.reason = reason;
    this.agent.call = undefined;
    this.agent.becomes("ended");
    call.tell("ended", reason);
    const { agent } = this;
    queueMicrotask(() => agent.tell("ended", { reason, latencies: agent.latencies }));
  },
};
globalThis.double = double;

export async function preload() {}

export async function connect(options) {
  double.connects.push(options);
  await double.held;
  options.signal.throwIfAborted();
  if (double.connectFails) throw new OffhookError(double.connectFails);
  return (double.client = new DoubleClient());
}

export function createAgent(client) {
  return (double.agent = new DoubleAgent(client));
}
