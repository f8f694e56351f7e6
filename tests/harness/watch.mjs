// Runs in the page before anything else: keeps books on what could be left behind, and on what goes over the wire.

/** Where the books are: `window.watched`. */
export function watch() {
  const watched = {
    timers: new Map(), sockets: [], tracks: [], peers: [], contexts: [], frames: [], reported: [], written: [], requests: 0,
    asking: 0, leftovers,
  };
  window.watched = watched;
  watchTimers();
  watchSockets();
  watchMedia();
  watchConsole();
  window.addEventListener("error", ({ message }) => watched.reported.push(message));
  // An `error` event hides what a script without an address threw, and a test's functions have none.
  const report = window.reportError.bind(window);
  window.reportError = (error) => {
    watched.reported.push(String(error));
    report(error);
  };
  window.addEventListener("unhandledrejection", ({ reason }) => watched.reported.push(`unhandled: ${reason}`));

  /** What of the package is still there. */
  function leftovers() {
    const { timers, sockets, tracks, peers, contexts } = watched;
    return {
      timers: [...timers.values()].map(({ set, delay, from }) => `${set} ${delay} ${from}`),
      sockets: sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED).length,
      tracks: tracks.filter(({ readyState }) => readyState === "live").length,
      peers: peers.filter(({ connectionState }) => connectionState !== "closed").length,
      contexts: contexts.filter(({ state, isOurs }) => isOurs && state !== "closed").length,
      audioElements: document.querySelectorAll("audio").length,
    };
  }

  function watchConsole() {
    const asText = (what) => {
      if (typeof what === "string") return what;
      if (what instanceof Error) return String(what.stack);
      try {
        return JSON.stringify(what) ?? String(what);
      } catch {
        return String(what);
      }
    };
    for (const method of ["error", "warn", "info", "log", "debug"]) {
      const write = console[method].bind(console);
      console[method] = (...words) => {
        watched.written.push(words.map(asText).join(" "));
        write(...words);
      };
    }
  }

  function watchTimers() {
    for (const [set, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]]) {
      const [realSet, realClear] = [window[set].bind(window), window[clear].bind(window)];
      window[set] = (work, delay, ...rest) => {
        const id = realSet((...args) => {
          if (set === "setTimeout") watched.timers.delete(id);
          work(...args);
        }, delay, ...rest);
        watched.timers.set(id, { set, delay, from: new Error().stack });
        return id;
      };
      window[clear] = (id) => {
        watched.timers.delete(id);
        realClear(id);
      };
    }
  }

  function watchSockets() {
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        watched.sockets.push(this);
        this.addEventListener("message", ({ data }) => watched.frames.push({ way: "in", text: data }));
      }
      send(text) {
        if (this.readyState === WebSocket.OPEN) watched.frames.push({ way: "out", text });
        super.send(text);
      }
    };
  }

  function watchMedia() {
    const devices = navigator.mediaDevices;
    const real = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      watched.requests += 1;
      watched.asking += 1;
      try {
        const stream = await (watched.microphone ?? real)(constraints);
        watched.tracks.push(...stream.getTracks());
        return stream;
      } finally {
        watched.asking -= 1;
      }
    };
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) {
        super(...args);
        watched.peers.push(this);
      }
    };
    window.AudioContext = class extends AudioContext {
      constructor(...args) {
        super(...args);
        // Those of the tests stay. Below this line of the stack is who makes it.
        const [, maker] = new Error().stack.split("\n").filter((line) => !line.startsWith("Error"));
        this.isOurs = maker?.includes("/js/") ?? false;
        watched.contexts.push(this);
      }
    };
  }
}
