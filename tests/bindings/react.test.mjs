// The provider and the hooks in a real React, in development mode, where StrictMode mounts everything twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OffhookProvider, useOffhook } from "offhook/react";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { nothingIsLeft } from "../harness/phone.mjs";
import { until, untilEqual } from "../harness/poll.mjs";
import { bindingsStage } from "./stage.mjs";

const here = await bindingsStage();

/**
 * A page in which `mount(tree)` renders a tree under StrictMode, and `unmount()` takes it down. `seen` holds what each
 * `Look` has rendered, by its name: what `read` read, render by render.
 */
async function openReact() {
  const page = await here.open();
  await page.evaluate(() => {
    window.seen = {};
    window.h = modules.createElement;
    window.Look = ({ name, read }) => {
      const value = read();
      (seen[name] ??= []).push(value);
      return h("p", { id: name }, typeof value === "object" ? "" : value);
    };
    window.mount = (tree, options) => {
      window.root ??= modules.createRoot(document.getElementById("app"), options);
      root.render(h(modules.StrictMode, null, tree));
    };
    window.unmount = () => modules.flushSync(() => root.unmount());
  });
  return page;
}

/** Mounts a provider that signs in, around a component that tells the status and the store. */
async function mountWith(page, options) {
  await page.evaluate((given) => {
    const read = () => {
      window.store = modules.useOffhookStore();
      return modules.useOffhook(({ status }) => status);
    };
    mount(h(modules.OffhookProvider, { options: given }, h(Look, { name: "status", read })));
  }, options);
}

function statusIs(page, status) {
  return untilEqual("the status", status, () => page.evaluate(() => document.getElementById("status")?.textContent));
}

/** How often each method was asked for on the wire. */
function asked(page, method) {
  return page.evaluate((wanted) => {
    return watched.frames.filter(({ way, text }) => way === "out" && JSON.parse(text).method === wanted).length;
  }, method);
}

async function unmountCleanly(page) {
  await page.evaluate(() => unmount());
  await nothingIsLeft(page);
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
}

test("StrictMode mounts twice and signs in once, with the module loaded or not", async () => {
  const page = await openReact();
  for (const times of [1, 2]) {
    await page.evaluate((options) => {
      window.effects = 0;
      const Count = () => {
        modules.useEffect(() => {
          window.effects += 1;
        }, []);
        return null;
      };
      window.root = undefined;
      const read = () => modules.useOffhook(({ status }) => status);
      mount(h(modules.OffhookProvider, { options }, h(Count), h(Look, { name: "status", read })));
    }, here.as("1000"));
    await statusIs(page, "ready");

    assert.equal(await page.evaluate(() => window.effects), 2);
    assert.equal(await asked(page, "login"), times);
    assert.equal(await page.evaluate(() => watched.sockets.length), times);
    await unmountCleanly(page);
  }
});

test("nothing is loaded and nobody signs in while it renders", async () => {
  const page = await openReact();

  await page.evaluate((options) => {
    window.fetched = [];
    const { fetch } = window;
    window.fetch = (...args) => {
      fetched.push(String(args[0]));
      return fetch(...args);
    };
    const read = () => `${modules.useOffhook().status} ${fetched.length} ${watched.sockets.length}`;
    // A tree that waits for ever is rendered and never mounted.
    const forever = new Promise(() => {});
    const Waiting = () => {
      throw forever;
    };
    mount(h(modules.OffhookProvider, { options }, h(Look, { name: "none", read }), h(Waiting)));
  }, here.as("1000"));
  await until("it has been rendered", () => page.evaluate(() => seen.none !== undefined));

  assert.deepEqual(await page.evaluate(() => [...new Set(seen.none)]), ["idle 0 0"]);
  assert.equal(await page.evaluate(() => document.getElementById("app").innerHTML), "");
  await unmountCleanly(page);
  assert.deepEqual(await page.evaluate(() => [fetched, watched.sockets.length]), [[], 0]);
});

test("unmounting while it connects gives up", async () => {
  const page = await openReact();
  await mountWith(page, here.nowhere());
  await until("a socket is open", () => page.evaluate(() => watched.sockets[0]?.readyState === WebSocket.OPEN));

  await unmountCleanly(page);

  assert.equal(await page.evaluate(() => store.getSnapshot().status), "idle");
});

test("unmounting signs out, with a call up", async () => {
  const page = await openReact();
  await mountWith(page, here.as("1000"));
  await statusIs(page, "ready");
  await page.evaluate(() => void store.newCall({ destinationNumber: "9196" }));
  await until("it is active", () => page.evaluate(() => store.getSnapshot().calls[0]?.state === "active"));

  await unmountCleanly(page);

  assert.equal(await asked(page, "verto.bye"), 1);
});

test("two components share one sign-in and one client", async () => {
  const page = await openReact();

  await page.evaluate((options) => {
    const looks = ["one", "two"].map((name) => h(Look, { key: name, name, read: modules.useClient }));
    mount(h(modules.OffhookProvider, { options }, ...looks));
  }, here.as("1000"));
  await until("both have it", () => page.evaluate(() => seen.one.at(-1) && seen.one.at(-1) === seen.two.at(-1)));

  assert.equal(await asked(page, "login"), 1);
  await unmountCleanly(page);
});

test("options that say the same sign in once, others anew, none nobody", async () => {
  const page = await openReact();
  await mountWith(page, here.as("1000"));
  await statusIs(page, "ready");
  const first = await page.evaluate(() => store.getSnapshot().client.sessid);

  await mountWith(page, here.as("1000"));
  await page.evaluate(() => modules.flushSync(() => undefined));
  assert.equal(await page.evaluate(() => store.getSnapshot().client?.sessid), first);
  await mountWith(page, here.as("1001"));
  const isAnother = (old) => (store.getSnapshot().client?.sessid ?? old) !== old;
  await until("another session", () => page.evaluate(isAnother, first));
  assert.equal(await asked(page, "login"), 2);
  await mountWith(page, undefined);
  await statusIs(page, "idle");

  await unmountCleanly(page);
});

test("what an <Activity> hides is signed out, and in again when it is shown", async () => {
  const page = await openReact();
  const show = (options, mode) => page.evaluate((given, how) => {
    const read = () => {
      window.store = modules.useOffhookStore();
      return "";
    };
    const tree = h(modules.OffhookProvider, { options: given }, h(Look, { name: "store", read }));
    mount(h(modules.Activity, { mode: how }, tree));
  }, options, mode);
  const statusOfStore = () => page.evaluate(() => window.store?.getSnapshot().status);

  await show(here.as("1000"), "visible");
  await untilEqual("signed in", "ready", statusOfStore);
  await show(here.as("1000"), "hidden");
  await untilEqual("signed out", "idle", statusOfStore);
  await nothingIsLeft(page);
  await show(here.as("1000"), "visible");
  await untilEqual("signed in again", "ready", statusOfStore);

  await unmountCleanly(page);
});

test("without options the application signs in itself, and unmounting signs out", async () => {
  const page = await openReact();
  await mountWith(page, undefined);
  await statusIs(page, "idle");

  await page.evaluate((options) => void store.connect(options), here.as("1000"));
  await statusIs(page, "ready");

  await unmountCleanly(page);
});

test("a store of the application's own outlives the provider, and nobody listens to it any more", async () => {
  const page = await openReact();
  await page.evaluate(async (options) => {
    const own = modules.createStore();
    window.listeners = 0;
    window.store = { ...own, subscribe(run) {
      window.listeners += 1;
      const end = own.subscribe(run);
      return () => {
        window.listeners -= 1;
        end();
      };
    } };
    await store.connect(options);
    const { useCalls, useOffhook } = modules;
    const reads = { status: () => useOffhook(({ status }) => status), calls: useCalls, whole: useOffhook };
    const looks = Object.entries(reads).map(([name, read]) => h(Look, { key: name, name, read }));
    mount(h(modules.OffhookProvider, { store }, ...looks));
  }, here.as("1000"));
  await statusIs(page, "ready");
  // React listens some time after it has rendered.
  await untilEqual("the listeners", 3, () => page.evaluate(() => window.listeners));

  await page.evaluate(() => unmount());

  assert.deepEqual(await page.evaluate(() => [window.listeners, store.getSnapshot().status]), [0, "ready"]);
  await page.evaluate(() => store.disconnect());
  await nothingIsLeft(page);
});

test("a component renders anew for what it reads, and for nothing else", async () => {
  const page = await openReact();
  await page.evaluate(async (options) => {
    window.store = modules.createStore();
    await store.connect(options);
    window.calls = ["9196", "9198"].map((destinationNumber) => store.newCall({ destinationNumber }));
    const reads = {
      store: modules.useOffhookStore,
      status: () => modules.useOffhook(({ status }) => status),
      client: modules.useClient,
      calls: modules.useCalls,
      first: () => modules.useCall(calls[0].id),
      second: () => modules.useCall(calls[1].id),
      made: () => modules.useOffhook((snapshot) => ({ muted: snapshot.calls.map(({ muted }) => muted) })),
      stats: () => modules.useCallStats(calls[0].id),
    };
    // Not under StrictMode: it renders everything twice.
    window.root = modules.createRoot(document.getElementById("app"));
    const looks = Object.entries(reads).map(([name, read]) => h(Look, { key: name, name, read }));
    root.render(h(modules.OffhookProvider, { store }, ...looks));
  }, here.as("1000"));
  const areActive = () => store.getSnapshot().calls.every((call) => call.state === "active" && call.mediaConnected);
  await until("both calls are active", () => page.evaluate(areActive));
  await until("counters were read", () => page.evaluate(() => seen.stats?.at(-1) !== undefined));

  const counts = await page.evaluate(async () => {
    const count = () => Object.fromEntries(Object.entries(seen).map(([name, values]) => [name, values.length]));
    // A message of React's own scheduler is handled by then.
    const settled = () => new Promise((resolve) => setTimeout(resolve));
    const difference = (from) => {
      const more = Object.entries(count()).map(([name, n]) => [name, n - from[name]]);
      return Object.fromEntries(more.filter(([, n]) => n > 0));
    };
    let before = count();
    await new Promise((resolve) => calls[0].on("stats", resolve, { once: true }));
    await settled();
    const tick = difference(before);
    before = count();
    calls[1].mute();
    await settled();
    return { tick, mute: difference(before) };
  });

  // The counters of this call may have come just before the mute, too.
  delete counts.mute.stats;
  assert.deepEqual(counts, { tick: { stats: 1 }, mute: { calls: 1, second: 1, made: 1 } });
  assert.equal(await page.evaluate(() => seen.stats.at(-1) === calls[0].stats), true);
  await page.evaluate(() => store.disconnect());
  await unmountCleanly(page);
});

test("an incoming call is shown, answered by a click, and its end is shown", async () => {
  const page = await openReact();
  await mountWith(page, here.as("1000"));
  await statusIs(page, "ready");
  await page.evaluate((options) => {
    const Ringing = () => {
      const incoming = modules.useIncomingCall();
      const [answered, setAnswered] = modules.useState();
      const call = modules.useCall(answered);
      const answer = () => {
        setAnswered(incoming.id);
        incoming.handle.answer();
      };
      return [
        incoming && h("button", { key: "answer", onClick: answer }, `Answer ${incoming.remoteNumber}`),
        call && h("p", { key: "state", id: "state" }, call.reason ? `${call.state} ${call.reason.by}` : call.state),
      ];
    };
    const read = () => modules.useOffhook(({ status }) => status);
    mount(h(modules.OffhookProvider, { options }, h(Look, { name: "status", read }), h(Ringing)));
  }, here.as("1000"));
  await statusIs(page, "ready");

  await here.gateway.ring("1000");
  const button = await until("a button", () => page.$("button"));
  await button.click();
  const state = () => page.evaluate(() => document.getElementById("state")?.textContent);
  await untilEqual("the call", "active", state);
  assert.equal(await page.$("button"), null);
  await page.evaluate(() => store.getSnapshot().calls[0].handle.hangup());
  await untilEqual("the call", "done local", state);

  await unmountCleanly(page);
});

test("the counters of a call stay when it has ended, and are not listened to any more", async () => {
  const page = await openReact();
  await page.evaluate((options) => {
    const read = () => {
      window.store = modules.useOffhookStore();
      const id = modules.useOffhook(({ calls, lastCall }) => (calls[0] ?? lastCall)?.id);
      return modules.useCallStats(id)?.packetsReceived ?? 0;
    };
    const status = () => modules.useOffhook((snapshot) => snapshot.status);
    const looks = [h(Look, { key: 1, name: "packets", read }), h(Look, { key: 2, name: "status", read: status })];
    mount(h(modules.OffhookProvider, { options }, ...looks));
  }, here.as("1000"));
  await statusIs(page, "ready");
  await page.evaluate(() => {
    window.call = store.newCall({ destinationNumber: "9196" });
  });
  const packets = () => page.evaluate(() => Number(document.getElementById("packets").textContent));
  await until("packets are counted", async () => (await packets()) > 0);

  await page.evaluate(() => call.hangup());
  await until("it has ended", () => page.evaluate(() => store.getSnapshot().lastCall !== undefined));

  assert.ok((await packets()) > 0);
  // One that is mounted later shows them, too.
  await page.evaluate(() => {
    const { id } = store.getSnapshot().lastCall;
    const read = () => modules.useCallStats(id)?.packetsReceived;
    mount(h(modules.OffhookProvider, { store }, h(Look, { name: "later", read })));
  });
  const later = () => page.evaluate(() => Number(document.getElementById("later")?.textContent));
  await until("the last counters", async () => (await later()) > 0);
  await page.evaluate(() => store.dismiss("lastCall"));
  await untilEqual("none is shown", 0, later);
  await unmountCleanly(page);
});

test("the devices of an audio session are rendered as they come and go, and no more once it is over", async () => {
  const page = await openReact();
  await page.evaluate(async (options) => {
    window.store = modules.createStore();
    await store.connect(options);
    window.plug = (...labels) => {
      const devices = labels.map((label) => ({ kind: "audioinput", deviceId: label, label }));
      navigator.mediaDevices.enumerateDevices = async () => devices;
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    };
    plug("built-in");
    const Devices = ({ audio }) => {
      const devices = modules.useDevices(audio);
      return h("p", { id: "devices" }, devices?.microphones.map(({ label }) => label).join() ?? "none");
    };
    window.show = (audio) => mount(h(modules.OffhookProvider, { store }, h(Devices, { audio })));
    show(undefined);
  }, here.as("1000"));
  const devices = () => page.evaluate(() => document.getElementById("devices")?.textContent);
  await untilEqual("there is no session", "none", devices);

  await page.evaluate(() => {
    window.audio = modules.createAudioSession(store.getSnapshot().client);
    show(audio);
  });
  await untilEqual("the devices", "built-in", devices);
  await page.evaluate(() => plug("built-in", "headset"));
  await untilEqual("the devices", "built-in,headset", devices);
  await page.evaluate(() => audio[Symbol.dispose]());
  await page.evaluate(() => plug());
  assert.equal(await devices(), "built-in,headset");
  await page.evaluate(() => store.disconnect());
  await unmountCleanly(page);
});

test("a page that a server rendered is taken over without a complaint", async () => {
  const page = await openReact();
  const Status = () => createElement("p", { id: "status" }, useOffhook(({ status }) => status));
  const html = renderToString(createElement(OffhookProvider, { options: here.as("1000") }, createElement(Status)));
  assert.equal(html, '<p id="status">idle</p>');

  await page.evaluate((markup, options) => {
    window.complaints = [];
    console.error = (...args) => complaints.push(args.join(" "));
    document.getElementById("app").innerHTML = markup;
    const Status = () => h("p", { id: "status" }, modules.useOffhook(({ status }) => status));
    const onRecoverableError = (error) => complaints.push(String(error));
    const tree = h(modules.OffhookProvider, { options }, h(Status));
    window.root = modules.hydrateRoot(document.getElementById("app"), tree, { onRecoverableError });
  }, html, here.as("1000"));
  await statusIs(page, "ready");

  assert.deepEqual(await page.evaluate(() => complaints), []);
  await unmountCleanly(page);
});
