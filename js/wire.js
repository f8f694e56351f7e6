/** @typedef {import("../pkg/offhook.js").SocketFact} SocketFact */

/** In bytes: what is in front of a frame of the client's own on a slow network, which takes a fraction of a second. */
const MOST_WAITING = 65_536;

/** One client's WebSocket, and the one after it: text in, text out, and exactly one `closed` for each. */
export class Wire {
  /** The newest one: of those before it nobody wants to know. @type {WebSocket | undefined} */
  #socket;
  #id = 0;
  #tell;

  /** @param {(socket: number, fact: SocketFact) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /**
   * @param {number} id
   * @param {"open" | "send" | "close"} kind
   * @param {string} text what to send, or the address
   */
  order(id, kind, text) {
    if (kind === "open") this.#open(id, text);
    // One that was given up meanwhile takes no more orders.
    else if (id !== this.#id) return;
    else if (kind === "send") this.send(text);
    // 1000 is always allowed. It is told when the other side has agreed.
    else this.#socket?.close(1000);
  }

  /** Whether what can wait would be said soon. */
  get hasRoom() {
    return this.#socket?.readyState === 1 && this.#socket.bufferedAmount < MOST_WAITING;
  }

  /** Says this to whoever is there. @param {string} text */
  send(text) {
    // It throws while it is still connecting.
    if (this.#socket?.readyState) this.#socket.send(text);
  }

  /** Nothing is heard of it any more. */
  close() {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  /**
   * @param {number} id
   * @param {string} url
   */
  #open(id, url) {
    this.close();
    this.#id = id;
    try {
      this.#listen(new WebSocket(url));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.#tell(id, { kind: "closed", payload: { code: 1006, reason: message } });
    }
  }

  /** @param {WebSocket} socket */
  #listen(socket) {
    const id = this.#id;
    const tell = (/** @type {SocketFact} */ fact) => {
      if (this.#socket !== socket) return;
      if (fact.kind === "closed") this.#socket = undefined;
      this.#tell(id, fact);
    };
    this.#socket = socket;
    socket.onopen = () => tell({ kind: "opened", payload: undefined });
    // Verto knows only text: a binary message is an empty one, which the core counts among the bad frames.
    socket.onmessage = ({ data }) => tell({ kind: "received", payload: typeof data === "string" ? data : "" });
    // `error` says nothing that the `close` after it does not say.
    socket.onclose = ({ code, reason }) => tell({ kind: "closed", payload: { code, reason } });
  }
}
