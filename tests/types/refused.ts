// What must not compile. Each line is refused for the one reason that stands over it.

import { connect, preload } from "offhook";
import type { Call, CallOptions, Client, ConnectOptions } from "offhook";

declare const client: Client;
declare const call: Call;

// Nobody to sign in as.
// @ts-expect-error
connect({ url: "wss://pbx.example" });
// No options.
// @ts-expect-error
connect();
// A user without a password.
// @ts-expect-error
connect({ login: "alice" });
// What does not belong to loading.
// @ts-expect-error
preload({ url: "wss://pbx.example" });
// Two ways to sign in at once.
// @ts-expect-error
connect({ login: "alice", password: "secret", token: "eyJ" });
// A dialect that nobody speaks.
// @ts-expect-error
connect({ token: "eyJ", dialect: "sip" });
// A region that does not exist.
// @ts-expect-error
connect({ token: "eyJ", region: "moon" });
// A policy for reloads that does not exist.
// @ts-expect-error
connect({ token: "eyJ", onReload: "ask" });
// A misspelt option.
// @ts-expect-error
connect({ token: "eyJ", foceRelay: true });
// A target without an id.
// @ts-expect-error
connect({ anonymous: {} });
// A number where a string belongs.
// @ts-expect-error
client.newCall({ destinationNumber: 9196 });
// A header that is none of ours to set.
// @ts-expect-error
client.newCall({ destinationNumber: "9196", customHeaders: { Authorization: "x" } });
// A misspelt option of a call.
// @ts-expect-error
client.newCall({ destination: "9196" });
// An event that does not exist.
// @ts-expect-error
client.on("incoming", () => undefined);
// A field that the event does not have.
// @ts-expect-error
client.on("ready", ({ call }) => call);
// An event of the client at a call.
// @ts-expect-error
call.on("incomingCall", () => undefined);
// A reason is there only sometimes.
// @ts-expect-error
call.on("state", ({ reason }) => reason.cause);
// State is told, not set.
// @ts-expect-error
call.state = "active";
// Nobody changes the list of calls.
// @ts-expect-error
client.calls.push(call);
// A state that does not exist.
// @ts-expect-error
if (call.state === "ended") call.hangup();
// Digits are text.
// @ts-expect-error
call.dtmf(1);
// A frame is an object.
// @ts-expect-error
client.send("{}");
// Hanging up takes no promise.
// @ts-expect-error
call.hangup().then(() => undefined);
// A stream may be absent.
// @ts-expect-error
call.remoteStream.getTracks();
// Calls are made by clients.
// @ts-expect-error
new Call();
// `undefined` is no value of an option that may be absent.
// @ts-expect-error
export const options: CallOptions = { callerName: undefined };
// Nor is an empty object a way to sign in.
// @ts-expect-error
export const empty: ConnectOptions = {};
