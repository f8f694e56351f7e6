// Runs in the page before anything else, alike for all: notes when what happened, and lets nothing disturb the clock.

/** Where to ask: `window.marks`. */
export function marks() {
  /** How often a connection is asked for its first packet, in ms. */
  const GLANCE = 4;

  /** @type {Set<{ way: string, method: string, resolve: (at: number) => void }>} */
  const awaited = new Set();
  /** The newest connection: to keep more would keep their memory. */
  let newest;
  window.marks = { sockets: [], memories: [], next, firstPacket, memory, silence };
  watchFrames();
  watchPeers();
  watchMemories();
  quieten();

  /** When the next frame of this method is given to the socket (`"out"`), or by it (`"in"`). */
  function next(way, method) {
    return new Promise((resolve) => awaited.add({ way, method, resolve }));
  }

  function note(way, text, at) {
    if (awaited.size === 0) return;
    const { method } = JSON.parse(text);
    for (const entry of awaited) {
      if (entry.way !== way || entry.method !== method) continue;
      awaited.delete(entry);
      entry.resolve(at);
    }
  }

  function watchFrames() {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) {
      const at = performance.now();
      send.call(this, text);
      note("out", text, at);
    };
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        window.marks.sockets.push(this);
        // The first listener of all: nobody has worked on the frame before.
        this.addEventListener("message", ({ data }) => note("in", data, performance.now()));
      }
    };
  }

  function watchPeers() {
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) {
        super(...args);
        newest = this;
      }
    };
  }

  /** When the first packet came in, of a connection that is made from now on, or stands ready. */
  async function firstPacket(patience) {
    const old = newest?.connectionState === "new" ? undefined : newest;
    const until = performance.now() + patience;
    while (performance.now() < until) {
      const receivers = newest && newest !== old ? newest.getReceivers() : [];
      if (receivers.some((receiver) => receiver.getSynchronizationSources().length > 0)) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, GLANCE));
    }
    throw new Error("no packet came");
  }

  function watchMemories() {
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const result = await real(...args);
        const { exports } = result.instance ?? result;
        window.marks.memories.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
        return result;
      };
    }
  }

  /** Bytes that WebAssembly has. */
  function memory() {
    return window.marks.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }

  /**
   * From now on a socket sends nothing: the texts are gathered in the returned array. The gateway, which asked nothing,
   * must not drown in answers.
   */
  function silence(socket) {
    const texts = [];
    socket.send = (text) => texts.push(text);
    return texts;
  }

  /**
   * A debugger is attached, which makes each line of a console dear; and nobody takes reports here, so that a client
   * would send them over and over.
   */
  function quieten() {
    for (const name of ["log", "info", "debug", "warn", "error", "trace", "group"]) console[name] = () => {};
    const { fetch } = window;
    window.fetch = (url, options) => {
      return /\/call_report\b/.test(String(url)) ? Promise.resolve(new Response()) : fetch(url, options);
    };
  }
}
