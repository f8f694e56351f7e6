import assert from "node:assert/strict";
import { test } from "node:test";
import { openPhone, signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

/** Waits until nothing can happen any more by itself. */
async function isQuiet(phone) {
  await until("no socket and no timer is left", async () => {
    const { sockets, timers } = await phone.leftovers();
    return sockets === 0 && timers.length === 0;
  });
}

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a wrong password is refused in the server's words, after one login`, async () => {
    const phone = await openPhone(here.browser, here.gateway);

    const { error } = await phone.connect({ login: "1000", password: "wrong", url: here.gateway[dialect], dialect });
    assert.equal(error?.kind, "refused");
    assert.equal(error.code, 46001);
    assert.equal(error.serverCode, -32001);
    assert.match(error.serverMessage, /auth/i);
    assert.ok(error.isOffhook && error.fatal);
    await isQuiet(phone);
    const logins = (await phone.frames("out")).filter(({ method }) => method === "login");
    assert.equal(logins.length, 1);
  });
}

test("a token signs in to Telnyx and makes a call", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  await phone.signIn({ token: await here.gateway.token("1000"), url: here.gateway.telnyx, dialect: "telnyx" });
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.flowsBothWays();

  await phone.close();
});

test("a token that nobody signed is refused", async () => {
  const phone = await openPhone(here.browser, here.gateway);
  const [head, body] = (await here.gateway.token("1000")).split(".");

  const { error } = await phone.connect({ token: `${head}.${body}.bm90IHNpZ25lZA`, url: here.gateway.telnyx, dialect: "telnyx" });
  assert.equal(error?.kind, "refused");
  await isQuiet(phone);
});

test("a session has the server's id, and the client tells when it is ready", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const { sessid, dialect, url } = await phone.signIn({ login: "1000", password: "1234", url: here.gateway.freeswitch });
  assert.match(sessid, /^[0-9a-f-]{36}$/);
  assert.equal(dialect, "freeswitch");
  assert.equal(url, here.gateway.freeswitch);
  const told = (await phone.log()).map(({ event }) => event);
  assert.deepEqual(told.filter((event) => ["session", "ready"].includes(event)), ["session", "ready"]);

  await phone.close();
});

const WRONG = [
  { option: "url", given: { url: "http://localhost/", login: "1000", password: "1234" } },
  { option: "password", given: { url: "ws://localhost/", login: "1000" } },
  { option: "login", given: { url: "ws://localhost/", login: 1000, password: "1234" } },
  { option: "dialect", given: { url: "ws://localhost/", login: "1000", password: "1234", dialect: "sip" } },
  { option: "region", given: { login: "1000", password: "1234", region: "moon" } },
  { option: "iceServers[0].urls", given: { url: "ws://localhost/", login: "1000", password: "1234", iceServers: [{ urls: "http://x" }] } },
];

test("a wrong option is Misuse that names it, before anything is sent", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  for (const { option, given } of WRONG) {
    const { error } = await phone.connect(given);
    assert.deepEqual([error?.kind, error?.option], ["misuse", option], JSON.stringify({ given, error }));
    assert.ok(error.message.includes(option), error.message);
  }
  assert.equal(await phone.page.evaluate(() => watched.sockets.length), 0);
});

test("a sign-in with a token is Misuse on FreeSWITCH, before anything is sent", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const { error } = await phone.connect({ token: "x", url: here.gateway.freeswitch });
  assert.equal(error?.kind, "misuse");
  assert.equal(await phone.page.evaluate(() => watched.sockets.length), 0);
});

test("a signal that aborts ends connecting, with its reason", async () => {
  const phone = await openPhone(here.browser, here.gateway);

  const reason = await phone.page.evaluate(async (url) => {
    const { connect } = await import("/js/index.js");
    const abort = new AbortController();
    const connecting = connect({ login: "1000", password: "1234", url, signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    return connecting.then(() => "connected", (error) => error.message);
  }, here.gateway.freeswitch);

  assert.equal(reason, "changed my mind");
  await isQuiet(phone);
});

test("closing twice is no error, and a closed client does nothing more", async () => {
  const phone = await signedIn(here.browser, here.gateway);

  assert.equal((await phone.order("close")).error, undefined);
  assert.equal((await phone.order("close")).error, undefined);
  const { error } = await phone.order("newCall", { destinationNumber: "9196" });
  assert.equal(error?.kind, "misuse");
});
