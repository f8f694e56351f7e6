// The least JavaScript that can place and take a Verto call (Telnyx's dialect), as fast as it can be made: the
// microphone opens beside the description, which goes out before the browser applies it; candidates trickle after it.
// With `microphoneFirst` the microphone opens first, as in nearly every example.
export function connect({ url, login, passwd, iceServers = [], microphoneFirst, onIncoming, onReady, onError }) {
  const socket = new WebSocket(url);
  const calls = new Map();
  let last = 0;
  const send = (frame) => socket.send(JSON.stringify({ jsonrpc: "2.0", ...frame }));
  const ask = (method, params, id = String(++last)) => send({ id, method, params });
  const tell = (callID, name, params, more) => {
    ask(`telnyx_rtc.${name}`, { ...params, dialogParams: { callID, ...more } });
  };
  function call(id, remote, number, onActive) {
    const peer = new RTCPeerConnection({ iceServers });
    const microphone = navigator.mediaDevices.getUserMedia({ audio: true });
    const close = () => {
      calls.delete(id);
      peer.close();
      microphone.then((stream) => stream.getTracks().forEach((track) => track.stop()));
    };
    peer.onicecandidate = ({ candidate }) => candidate && tell(id, "candidate", candidate.toJSON());
    peer.ontrack = ({ track }) => Object.assign(new Audio(), { srcObject: new MediaStream([track]) }).play();
    calls.set(id, { peer, close, onActive });
    describe(id, peer, microphone, remote, number);
    return { hangup: () => (tell(id, "bye"), close()) };
  }
  async function describe(id, peer, microphone, remote, number) {
    if (microphoneFirst) await microphone;
    if (remote) await peer.setRemoteDescription({ type: "offer", sdp: remote });
    const audio = remote ? peer.getTransceivers()[0] : peer.addTransceiver("audio");
    audio.direction = "sendrecv";
    microphone.then((stream) => audio.sender.replaceTrack(stream.getTracks()[0])).catch(() => {});
    const own = await (remote ? peer.createAnswer() : peer.createOffer());
    tell(id, remote ? "answer" : "invite", { sdp: own.sdp }, { destination_number: number });
    await peer.setLocalDescription(own);
  }
  const accept = ({ callID, sdp }) => sdp && calls.get(callID)?.peer.setRemoteDescription({ type: "answer", sdp });
  const on = {
    "telnyx_rtc.ping": () => ask("telnyx_rtc.ping", {}),
    "telnyx_rtc.invite": ({ callID, sdp }) => onIncoming?.({ answer: () => call(callID, sdp) }),
    "telnyx_rtc.media": accept,
    "telnyx_rtc.answer": async (params) => (await accept(params), calls.get(params.callID)?.onActive?.()),
    "telnyx_rtc.candidate": ({ callID, ...line }) => calls.get(callID)?.peer.addIceCandidate(line).catch(() => {}),
    "telnyx_rtc.bye": ({ callID }) => calls.get(callID)?.close(),
    login: () => ask("telnyx_rtc.gatewayState", {}, "registration"),
    registration: () => onReady(),
  };
  socket.onopen = () => ask("login", { login, passwd }, "login");
  socket.onmessage = ({ data }) => {
    const { id, method, params, error } = JSON.parse(data);
    if (error) return onError(new Error(error.message));
    if (method && id !== undefined && method !== "telnyx_rtc.ping") send({ id, result: { method } });
    on[method ?? id]?.(params);
  };
  return { newCall: (number, onActive) => call(crypto.randomUUID(), undefined, number, onActive), socket };
}
