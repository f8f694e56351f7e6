// What a log of a real session says, on the console and to take along.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPhone } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage();

const user = (more) => ({ login: "1000", password: "1234", url: here.gateway.telnyx, dialect: "telnyx", ...more });

/** A phone with a log of everything on the console, too. */
async function logging() {
  const phone = await openPhone(here.browser, here.gateway);
  await phone.page.evaluate(async () => {
    const { log } = await import("../js/log.js");
    window.mine = log({ level: "all" });
    window.phone.more = { plugins: [window.mine] };
  });
  return phone;
}

/** The positions of the first entries that match, each after the one before. */
function inOrder(messages, ...patterns) {
  let from = 0;
  for (const pattern of patterns) {
    const at = messages.slice(from).findIndex((message) => pattern.test(message));
    assert.ok(at >= 0, `no ${pattern} after ${messages.slice(0, from).join("\n")}\nin\n${messages.slice(from).join("\n")}`);
    from += at + 1;
  }
}

test("a sign-in that fails is logged from the first frame to the reason, without its password", async () => {
  const phone = await logging();

  const { error } = await phone.connect(user({ password: "wr0ng-passw0rd" }));

  assert.equal(error?.code, 46001);
  const text = await phone.page.evaluate(() => window.mine.text());
  const lines = text.trimEnd().split("\n");
  inOrder(lines, /info {2}connected to ws:/, /verto → login .*"passwd":"\*\*\*"/, /verto ← error .*-32001/, /error 46001 /);
  assert.doesNotMatch(text, /wr0ng/);
  const times = lines.map((line) => Date.parse(line.slice(0, 24)));
  assert.ok(times.every((time, i) => i === 0 || time >= times[i - 1]));
  await phone.page.close();
});

test("a call is logged in the order in which it went, on the console too, without a secret of its frames", async () => {
  const phone = await logging();
  await phone.signIn(user());
  const call = await phone.dial("9196");
  await until("counters are logged", async () => (await phone.page.evaluate(() => window.mine.text())).includes("quality "));
  await call.does("hangup");
  await call.ends();

  const [entries, written, frames] = await phone.page.evaluate(() => {
    return [JSON.parse(window.mine.json()), watched.written, watched.frames.map(({ text }) => text)];
  });
  inOrder(
    entries.map(({ level, message }) => `${level} ${message}`), /verto → login/, /info signed in/, /info ready/,
    /info .* outgoing, 9196/, /verto → telnyx_rtc\.invite/, /info .*connecting/, /info .* → active/, /stats .*counters/,
    /stats .*quality/, /info .* → done/,
  );
  assert.ok(entries.some(({ message }) => /connectionState connected/.test(message)));
  assert.ok(entries.some(({ callId, level }) => callId === call.id && level === "stats"));
  const secrets = frames.flatMap((frame) => [...frame.matchAll(/a=ice-pwd:([^\\]+)/g)].map(([, secret]) => secret));
  assert.ok(secrets.length >= 2 && written.length >= entries.length);
  const said = JSON.stringify([entries, written]);
  for (const secret of secrets) assert.ok(!said.includes(secret), secret);
  assert.doesNotMatch(said, /"1234\b/);
  await phone.close();
});
