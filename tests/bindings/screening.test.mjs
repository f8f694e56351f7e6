// Somebody calls in the moment of the sign-in, before the application has had a turn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../harness/poll.mjs";
import { startScriptedVerto } from "../harness/servers.mjs";
import { bindingsStage } from "./stage.mjs";

const here = await bindingsStage();

/** An offer that a browser can read. */
const OFFER = [
  "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 127.0.0.1",
  "a=rtpmap:0 PCMU/8000", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx", "a=setup:actpass", "a=rtcp-mux",
  `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`, "a=candidate:1 1 udp 1 127.0.0.1 9 typ host", "",
].join("\r\n");

/** Signs everybody in; with the same breath 1000 and 1001 call. */
function ringAtOnce({ id, method, params }, send) {
  if (method !== "login") return;
  send({ jsonrpc: "2.0", id, result: { sessid: params.sessid } });
  send({ jsonrpc: "2.0", id: 1, method: "verto.clientReady", params: {} });
  for (const number of ["1000", "1001"]) {
    const dialog = { callID: `call-of-${number}`, sdp: OFFER, caller_id_name: "", caller_id_number: number };
    send({ jsonrpc: "2.0", id: number, method: "verto.invite", params: dialog });
  }
}

/** How an application signs in and has 1000 blocked, and what it then shows as calls. */
const APPLICATIONS = {
  "after connect()": async (options) => {
    const client = await modules.connect(options);
    directory.attach(client);
    // Both have called when this is told, and neither is told of yet.
    client.on("ready", () => seen.push(...client.calls.map(({ remoteNumber }) => remoteNumber)));
    window.shown = () => client.calls;
    window.signOut = () => client.close();
  },
  "with a store": async (options) => {
    const store = modules.createStore();
    store.subscribe(({ calls }) => seen.push(...calls.map(({ remoteNumber }) => remoteNumber)));
    directory.attach(await store.connect(options));
    window.shown = () => store.getSnapshot().calls;
    window.signOut = store.disconnect;
  },
  "with a hook": async (options) => {
    const { createElement, OffhookProvider, StrictMode, useCalls, useClient, useLayoutEffect } = modules;
    function Phone() {
      const client = useClient();
      const calls = useCalls();
      useLayoutEffect(() => client && directory.attach(client), [client]);
      seen.push(...calls.map(({ remoteNumber }) => remoteNumber));
      window.shown = () => calls;
      return null;
    }
    const root = modules.createRoot(document.getElementById("app"));
    root.render(createElement(StrictMode, null, createElement(OffhookProvider, { options }, createElement(Phone))));
    window.signOut = () => root.unmount();
  },
};

for (const [when, application] of Object.entries(APPLICATIONS)) {
  test(`a directory that is attached ${when} blocks who calls in the moment of the sign-in`, async () => {
    const gateway = await startScriptedVerto(ringAtOnce);
    const page = await here.open();
    try {
      await page.evaluate(async () => {
        window.seen = [];
        // What is told after connect() waits until the calls are there.
        const { setTimeout } = window;
        window.setTimeout = (work, delay = 300, ...rest) => setTimeout(work, delay, ...rest);
        window.directory = await modules.openDirectory();
        await directory.replaceAll([{ number: "1000", action: "reject" }]);
      });
      await page.evaluate(`(${application})(${JSON.stringify(here.as("1002", { url: gateway.url }))})`);

      await until("the other one rings", () => page.evaluate(() => shown?.().some(({ remoteNumber }) => remoteNumber === "1001")));

      const numbers = await page.evaluate(() => [...seen, ...shown().map(({ remoteNumber }) => remoteNumber)]);
      assert.deepEqual([...new Set(numbers)], ["1001"]);
      await until("it is told as busy", () => gateway.heard.some(({ method, params }) => {
        return method === "verto.bye" && params.dialogParams.callID === "call-of-1000" && params.cause === "USER_BUSY";
      }));
      await page.evaluate(() => signOut());
    } finally {
      await gateway.stop();
    }
  });
}
