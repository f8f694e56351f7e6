// The whole API as an application uses it. Compiling is the test: the package is found by its name, as after an install.

import { OffhookError, connect, preload } from "offhook";
import type {
  AnonymousOptions, AnswerOptions, Call, CallEvents, CallOptions, CallState, CallStats, Client, ClientEvents, CommonOptions,
  ConnectOptions, Device, Devices, Dialect, Direction, ErrorKind, Interruption, ListenOptions, PasswordOptions, Plugin, Region,
  TelnyxIds, Termination, TokenOptions,
} from "offhook";

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

const everything: CommonOptions = {
  url: "wss://pbx.example:8082",
  dialect: "freeswitch",
  environment: "development",
  region: "eu",
  iceServers: [{ urls: ["turn:turn.example"], username: "u", credential: "c" }],
  forceRelay: true,
  callerName: "Alice",
  callerNumber: "1000",
  reconnectAttempts: 0,
  recoverySeconds: 90,
  onReload: "resume",
  microphoneId: "m",
  speakerId: "s",
  wasmUrl: new URL("https://cdn.example/offhook_bg.wasm"),
  signal: AbortSignal.timeout(5_000),
};

const byPassword: PasswordOptions = { login: "alice", password: "secret" };
const byToken: TokenOptions = { token: "eyJ" };
const byFetching: TokenOptions = { getToken: async () => "eyJ", tokenStrategy: "perCall" };
const byBoth: TokenOptions = { token: "eyJ", getToken: () => "eyJ" };
void [byFetching, byBoth];
const asNobody: AnonymousOptions = {
  anonymous: { targetId: "a", targetType: "ai_assistant", targetVersionId: "v", conversationId: "c" },
};

export async function signIn(): Promise<Client> {
  await preload();
  await preload({ wasmUrl: "/offhook_bg.wasm" });
  const choices: ConnectOptions[] = [
    { ...everything, ...byPassword }, { ...byToken, region: "auto" }, asNobody, { login: "alice", password: "secret" },
  ];
  const [first] = choices;
  if (first === undefined) throw new TypeError("no choice");
  const client = await connect(first);
  same<typeof client, Client>(true);
  return client;
}

export function useClient(client: Client): Call {
  same<typeof client.ready, boolean>(true);
  same<typeof client.reconnecting, boolean>(true);
  same<typeof client.sessid, string | undefined>(true);
  same<typeof client.dialect, Dialect>(true);
  same<typeof client.url, string>(true);
  same<typeof client.region, Region>(true);
  same<typeof client.calls, readonly Call[]>(true);
  same<typeof client.devices, Devices>(true);

  const undo: () => void = client.on("incomingCall", ({ call }) => void call.answer());
  undo();
  const how: ListenOptions = { once: true, signal: new AbortController().signal };
  client.on("socketConnected", ({ url }) => same<typeof url, string>(true), how);
  client.on("socketDisconnected", ({ code, reason }) => [code.toFixed(), reason.trim()], {});
  client.on("session", ({ sessid }) => same<typeof sessid, string>(true));
  client.on("ready", () => undefined);
  client.on("error", ({ error, call }) => [error.code.toFixed(), call?.id]);
  client.on("warning", ({ code, message, call }) => [code.toFixed(), message.trim(), call?.id]);
  client.on("reconnecting", ({ attempt, delaySeconds, interruption }) => {
    same<typeof interruption, Interruption>(true);
    return attempt + delaySeconds;
  });
  client.on("recoveredCall", ({ call }) => call.hangup());
  client.on("callState", ({ call, state, previous, interruption, reason }) => {
    same<typeof state, CallState>(true);
    return [call.id, state, previous, interruption, reason?.cause];
  });
  client.on("callEnded", ({ call, reason }) => [call.id, reason.by]);
  client.on("message", ({ direction, frame }) => {
    same<typeof direction, "in" | "out">(true);
    same<typeof frame, unknown>(true);
  });
  const anyEvent: keyof ClientEvents = "ready";
  client.on(anyEvent, () => undefined);

  const prepared: Promise<boolean> = client.prepare();
  void prepared;
  const minimal: CallOptions = {};
  client.reconnectNow();
  client.newCall();
  client.newCall(minimal);
  return client.newCall({
    destinationNumber: "9196", callerName: "Alice", callerNumber: "1000", callId: crypto.randomUUID(), clientState: "text",
    customHeaders: { "X-Order": "17" }, muted: true,
  });
}

export async function useCall(call: Call): Promise<void> {
  same<typeof call.id, string>(true);
  same<typeof call.direction, Direction>(true);
  same<typeof call.state, CallState>(true);
  same<typeof call.earlyMedia | typeof call.mediaConnected | typeof call.muted, boolean>(true);
  same<typeof call.remoteName, string | undefined>(true);
  same<typeof call.remoteNumber, string | undefined>(true);
  same<typeof call.destinationNumber, string | undefined>(true);
  same<typeof call.clientState, string | undefined>(true);
  same<typeof call.telnyxIds, TelnyxIds>(true);
  same<typeof call.startedConnectingAt, Date | undefined>(true);
  same<typeof call.connectedAt, Date | undefined>(true);
  same<typeof call.answeredAt, Date | undefined>(true);
  same<typeof call.interruption, Interruption | undefined>(true);
  same<typeof call.reason, Termination | undefined>(true);
  same<typeof call.stats, CallStats | undefined>(true);
  same<typeof call.remoteStream, MediaStream | undefined>(true);
  same<typeof call.localStream, MediaStream | undefined>(true);
  const header: string | undefined = call.customHeaders["X-Order"];
  const { callControlId, sessionId, legId } = call.telnyxIds;

  const answer: AnswerOptions = { customHeaders: { "X-Desk": "4" }, muted: false };
  await call.answer();
  await call.answer(answer);
  await call.answer({ audio: new MediaStream() });
  await call.hold();
  await call.unhold();
  await call.dtmf("12#");
  await call.transfer("1001");
  await call.transfer(call);
  call.mute();
  call.unmute();
  call.hangup();

  call.on("state", ({ state, previous, interruption, reason }) => [state, previous, interruption, reason?.causeCode]);
  call.on("dtmf", ({ digit }) => digit.charCodeAt(0));
  call.on("updated", () => [header, callControlId, sessionId, legId]);
  call.on("stats", ({ packetsSent, packetsReceived, bytesSent, bytesReceived, energySent, energyReceived }) => {
    return packetsSent + packetsReceived + bytesSent + bytesReceived + energySent + energyReceived;
  });
  call.on("error", ({ error }) => error.media);
  call.on("ended", ({ cause, causeCode, sipCode, sipReason, by }) => [cause, causeCode, sipCode, sipReason, by], { once: true });
  same<CallEvents["ended"], Termination>(true);
}

export async function useDevices(devices: Devices): Promise<void> {
  const all: Device[] = [...(await devices.microphones()), ...(await devices.speakers())];
  for (const { deviceId, label } of all) console.log(deviceId, label);
  same<typeof devices.microphoneId, string | undefined>(true);
  same<typeof devices.speakerId, string | undefined>(true);
  await devices.setMicrophone("m");
  await devices.setSpeaker(undefined);
  devices.setVolume(devices.volume / 2);
}

export async function handleErrors(): Promise<string> {
  try {
    using client = await signIn();
    await client.close();
    return "closed";
  } catch (error) {
    if (!(error instanceof OffhookError)) throw error;
    same<typeof error.kind, ErrorKind>(true);
    const { code, fatal, message, stack } = error;
    switch (error.kind) {
      case "misuse": return error.option ?? message;
      case "refused": return `${error.serverCode} ${error.serverMessage}`;
      case "peerMisbehaved": return `${code} ${fatal} ${stack}`;
      case "media": return error.media ?? message;
      case "lost": return error.url ?? message;
      case "defect": return message;
    }
  }
}

export function signInAttached(isDebugging: boolean): Promise<Client> {
  const attach: Plugin = (client) => client.on("message", ({ frame }) => console.debug(frame));
  return connect({ anonymous: { targetId: "a" }, plugins: [isDebugging ? attach : undefined] });
}

export function extend(client: Client): boolean {
  return client.send({ jsonrpc: "2.0", id: "1", method: "telnyx_rtc.ping" });
}

export function releaseMemory(client: Client): void {
  client[Symbol.dispose]();
}
