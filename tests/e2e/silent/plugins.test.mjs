// What is attached to a client before it connects.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPhone } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

/** A phone whose plugin notes in `window.heard` what it hears, and when connect() has come to something. */
async function phoneWithPlugin() {
  const phone = await openPhone(here.browser, here.gateway);
  await phone.page.evaluate(() => {
    window.heard = [];
    const plugin = (client) => {
      for (const event of ["socketConnected", "socketDisconnected", "session", "ready", "outgoingCall", "callState"]) {
        client.on(event, () => window.heard.push(event));
      }
      client.on("error", ({ error }) => window.heard.push(`error ${error.code}`));
      client.on("message", ({ direction, frame }) => {
        if (frame.method === "login") window.heard.push(`${direction} login ${frame.params.passwd}`);
      });
      client.on("session", () => window.heard.push("session, once"), { once: true });
    };
    window.phone.more = { plugins: [undefined, plugin] };
  });
  return phone;
}

const heard = (phone) => phone.page.evaluate(() => window.heard);

const user = (more) => ({ login: "1000", password: "1234", url: here.gateway.telnyx, dialect: "telnyx", ...more });

test("a plugin hears a sign-in from the first frame on, while it happens, and nothing twice", async () => {
  const phone = await phoneWithPlugin();

  await phone.page.evaluate(async (options) => {
    const { connect } = await import("../js/index.js");
    window.client = await connect({ ...options, ...window.phone.more });
    window.heard.push("connected");
    // The application listens only then, and hears the same.
    for (const event of ["socketConnected", "session", "ready"]) window.client.on(event, () => window.heard.push(`later ${event}`));
  }, user());

  await until("the application has heard it", async () => (await heard(phone)).includes("later ready"));
  assert.deepEqual(await heard(phone), [
    "socketConnected", "out login ***", "session", "session, once", "ready", "connected", "later socketConnected",
    "later session", "later ready",
  ]);
  await phone.page.evaluate(async () => {
    window.heard.length = 0;
    const call = window.client.newCall({ destinationNumber: "9196" });
    await new Promise((resolve) => call.on("state", ({ state }) => state === "connecting" && resolve()));
  });
  assert.deepEqual((await heard(phone)).slice(0, 2), ["outgoingCall", "callState"]);
  await phone.page.evaluate(() => window.client.close());
  await phone.page.close();
});

test("a plugin hears why a sign-in fails before its caller does", async () => {
  const phone = await phoneWithPlugin();

  const heardByThen = await phone.page.evaluate(async (options) => {
    const { connect } = await import("../js/index.js");
    await connect({ ...options, ...window.phone.more }).catch(({ code }) => window.heard.push(`rejected ${code}`));
    return [...window.heard];
  }, user({ password: "wrong" }));

  assert.deepEqual(heardByThen, ["socketConnected", "out login ***", "error 46001", "rejected 46001"]);
  await phone.page.close();
});

test("a plugin that throws fails the sign-in and leaves nothing; a wrong one is told before", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const outcomes = await phone.page.evaluate(async (options) => {
    const { connect } = await import("../js/index.js");
    const attempt = (plugins) => connect({ ...options, plugins }).then(String, ({ message, option }) => option ?? message);
    return [await attempt([() => { throw new Error("no"); }]), await attempt(["log"]), await attempt(() => {})];
  }, user());

  assert.deepEqual(outcomes, ["no", "plugins[0]", "plugins"]);
  assert.deepEqual(await phone.page.evaluate(() => [watched.sockets.length, watched.timers.size]), [0, 0]);
  await phone.page.close();
});

test("a plugin that closes the client ends its sign-in", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const code = await phone.page.evaluate(async (options) => {
    const { connect } = await import("../js/index.js");
    return connect({ ...options, plugins: [(client) => void client.close()] }).then(() => "connected", (error) => error.code);
  }, user());

  assert.equal(code, 60003);
  await phone.page.close();
});
