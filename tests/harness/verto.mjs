// Verto by hand, for the browser's own descriptions without a package between: runs in the page, as `window.verto`.

/** Makes `window.verto`, with one call; `id` names it and the session. */
export function verto(id) {
  let socket, prefix, media, attach;
  let number = 0;
  const waiting = new Map();
  const peers = [];
  const said = [];
  const onSaid = new Map();

  window.verto = { connect, dial, restart, expectAttach, answerAttach, received, state, isSaid: (method) => said.includes(method) };

  /** Signs in; the same `sessid` each time, so that calls come back. */
  async function connect(url, dialect) {
    prefix = dialect === "telnyx" ? "telnyx_rtc" : "verto";
    said.length = 0;
    const opened = socket = new WebSocket(url);
    await new Promise((resolve, reject) => Object.assign(opened, { onopen: resolve, onerror: reject }));
    opened.onmessage = ({ data }) => receive(JSON.parse(data));
    await ask("login", { login: "1000", passwd: "1234", sessid: id, reconnection: true });
  }

  function ask(method, params) {
    const asked = number += 1;
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: asked, method, params }));
    return new Promise((resolve, reject) => waiting.set(asked, { resolve, reject }));
  }

  function receive({ id: of, method, params, result, error }) {
    if (method === undefined) {
      const asked = waiting.get(of);
      waiting.delete(of);
      if (error) asked?.reject(new Error(error.message));
      else asked?.resolve(result);
      return;
    }
    const name = method.split(".").pop();
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: of, result: { method } }));
    said.push(name);
    onSaid.get(name)?.(params);
  }

  async function peer() {
    media ??= await navigator.mediaDevices.getUserMedia({ audio: true });
    const made = new RTCPeerConnection();
    for (const track of media.getTracks()) made.addTrack(track, media);
    peers.push(made);
    return made;
  }

  /** Describes, with every candidate. */
  async function described(of, description) {
    // The state says nothing here: at a restart it is still that of the last gathering.
    const gathered = new Promise((resolve) => {
      of.onicecandidate = ({ candidate }) => candidate === null && resolve();
    });
    await of.setLocalDescription(description);
    await gathered;
    return of.localDescription.sdp;
  }

  async function dial(destination) {
    const made = await peer();
    const sdp = await described(made, await made.createOffer());
    const answered = new Promise((resolve) => onSaid.set("answer", resolve));
    await ask(`${prefix}.invite`, { sdp, dialogParams: { callID: id, destination_number: destination } });
    await made.setRemoteDescription({ type: "answer", sdp: (await answered).sdp });
  }

  /** Restarts ICE on the last peer. The two ICE user names of the other side, before and after. */
  async function restart(hasCandidates) {
    const last = peers.at(-1);
    const before = ufrag(last.remoteDescription.sdp);
    let sdp = await described(last, await last.createOffer({ iceRestart: true }));
    if (!hasCandidates) sdp = sdp.split("\r\n").filter((line) => !/^a=(candidate|end-of)/.test(line)).join("\r\n");
    let reply;
    try {
      reply = await ask(`${prefix}.modify`, { action: "updateMedia", sdp, dialogParams: { callID: id } });
    } catch (error) {
      await last.setLocalDescription({ type: "rollback" });
      return { refused: error.message };
    }
    await last.setRemoteDescription({ type: "answer", sdp: reply.sdp });
    return { before, after: ufrag(reply.sdp) };
  }

  /** From now on an `attach` is waited for. */
  function expectAttach() {
    attach = new Promise((resolve) => onSaid.set("attach", resolve));
  }

  /** Answers the `attach` that is waited for, on a peer of its own. */
  async function answerAttach() {
    const { sdp: offer } = await attach;
    const made = await peer();
    await made.setRemoteDescription({ type: "offer", sdp: offer });
    const sdp = await described(made, await made.createAnswer());
    await ask(`${prefix}.attach`, { sdp, dialogParams: { callID: id } });
  }

  /** How many packets came in at a peer. */
  async function received(index) {
    let count = 0;
    for (const stats of (await peers.at(index).getStats()).values()) {
      if (stats.type === "inbound-rtp") count += stats.packetsReceived;
    }
    return count;
  }

  function state(index) {
    return peers.at(index).iceConnectionState;
  }

  function ufrag(sdp) {
    return sdp.match(/^a=ice-ufrag:(\S+)/m)[1];
  }
}
