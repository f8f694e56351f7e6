// A gateway inside the page, in the FreeSWITCH dialect: enough Verto for the client, and a real peer connection that
// sends back what it hears. It replaces the page's WebSocket.

/** @type {FakeSocket[]} */
const sockets = [];
/** What the next gateway does differently. */
let behaviour = {};
/** @type {Map<string, RTCPeerConnection>} */
const peers = new Map();

class FakeSocket extends EventTarget {
  constructor(url) {
    super();
    if (!/^wss?:/.test(url)) throw new DOMException("bad address", "SyntaxError");
    this.url = url;
    this.readyState = 0;
    /** Every frame that the client sent. */
    this.frames = [];
    this.nextId = 1;
    for (const type of ["open", "message", "close"]) this.addEventListener(type, (event) => this[`on${type}`]?.(event));
    sockets.push(this);
    if (behaviour.open !== false) queueMicrotask(() => this.readyState === 0 && this.opened());
  }

  opened() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  send(text) {
    const frame = JSON.parse(text);
    this.frames.push(frame);
    if (frame.method) queueMicrotask(() => this.answer(frame));
  }

  close(code = 1005) {
    this.lost(code);
  }

  /** The connection ends, by whomever. */
  lost(code, reason = "") {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    queueMicrotask(() => {
      this.readyState = 3;
      this.dispatchEvent(new CloseEvent("close", { code, reason }));
      // A browser sends one; a client must not mind two.
      this.dispatchEvent(new CloseEvent("close", { code, reason }));
    });
  }

  say(frame) {
    this.text(JSON.stringify({ jsonrpc: "2.0", ...frame }));
  }

  text(data) {
    if (this.readyState === 1) this.dispatchEvent(new MessageEvent("message", { data }));
  }

  ask(method, params) {
    this.say({ id: this.nextId++, method, params });
  }

  async answer({ id, method, params }) {
    const callID = params?.dialogParams?.callID;
    const result = (more) => this.say({ id, result: { callID, ...more } });
    if (method === "login") {
      if (behaviour.refuse) {
        this.say({ id, error: { code: -32001, message: "Authentication Failure" } });
        return;
      }
      result({ message: "logged in", sessid: params.sessid ?? "one" });
      // Telnyx chooses the session's name itself.
      this.ask(params.sessid ? "verto.clientReady" : "telnyx_rtc.clientReady", { reattached_sessions: [...peers.keys()] });
      for (const call of peers.keys()) this.ask("verto.attach", { callID: call, sdp: await offerAnew(call) });
    } else if (method === "telnyx_rtc.gatewayState") {
      this.say({ id, result: { params: { state: "REGED", dc: "dc1", region: behaviour.region } } });
    } else if (method === "verto.invite") {
      result({ message: "CALL CREATED" });
      if (behaviour.answer !== false) this.ask("verto.answer", { callID, sdp: await echo(callID, params.sdp) });
    } else if (method === "verto.answer" || method === "verto.attach") {
      await peers.get(callID).setRemoteDescription({ type: "answer", sdp: params.sdp });
      result({ message: "CALL ANSWERED" });
    } else if (method === "verto.bye") {
      end(callID);
      result({ message: "CALL ENDED", causeCode: params.causeCode, cause: params.cause });
    } else if (method === "verto.modify") {
      result({ action: params.action, holdState: params.action === "hold" ? "held" : "active", message: "OK" });
    } else {
      result({ message: "SENT" });
    }
  }
}

/** Answers an offer with a peer connection that sends back what it hears. */
async function echo(callID, sdp) {
  const peer = new RTCPeerConnection();
  peers.set(callID, peer);
  await peer.setRemoteDescription({ type: "offer", sdp });
  const [transceiver] = peer.getTransceivers();
  transceiver.direction = "sendrecv";
  await transceiver.sender.replaceTrack(transceiver.receiver.track);
  await peer.setLocalDescription(await peer.createAnswer());
  return gathered(peer);
}

/** Offers media for a call that was kept: what is heard is sent back, as before. */
async function offerAnew(callID) {
  peers.get(callID).close();
  const peer = new RTCPeerConnection();
  peers.set(callID, peer);
  const { sender, receiver } = peer.addTransceiver("audio", { direction: "sendrecv" });
  await sender.replaceTrack(receiver.track);
  await peer.setLocalDescription(await peer.createOffer());
  return gathered(peer);
}

async function gathered(peer) {
  while (peer.iceGatheringState !== "complete") {
    await new Promise((resolve) => peer.addEventListener("icegatheringstatechange", resolve, { once: true }));
  }
  return peer.localDescription.sdp;
}

function end(callID) {
  peers.get(callID)?.close();
  peers.delete(callID);
}

export function install(howDifferently) {
  sockets.length = 0;
  for (const callID of peers.keys()) end(callID);
  behaviour = howDifferently ?? {};
  globalThis.WebSocket = FakeSocket;
}

/** Changes what the gateway does from here on. */
export function behave(howDifferently) {
  behaviour = howDifferently;
}

export function openedSockets() {
  return sockets.length;
}

/** How many sockets nobody has told to close. */
export function liveSockets() {
  return sockets.filter(({ readyState }) => readyState < 2).length;
}

/** Something happens to the page. */
export function happen(event) {
  dispatchEvent(new Event(event));
}

const now = Date.now.bind(Date);

/** The machine has slept for so long, in milliseconds: the wall clock has gone on, and the other has not. */
export function sleep(ms) {
  Date.now = () => now() + ms;
}

/** How many listeners on the page are left, of those that are added from the first call of this on. */
export function listenersOnPage() {
  if (listening) return listening.size;
  listening = new Set();
  for (const target of [globalThis, document, navigator.connection ?? new EventTarget()]) {
    const add = target.addEventListener.bind(target);
    const remove = target.removeEventListener.bind(target);
    target.addEventListener = (event, listener, options) => {
      const entry = { event, listener };
      if (!options?.signal?.aborted) listening.add(entry);
      options?.signal?.addEventListener("abort", () => listening.delete(entry));
      add(event, listener, options);
    };
    target.removeEventListener = (event, listener, options) => {
      for (const entry of listening) {
        if (entry.event === event && entry.listener === listener) listening.delete(entry);
      }
      remove(event, listener, options);
    };
  }
  return 0;
}
let listening;

export function latest() {
  return sockets.at(-1);
}

export function frames(method) {
  return sockets.flatMap((socket) => socket.frames).filter((frame) => !method || frame.method === method);
}

/** Calls the client. */
export async function ring(callID) {
  const peer = new RTCPeerConnection();
  peers.set(callID, peer);
  peer.addTransceiver("audio", { direction: "sendrecv" });
  await peer.setLocalDescription(await peer.createOffer());
  const sdp = await gathered(peer);
  latest().ask("verto.invite", { callID, sdp, caller_id_name: "Ann", caller_id_number: "1001", callee_id_number: "1000" });
}

export function hangUp(callID) {
  end(callID);
  latest().ask("verto.bye", { callID, causeCode: 17, cause: "USER_BUSY" });
}

/** The tracks that `getUserMedia` gave out, with the device that was asked for, and its failures on order. */
const opened = [];
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
/** How long the next ones take, in milliseconds. */
let delays = [];
export function microphone(failure) {
  delays = [];
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const delay = delays.shift();
    if (failure) throw new DOMException("on order", failure);
    const stream = await real(constraints);
    const asked = constraints.audio.deviceId?.exact ?? "default";
    opened.push(...stream.getTracks().map((track) => ({ track, asked })));
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    return stream;
  };
}

export function delayMicrophones(...each) {
  delays = each;
}

/** Every open microphone ends as one that is pulled out. */
export function unplugMicrophones() {
  for (const { track } of live()) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
}

export function openedMicrophones() {
  return opened.length;
}

export function liveMicrophones() {
  return live().length;
}

/** Which devices were asked for. */
export function liveDevices() {
  return live().map(({ asked }) => asked).join();
}

function live() {
  return opened.filter(({ track }) => track.readyState === "live");
}
