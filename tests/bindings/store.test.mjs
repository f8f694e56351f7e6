// The store, in a page without a framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startGateway } from "../harness/gateway.mjs";
import { nothingIsLeft } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { startScriptedVerto } from "../harness/servers.mjs";
import { bindingsStage } from "./stage.mjs";

const here = await bindingsStage();

/** `readyState` of a socket that is closed. */
const CLOSED = 3;

/** A page with a store in it; `window.seen` are its snapshots, in order. */
async function openStore() {
  const page = await here.open();
  await page.evaluate(() => {
    window.seen = [];
    window.store = modules.createStore();
    store.subscribe((snapshot) => seen.push(snapshot));
    /** Resolves with the first snapshot that is so, from this one on. */
    window.once = (isSo) => new Promise((resolve) => {
      const end = store.subscribe((snapshot) => {
        if (!isSo(snapshot)) return;
        resolve(snapshot);
        queueMicrotask(() => end());
      });
    });
  });
  return page;
}

/** A page whose store is signed in. */
async function signedIn(user = "1000") {
  const page = await openStore();
  await page.evaluate(async (options) => void (await store.connect(options)), here.as(user));
  return page;
}

/** The statuses that were seen, each once. */
function statuses(page) {
  return page.evaluate(() => seen.map(({ status }) => status).filter((status, n, all) => status !== all[n - 1]));
}

async function socketIsOpen(page) {
  await until("a socket is open", () => page.evaluate(() => watched.sockets[0]?.readyState === WebSocket.OPEN));
}

async function signOut(page) {
  await page.evaluate(() => store.disconnect());
  await nothingIsLeft(page);
}

test("signing in and out is seen step by step, and leaves nothing", async () => {
  const page = await openStore();

  const hasClient = await page.evaluate(async (options) => {
    const client = await store.connect(options);
    return client === store.getSnapshot().client && client.ready;
  }, here.as("1000"));
  assert.ok(hasClient);
  await signOut(page);

  assert.deepEqual(await statuses(page), ["idle", "connecting", "ready", "idle"]);
  assert.equal(await page.evaluate(() => store.getSnapshot().client), undefined);
});

test("a call is seen from its first moment to its end", async () => {
  const page = await signedIn();

  const { first, states, last } = await page.evaluate(async () => {
    const call = store.newCall({ destinationNumber: "9196" });
    const first = store.getSnapshot().calls.map(({ handle, state }) => [handle === call, state]);
    await once(({ calls }) => calls[0]?.state === "active" && calls[0].mediaConnected);
    call.hangup();
    await once(({ calls }) => calls.length === 0);
    const states = new Set(seen.flatMap(({ calls }) => calls.map(({ state }) => state)));
    const { handle, state, reason, destinationNumber } = store.getSnapshot().lastCall;
    return { first, states: [...states], last: { isSame: handle === call, state, by: reason.by, destinationNumber } };
  });

  assert.deepEqual(first, [[true, "new"]]);
  assert.deepEqual(states, ["new", "connecting", "active"]);
  assert.deepEqual(last, { isSame: true, state: "done", by: "local", destinationNumber: "9196" });
  await signOut(page);
});

test("what does not change stays the same object", async () => {
  const page = await signedIn();

  const same = await page.evaluate(async () => {
    const [one, two] = [store.newCall({ destinationNumber: "9196" }), store.newCall({ destinationNumber: "9198" })];
    const isUp = ({ state, mediaConnected }) => state === "active" && mediaConnected;
    await once(({ calls }) => calls.length === 2 && calls.every(isUp));
    const before = store.getSnapshot();
    // Counters come every second: they are no change.
    for (const call of [one, two]) await new Promise((resolve) => call.on("stats", resolve, { once: true }));
    const quiet = store.getSnapshot() === before;
    two.mute();
    const after = await once(({ calls }) => calls[1].muted);
    return {
      quiet, other: after.calls[0] === before.calls[0], muted: after.calls[1] === before.calls[1],
      dates: after.calls[1].connectedAt === before.calls[1].connectedAt,
      tables: after.calls[1].customHeaders === before.calls[1].customHeaders,
      was: before.calls[1].muted,
      frozen: [after, after.calls, ...after.calls].every(Object.isFrozen),
    };
  });

  const wanted = { quiet: true, other: true, muted: false, dates: true, tables: true, was: false, frozen: true };
  assert.deepEqual(same, wanted);
  await signOut(page);
});

test("a call that rings here is the incoming one until it is answered", async () => {
  const page = await signedIn();

  await here.gateway.ring("1000");
  const answered = await page.evaluate(async () => {
    const { incoming, calls } = await once((snapshot) => snapshot.incoming);
    store.attempt(() => incoming.handle.answer());
    const { incoming: after } = await once((snapshot) => snapshot.calls[0]?.state === "active");
    return { isListed: calls.includes(incoming), direction: incoming.direction, isOver: after === undefined };
  });

  assert.deepEqual(answered, { isListed: true, direction: "inbound", isOver: true });
  await signOut(page);
});

test("a call that is made past the store is seen, too", async () => {
  const page = await signedIn();

  const isSeen = await page.evaluate(async () => {
    const call = store.getSnapshot().client.newCall({ destinationNumber: "9196" });
    await once(({ calls }) => calls.some(({ handle, state }) => handle === call && state === "active"));
    call.mute();
    return (await once(({ calls }) => calls[0].muted)).calls[0].handle === call;
  });

  assert.ok(isSeen);
  await signOut(page);
});

test("a sign-in that is refused is kept, until the next one", async () => {
  const page = await openStore();

  // Nobody waits for the promise, and nothing complains about that.
  await page.evaluate((options) => void store.connect(options), here.as("1000", { password: "wrong" }));
  await untilEqual("it failed", "failed", () => page.evaluate(() => store.getSnapshot().status));
  const kept = await page.evaluate(() => [store.getSnapshot().error.kind, store.getSnapshot().client === undefined]);
  assert.deepEqual(kept, ["refused", true]);
  await page.evaluate(async (options) => void (await store.connect(options)), here.as("1000"));

  assert.deepEqual(await statuses(page), ["idle", "connecting", "failed", "connecting", "ready"]);
  assert.equal(await page.evaluate(() => store.getSnapshot().error), undefined);
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
  await signOut(page);
});

test("options that cannot be meant are a failure like any other", async () => {
  const page = await openStore();

  const outcomes = await page.evaluate(async (user) => {
    const told = [];
    for (const options of [undefined, {}, { token: 1 }, { ...user, signal: "now" }]) {
      const kind = await store.connect(options).catch((error) => error.kind);
      told.push([kind, store.getSnapshot().status, store.getSnapshot().error?.kind]);
    }
    return told;
  }, here.as("1000"));

  assert.deepEqual(outcomes, [1, 2, 3, 4].map(() => ["misuse", "failed", "misuse"]));
});

test("of two sign-ins the newest wins, and the other is given up", async () => {
  const page = await openStore();

  await page.evaluate((nowhere) => {
    window.outcome = store.connect(nowhere).catch(({ name }) => name);
  }, here.nowhere());
  await socketIsOpen(page);
  const [first, isSecond] = await page.evaluate(async (options) => {
    const client = await store.connect(options);
    return [await outcome, client === store.getSnapshot().client];
  }, here.as("1000"));

  assert.deepEqual([first, isSecond], ["AbortError", true]);
  assert.deepEqual(await statuses(page), ["idle", "connecting", "ready"]);
  await until("one socket is left", () => page.evaluate(() => watched.leftovers().sockets === 1));
  await signOut(page);
});

test("signing in again closes the first session before", async () => {
  const page = await signedIn("1000");

  const { calls, states, isReady } = await page.evaluate(async (options) => {
    store.newCall({ destinationNumber: "9196" });
    await once(({ calls }) => calls[0]?.state === "active");
    const states = [];
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        states.push(...watched.sockets.map(({ readyState }) => readyState));
        super(...args);
      }
    };
    const signingIn = store.connect(options);
    const { calls } = store.getSnapshot();
    const { ready } = await signingIn;
    return { calls: calls.length, states, isReady: ready };
  }, here.as("1001"));

  assert.deepEqual({ calls, states, isReady }, { calls: 0, states: [CLOSED], isReady: true });
  await signOut(page);
});

test("a sign-in is given up by disconnect()", async () => {
  const page = await openStore();

  await page.evaluate((nowhere) => {
    window.outcome = store.connect(nowhere).catch(({ name }) => name);
  }, here.nowhere());
  await socketIsOpen(page);
  const name = await page.evaluate(async () => {
    await store.disconnect();
    return outcome;
  });

  assert.equal(name, "AbortError");
  assert.deepEqual(await statuses(page), ["idle", "connecting", "idle"]);
  assert.equal(await page.evaluate(() => store.getSnapshot().error), undefined);
  await nothingIsLeft(page);
});

test("a sign-in that is given up in the moment in which it succeeds is closed", async () => {
  const page = await openStore();

  const name = await page.evaluate(async (options) => {
    // The entry stops listening to its signal when the gateway has said yes, and returns only then.
    const { removeEventListener } = AbortSignal.prototype;
    AbortSignal.prototype.removeEventListener = function (...args) {
      if (watched.frames.some(({ text }) => text.includes("verto.clientReady"))) store.disconnect();
      return removeEventListener.apply(this, args);
    };
    return store.connect(options).catch((error) => error.name);
  }, here.as("1000"));

  assert.equal(name, "AbortError");
  assert.deepEqual(await statuses(page), ["idle", "connecting", "idle"]);
  await nothingIsLeft(page);
});

test("a sign-in is given up by the application's own signal", async () => {
  const page = await openStore();

  await page.evaluate((nowhere) => {
    window.abort = new AbortController();
    window.begin = () => store.connect({ ...nowhere, signal: abort.signal }).catch((reason) => reason);
    window.outcome = begin();
  }, here.nowhere());
  await socketIsOpen(page);
  const told = await page.evaluate(async () => {
    abort.abort("enough");
    return [await outcome, await begin()];
  });

  assert.deepEqual(told, ["enough", "enough"]);
  assert.deepEqual(await statuses(page), ["idle", "connecting", "idle", "connecting", "idle"]);
  await nothingIsLeft(page);
});

test("a session that is lost stays signed in while it is brought back", async () => {
  const page = await signedIn();

  await page.evaluate(async () => {
    const call = store.newCall({ destinationNumber: "9196" });
    await once(({ calls }) => calls[0]?.state === "active" && calls[0].mediaConnected);
    const look = ({ status, reconnecting, calls: [{ handle, interruption }] }) => {
      return { status, attempt: reconnecting?.attempt ?? 0, isSame: handle === call, why: interruption ?? "" };
    };
    const lives = async () => {
      const lost = await once(({ calls }) => calls[0]?.state === "reconnecting");
      const back = await once(({ calls }) => calls[0]?.state === "active");
      return { isSameClient: lost.client === back.client, lost: look(lost), back: look(back) };
    };
    // Listened for before it happens.
    window.told = lives();
  });
  await here.gateway.fault("drop&user=1000");

  assert.deepEqual(await page.evaluate(() => told), {
    isSameClient: true,
    lost: { status: "ready", attempt: 1, isSame: true, why: "networkLost" },
    back: { status: "ready", attempt: 0, isSame: true, why: "" },
  });
  await signOut(page);
});

test("a session that cannot be brought back is closed, with its reason and that of its calls", async () => {
  const gateway = await startGateway();
  const page = await openStore();
  try {
    await page.evaluate(async (options) => {
      window.gone = await store.connect(options);
      store.newCall({ destinationNumber: "9196" });
      await once(({ calls }) => calls[0]?.state === "active");
    }, here.as("1000", { url: gateway.freeswitch, reconnectAttempts: 1 }));
  } finally {
    await gateway.stop();
  }

  await until("the call's end is seen", () => page.evaluate(() => store.getSnapshot().lastCall !== undefined));
  await untilEqual("it is closed", "closed", () => page.evaluate(() => store.getSnapshot().status));
  const { client, calls, kind, reason } = await page.evaluate(() => {
    const { client, calls, error, lastCall } = store.getSnapshot();
    return { client, calls: calls.length, kind: error?.kind, reason: lastCall.reason };
  });
  assert.deepEqual({ client, calls }, { client: undefined, calls: 0 });
  assert.ok(["lost", "refused"].includes(kind), kind);
  assert.notEqual(reason, undefined);
  await nothingIsLeft(page);
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
  // What is over is let go of, and not only by the network.
  await untilEqual("the client is closed", 60003, () => page.evaluate(() => {
    try {
      gone.on("ready", () => undefined);
    } catch ({ code }) {
      return code;
    }
    return undefined;
  }));
});

test("what a client tells while it signs out is not heard any more", async () => {
  const obstinate = await startScriptedVerto(refuseToEnd);
  const page = await openStore();
  try {
    const isUntold = await page.evaluate(async (options) => {
      const client = await store.connect(options);
      const told = [];
      client.on("error", ({ error }) => told.push(error.kind));
      store.newCall({ destinationNumber: "9196" });
      await once(({ calls }) => calls[0]?.state === "connecting");
      await store.disconnect();
      return [told, store.getSnapshot().error === undefined, store.getSnapshot().status];
    }, here.as("1000", { url: obstinate.url }));

    assert.deepEqual(isUntold, [["refused"], true, "idle"]);
    await nothingIsLeft(page);
  } finally {
    await obstinate.stop();
  }
});

/** Signs everybody in, takes every call, and ends none. */
function refuseToEnd({ id, method, params }, send) {
  if (method === "login") {
    send({ jsonrpc: "2.0", id, result: { sessid: params.sessid } });
    send({ jsonrpc: "2.0", id: 1, method: "verto.clientReady", params: {} });
  } else if (method === "verto.invite") {
    send({ jsonrpc: "2.0", id, result: { message: "CALL CREATED", callID: params.dialogParams.callID } });
  } else if (method === "verto.bye") {
    send({ jsonrpc: "2.0", id, error: { code: -32002, message: "NO" } });
  }
}

test("a client that the application itself closes is closed in the store", async () => {
  const page = await signedIn();

  await page.evaluate(() => store.getSnapshot().client.close());

  await untilEqual("it is closed", "closed", () => page.evaluate(() => store.getSnapshot().status));
  assert.equal(await page.evaluate(() => store.getSnapshot().error), undefined);
  await nothingIsLeft(page);
});

test("a microphone that is refused is the call's failure and the store's", async () => {
  const page = await signedIn();

  const told = await page.evaluate(async () => {
    watched.microphone = async () => {
      throw new DOMException("no", "NotAllowedError");
    };
    store.newCall({ destinationNumber: "9196" });
    const { lastCall } = await once((snapshot) => snapshot.lastCall && snapshot.error);
    const before = [lastCall.error.media, store.getSnapshot().error.media];
    store.dismiss("error");
    store.dismiss("lastCall");
    store.dismiss("lastCall");
    const { error, lastCall: after } = store.getSnapshot();
    return { before, isDismissed: error === undefined && after === undefined };
  });

  assert.deepEqual(told, { before: ["permissionDenied", "permissionDenied"], isDismissed: true });
  await signOut(page);
});

test("what an attempt fails with is kept, and a mistake in it is not swallowed", async () => {
  const page = await openStore();

  const told = await page.evaluate(async (options) => {
    const { attempt, newCall, getSnapshot } = store;
    const early = [await attempt(() => newCall()) === undefined, getSnapshot().error.code, getSnapshot().error.message];
    await store.connect(options);
    const made = await attempt(() => newCall({ destinationNumber: 9196 }));
    const misuse = [made === undefined, getSnapshot().error.option];
    const done = await attempt(async () => "done");
    const mistake = await attempt(() => getSnapshot().nothing.at.all).catch((error) => error.name);
    return { early, misuse, done, mistake, thrown: getSnapshot().error instanceof modules.OffhookError };
  }, here.as("1000"));

  assert.deepEqual(told, {
    early: [true, 60002, "nobody is signed in: wait for connect() to resolve"],
    misuse: [true, "destinationNumber"], done: "done", mistake: "TypeError", thrown: true,
  });
  await signOut(page);
});

test("the client is listened to once, however many subscribers there are", async () => {
  const page = await signedIn();

  const counts = await page.evaluate(async (options) => {
    const [clients, calls] = [store.getSnapshot().client, store.newCall({ destinationNumber: "9196" })].map((one) => {
      const proto = Object.getPrototypeOf(one);
      const { on } = proto;
      const count = { added: 0 };
      proto.on = function (...args) {
        count.added += 1;
        return on.apply(this, args);
      };
      return count;
    });
    const taken = [];
    for (const subscribers of [0, 50]) {
      const other = modules.createStore();
      for (let n = 0; n < subscribers; n += 1) other.subscribe(() => undefined);
      [clients.added, calls.added] = [0, 0];
      await other.connect(options);
      other.newCall({ destinationNumber: "9196" });
      taken.push([clients.added, calls.added]);
      await other.disconnect();
    }
    return taken;
  }, here.as("1001"));

  assert.deepEqual(counts[1], counts[0]);
  assert.deepEqual(counts[0][1], 1);
  await signOut(page);
});

test("a subscriber that throws is reported, and the others hear all the same", async () => {
  const page = await openStore();

  const heard = await page.evaluate(async (options) => {
    const statuses = [];
    store.subscribe(() => {
      throw new Error("a mistake of the page");
    });
    const end = store.subscribe(({ status }) => statuses.push(status));
    await store.connect(options);
    end();
    await store.disconnect();
    return statuses;
  }, here.as("1000"));

  assert.deepEqual(heard, ["idle", "connecting", "ready"]);
  const reported = await page.evaluate(() => watched.reported);
  assert.ok(reported.some((text) => text.includes("a mistake of the page")), reported.join());
});
