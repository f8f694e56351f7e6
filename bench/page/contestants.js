// The three, behind one face: `load()` imports and initialises, `connect()` signs in, a client calls and is called.
//
// `newCall(number)` and `answer()` begin at once; `active` resolves with the moment at which the application hears so.

import { judging } from "./judging.js";

const ENTRY = { offhook: "/pkg/index.js", incumbent: "/incumbent.js", bare: "/bare.js" };

/** @type {Record<string, (options: any) => Promise<any>>} */
const CONNECT = { offhook, incumbent, bare };

/** What `load()` imported. @type {any} */
let loaded;

/**
 * Imports a contestant, and initialises as much of it as can be without a gateway. Resolves with the milliseconds that
 * both took.
 */
export async function load(name) {
  const from = performance.now();
  loaded = await import(ENTRY[name]);
  if (name === "incumbent") new loaded.TelnyxRTC({ login: "1000", password: "1234" });
  if (name === "offhook") await loaded.preload();
  return performance.now() - from;
}

/** Signs in. */
export function connect(name, options) {
  return CONNECT[name](options);
}

async function offhook({ url, login, password, isDefault, isJudged }) {
  const servers = isDefault ? {} : { iceServers: [] };
  const client = await loaded.connect({ url, dialect: "telnyx", login, password, ...servers });
  if (isJudged) await (await import("/pkg/quality.js")).watchQuality(client);
  return {
    judging: () => judging(client),
    prepare: () => client.prepare(),
    newCall(number) {
      const call = client.newCall({ destinationNumber: number });
      const active = new Promise((resolve, reject) => {
        call.on("state", ({ state }) => state === "active" && resolve(performance.now()));
        call.on("ended", (reason) => reject(new Error(`the call ended: ${JSON.stringify(reason)}`)));
      });
      return { active, hangup: () => call.hangup() };
    },
    onIncoming: (take) => client.on("incomingCall", ({ call }) => take(call), { once: true }),
    close: () => client.close(),
  };
}

async function incumbent({ url, login, password, isDefault }) {
  const client = new loaded.TelnyxRTC({
    login, password, host: url, ...(!isDefault && { trickleIce: true, iceServers: [] }),
  });
  client.remoteElement = document.body.appendChild(Object.assign(document.createElement("audio"), { autoplay: true }));
  const hear = new Map();
  let take = () => {};
  /** Each call says twice and more that it rings. */
  const seen = new WeakSet();
  client.on("telnyx.notification", ({ type, call }) => {
    if (type !== "callUpdate") return;
    if (call.direction === "inbound" && call.state === "ringing" && !seen.has(call)) {
      seen.add(call);
      take(call);
    }
    hear.get(call.id)?.(call.state);
  });
  await new Promise((resolve, reject) => {
    client.on("telnyx.ready", resolve);
    client.on("telnyx.error", ({ error }) => reject(error));
    client.connect();
  });
  return {
    newCall(number) {
      const call = client.newCall({ destinationNumber: number, audio: true });
      const active = new Promise((resolve, reject) => {
        hear.set(call.id, (state) => {
          if (state === "active") resolve(performance.now());
          if (state === "destroy") reject(new Error("the call ended"));
        });
      });
      return { active, hangup: () => (hear.delete(call.id), call.hangup()) };
    },
    onIncoming: (taker) => { take = taker; },
    close: () => client.disconnect(),
  };
}

async function bare({ url, login, password, microphoneFirst }) {
  let take = () => {};
  const { newCall, socket } = await new Promise((resolve, reject) => {
    const client = loaded.connect({
      url, login, passwd: password, microphoneFirst,
      onIncoming: (call) => take(call), onReady: () => resolve(client), onError: reject,
    });
  });
  return {
    newCall(number) {
      let activate = () => {};
      const active = new Promise((resolve) => { activate = () => resolve(performance.now()); });
      return { active, ...newCall(number, activate) };
    },
    onIncoming: (taker) => { take = taker; },
    close: () => socket.close(),
  };
}
