import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { freePort, startGateway } from "../../harness/gateway.mjs";
import { openPhone, signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { startMuteVerto, startSilentServer } from "../../harness/servers.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ together: true });

/** What the product promises, and a while for a machine under load. */
const BOUND = 10_000 + 3_000;

const servers = [];
after(() => Promise.all(servers.map((server) => server.stop())));

const CASES = {
  "where nobody listens": async () => `ws://127.0.0.1:${await freePort()}/`,
  "that accepts and says nothing": async () => keep(await startSilentServer()),
  "that opens a socket and answers no request": async () => keep(await startMuteVerto()),
  "that has no TLS": async () => here.gateway.freeswitch.replace("ws:", "wss:"),
  "with a name that nobody has": async () => "ws://nowhere.invalid/",
};

// Two of them take ten seconds, in which nothing happens.
describe("a server", { concurrency: Object.keys(CASES).length }, () => {
  for (const [name, address] of Object.entries(CASES)) {
    test(`a server ${name} is Lost within ten seconds, with its address`, async () => {
      const phone = await openPhone(here.browser, here.gateway);
      const url = await address();
      // Compiling the module is no part of the promise.
      await phone.connect({ login: "1000", password: "wrong", url: here.gateway.freeswitch });

      // By the page's clock: the driver of five browser pages may be late itself.
      const { error, took } = await phone.page.evaluate(async (options) => {
        const started = performance.now();
        return { ...(await window.phone.connect(options)), took: performance.now() - started };
      }, { login: "1000", password: "1234", url });

      assert.deepEqual([error?.kind, error?.url], ["lost", url], JSON.stringify(error));
      assert.ok(error.message.includes(url), error.message);
      assert.ok(took < BOUND, `took ${took} ms`);
      // Closing takes both ends.
      await until("nothing is left", async () => {
        const { sockets, timers } = await phone.leftovers();
        return sockets === 0 && timers.length === 0;
      });
      await phone.page.close();
    });
  }
});

test("a gateway that goes away for good ends the calls and is told", async () => {
  const gateway = await startGateway();
  const phone = await signedIn(here.browser, gateway, { reconnectAttempts: 2 });
  const call = await phone.dial("9196");
  await call.reaches("active");

  await gateway.stop();
  const reason = await call.ends();

  assert.ok(["network", "server", "remote"].includes(reason.by), reason.by);
  const { error } = await until("the session is over", () => phone.heard("error"));
  assert.deepEqual([error.kind, error.code, error.fatal], ["lost", 45003, true]);
  assert.deepEqual((await phone.all("reconnecting")).map(({ attempt }) => attempt), [1, 2]);
  assert.deepEqual(await phone.page.evaluate(() => [client.ready, client.reconnecting]), [false, false]);
  const { error: late } = await phone.order("reconnectNow");
  assert.deepEqual([late?.kind, late?.code], ["misuse", 60003]);
  await phone.close();
});

test("a gateway that was restarted is found again, and has forgotten its calls", async () => {
  const first = await startGateway();
  const phone = await signedIn(here.browser, first);
  const call = await phone.dial("9196");
  await call.reaches("active");
  const { port } = new URL(first.page);

  await first.kill();
  await until("reconnecting", () => phone.heard("reconnecting"));
  const second = await startGateway({ port });
  servers.push(second);

  // It tries again after some seconds, and each time after more.
  await until("ready again", async () => (await phone.all("ready")).length === 2, { within: 40_000 });
  assert.equal((await call.ends()).by, "server");
  const { error } = await phone.heard("error");
  assert.deepEqual([error.kind, error.code], ["lost", 48501]);
  const next = await phone.dial("9196");
  await next.reaches("active");
  await next.flowsBothWays();
  await phone.close();
});

function keep(server) {
  servers.push(server);
  return server.url;
}
