// A browser for checks, in which each thing can be missing, fail or take its time: what real ones do not do on demand.

/** What has been opened, and is to be closed. */
class Books {
  tracks = [];
  sockets = [];
  connections = [];
  contexts = [];

  left() {
    return {
      tracks: this.tracks.filter(({ readyState }) => readyState === "live").length,
      sockets: this.sockets.filter(({ readyState }) => readyState < 2).length,
      connections: this.connections.filter(({ isClosed }) => !isClosed).length,
      contexts: this.contexts.filter(({ state }) => state !== "closed").length,
    };
  }
}

export const NOTHING = { tracks: 0, sockets: 0, connections: 0, contexts: 0 };

/**
 * Puts a browser in place, for one test. `permission` is what `permissions.query` answers, or an error that it throws;
 * `undefined` is a browser without it. `microphone` opens it. `level` is what is heard, once the sound has woken up, in
 * `wakesIn` milliseconds. `server(url)` says what an ICE server does: `"relay"`, `"srflx"`, `"nothing"`, `"never"` or an error's code.
 */
export function setBrowser({
  permission, microphone = () => new Track(), level = 0.2, isAudible = true, wakesIn = 0, hasWebAudio = true, devices = usual,
  server = () => "relay", answers = () => ({ error: { code: -32000 } }), hasWebRtc = true, isSecure = true, policy,
} = {}) {
  const books = new Books();
  const asked = [];
  const mediaDevices = {
    async getUserMedia(constraints) {
      asked.push(constraints);
      const track = await microphone();
      books.tracks.push(track);
      return { getAudioTracks: () => [track] };
    },
    enumerateDevices: async () => devices,
  };
  const query = async () => {
    if (permission instanceof Error) throw permission;
    return { state: permission };
  };
  const globals = {
    navigator: {
      userAgent: "none", ...(isSecure && { mediaDevices }), ...(permission !== undefined && { permissions: { query } }),
    },
    document: { permissionsPolicy: policy },
    WebSocket: socketClass(books, answers),
    RTCPeerConnection: hasWebRtc ? connectionClass(books, server) : undefined,
    AudioContext: hasWebAudio ? contextClass(books, { level, isAudible, wakesIn }) : undefined,
    MediaStream: class {
      constructor(tracks) {
        this.tracks = tracks;
      }
      getAudioTracks() {
        return this.tracks;
      }
    },
  };
  const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  return {
    books, asked,
    restore() {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else delete globalThis[name];
      }
    },
  };
}

const usual = [
  { kind: "audioinput", deviceId: "mic", label: "Built-in" }, { kind: "audiooutput", deviceId: "out", label: "Speakers" },
];

export class Track extends EventTarget {
  kind = "audio";
  label = "Built-in";
  muted = false;
  readyState = "live";

  stop() {
    this.readyState = "ended";
  }
}

function socketClass(books, answers) {
  return class {
    readyState = 0;

    constructor(url) {
      if (!/^wss?:/.test(url) || url.includes("forbidden")) throw new DOMException("no", "SecurityError");
      books.sockets.push(this);
      this.url = url;
      if (url.includes("never")) return;
      setImmediate(() => {
        if (this.readyState !== 0) return;
        if (url.includes("closed")) {
          this.readyState = 3;
          this.onclose?.();
        } else {
          this.readyState = 1;
          this.onopen?.();
        }
      });
    }

    send(text) {
      const frame = JSON.parse(text);
      const answer = answers(frame, this.url);
      const data = JSON.stringify({ jsonrpc: "2.0", id: frame.id, ...answer });
      if (answer) setImmediate(() => this.onmessage?.({ data }));
    }

    close() {
      this.readyState = 3;
    }
  };
}

function connectionClass(books, server) {
  return class {
    iceGatheringState = "new";
    isClosed = false;

    constructor({ iceServers = [], iceTransportPolicy = "all" } = {}) {
      const [{ urls } = {}] = iceServers;
      if (urls === "turn:") throw new SyntaxError("no host");
      books.connections.push(this);
      this.url = urls;
      this.policy = iceTransportPolicy;
    }

    createDataChannel() {}

    async createOffer() {
      return {};
    }

    async setLocalDescription() {
      setImmediate(() => this.gather());
    }

    gather() {
      if (this.isClosed) return;
      if (this.policy === "all") this.tell("host", "udp", "3f.local");
      const does = this.url && server(this.url);
      if (does === "never") return;
      if (typeof does === "number") this.onicecandidateerror?.({ errorCode: does, errorText: "" });
      if (does === "relay" || does === "srflx") this.tell(does, "udp", "203.0.113.9");
      this.onicecandidate?.({ candidate: null });
      this.iceGatheringState = "complete";
      this.onicegatheringstatechange?.();
    }

    /** As Safari of old: nothing but the line. */
    tell(type, protocol, address) {
      const candidate = `candidate:1 1 ${protocol.toUpperCase()} 1 ${address} 9 typ ${type}`;
      this.onicecandidate?.({ candidate: { candidate } });
    }

    close() {
      this.isClosed = true;
    }
  };
}

function contextClass(books, { level, isAudible, wakesIn }) {
  return class extends EventTarget {
    state = isAudible && wakesIn === 0 ? "running" : "suspended";
    sampleRate = 48_000;

    constructor() {
      super();
      books.contexts.push(this);
      if (isAudible && wakesIn > 0) setTimeout(() => (this.state = "running"), wakesIn);
    }

    createMediaStreamSource() {
      return { connect() {}, disconnect() {} };
    }

    createAnalyser() {
      return { context: this, getFloatTimeDomainData: (samples) => samples.fill(level) };
    }

    resume() {
      return isAudible ? Promise.resolve() : new Promise(() => {});
    }

    async close() {
      this.state = "closed";
    }
  };
}
