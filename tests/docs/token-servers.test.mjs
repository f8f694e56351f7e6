// The token servers of docs/token-servers.md, run as the page says, against an API that is as Telnyx documents it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { freePort } from "../harness/gateway.mjs";
import { until } from "../harness/poll.mjs";
import { ROOT, answers } from "../../scripts/process.mjs";
import { API_KEY, CREDENTIALS, EXPIRES_AT, TOKEN, startTelnyxApi } from "./telnyx-api.mjs";

const FOLDER = join(ROOT, "docs", "recipes", "token-server");
const PAGE = "https://app.example";

/** Java compiles the program first. */
const PATIENCE = 60_000;

/** The programs, and how one sees that this machine can run them. The first two must run wherever this is tested. */
const SERVERS = [
  { name: "Node.js", program: process.execPath, args: () => ["node.mjs"] },
  { name: "Python", program: "python3", args: () => ["python.py"], probe: ["--version"] },
  { name: "Ruby", program: "ruby", args: () => ["ruby.rb"], probe: ["-e", "require 'webrick'"] },
  { name: "PHP", program: "php", args: (port) => ["-S", `127.0.0.1:${port}`, "php.php"], probe: ["--version"] },
  { name: "Java", program: "java", args: () => ["TokenServer.java"], probe: ["-version"] },
];

const here = [];
for (const server of SERVERS) if (!server.probe || (await answers(server.program, server.probe))) here.push(server);

let api;
before(async () => (api = await startTelnyxApi()));
after(() => api.stop());

for (const server of here) {
  test(`${server.name}: a token for who is signed in, and for nobody else`, async () => {
    await withServer(server, {}, async (ask) => {
      const good = await ask("session-good");
      assert.deepEqual(await good.json(), { token: TOKEN, expiresAt: EXPIRES_AT });
      assert.equal(good.status, 200);
      assert.equal(good.headers.get("cache-control"), "no-store");
      assert.equal(good.headers.get("access-control-allow-origin"), PAGE);
      assert.match(good.headers.get("vary"), /^origin$/i);
      assert.match(good.headers.get("content-type"), /^application\/json/);

      const before = api.asked.length;
      for (const session of ["session-evil", "", "session-good x"]) {
        assert.equal((await ask(session)).status, 401, session);
      }
      assert.equal((await ask("session-good", { method: "GET" })).status, 405);
      assert.equal((await ask("session-good", { path: "/other" })).status, 404);
      assert.equal(api.asked.length, before, "the API was asked for somebody who is not signed in");
    });
  });

  test(`${server.name}: a page of the allowed origin may ask, and may not ask too often`, async () => {
    await withServer(server, {}, async (ask) => {
      const preflight = await ask(undefined, { method: "OPTIONS" });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get("access-control-allow-origin"), PAGE);
      assert.match(preflight.headers.get("access-control-allow-headers"), /authorization/);

      const statuses = [];
      for (let i = 0; i < 25; i += 1) statuses.push((await ask("session-loop")).status);
      assert.deepEqual(statuses.slice(0, 10), Array(10).fill(200));
      // A minute may end meanwhile, and another begin.
      const refused = await ask("session-loop");
      assert.ok(statuses.filter((status) => status === 429).length >= 5, statuses.join());
      if (refused.status === 429) assert.equal(refused.headers.get("retry-after"), "60");
    });
  });

  test(`${server.name}: what Telnyx refuses is told without its secrets`, async () => {
    await withServer(server, {}, async (ask) => {
      const unknown = await ask("session-unknown");
      assert.equal(unknown.status, 502);
      assert.doesNotMatch(await unknown.text(), /10005|KEY/);

      const busy = await ask("session-busy");
      assert.equal(busy.status, 503);
      assert.equal(busy.headers.get("retry-after"), "7");

      assert.deepEqual(await (await ask("session-opaque")).json(), { token: "opaque", expiresAt: null });
    });
    await withServer(server, { TELNYX_API: `http://127.0.0.1:${await freePort()}/v2` }, async (ask) => {
      assert.equal((await ask("session-good")).status, 502);
    });
  });
}

test("there is a token server in five languages, and Node.js and Python were run", () => {
  assert.equal(SERVERS.length, 5);
  assert.deepEqual(here.slice(0, 2).map(({ name }) => name), ["Node.js", "Python"], "install python3");
});

async function withServer({ program, args }, environment, visit) {
  const port = await freePort();
  // PHP counts in files that outlive it.
  const run = `${process.pid}${port}`;
  const credentials = Object.entries({ ...CREDENTIALS, loop: CREDENTIALS.good });
  const child = spawn(program, args(port), {
    cwd: FOLDER,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env, PORT: String(port), TELNYX_API: api.url, TELNYX_API_KEY: API_KEY, ALLOWED_ORIGIN: PAGE,
      SESSIONS: credentials.map(([name, id]) => `session-${name}-${run}=${id}`).join(), ...environment,
    },
  });
  const said = [];
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", (line) => said.push(line));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const ask = (session, { method = "POST", path = "/token" } = {}) => {
    const key = session?.replace(/^session-\w+/, (name) => `${name}-${run}`);
    return fetch(`http://127.0.0.1:${port}${path}`, {
      method, headers: { origin: PAGE, ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    });
  };
  try {
    await until(`${program} serves`, async () => {
      assert.equal(child.exitCode, null, `it ended:\n${said.join("\n")}`);
      return ask(undefined, { method: "OPTIONS" }).then(({ status }) => status === 204, () => false);
    }, { within: PATIENCE });
    await visit(ask);
    assert.doesNotMatch(said.join("\n"), new RegExp(API_KEY), "the key is in the log");
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
