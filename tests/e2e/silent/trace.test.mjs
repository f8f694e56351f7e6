import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TARGET } from "../../../scripts/tools.mjs";
import { keepText } from "../../harness/heard.mjs";
import { openPage } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";
import { stage } from "../../harness/stage.mjs";

const here = stage({ gateway: { detachTime: 20 } });

/** What the gateway's `replay` prints of a trace, line by line. */
function replay(trace) {
  const folder = mkdtempSync(join(tmpdir(), "offhook-trace-"));
  try {
    const file = join(folder, "call.trace");
    writeFileSync(file, trace);
    return execFileSync(join(TARGET, "debug", "offhook-gateway"), ["replay", file], { encoding: "utf8" }).split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("what happened to a call in a page happens again at a desk", async () => {
  const page = await openPage(here.browser, `${here.gateway.page}blank.html`);
  await page.evaluate(async (url) => {
    const { connect, traces } = await import("/pkg/trace.js");
    const client = await connect({ url, login: "1000", password: "1234" });
    const call = client.newCall({ destinationNumber: "9196" });
    window.story = { states: [], id: call.id, traces, close: () => client.close() };
    call.on("state", ({ state, previous }) => window.story.states.push(`${previous} -> ${state}`));
  }, here.gateway.freeswitch);
  const states = () => page.evaluate(() => window.story.states);
  const reaches = (change) => until(change, async () => (await states()).includes(change), { within: 40_000 });
  await reaches("connecting -> active");
  await here.gateway.fault("drop&user=1000");
  await reaches("reconnecting -> active");
  await page.evaluate(() => window.story.close());

  const [trace, ...others] = await page.evaluate(() => window.story.traces());
  assert.deepEqual(others, []);
  keepText("trace", trace);
  for (const secret of [/"1234"/, /ice-pwd:(?!secret-)/]) assert.doesNotMatch(trace, secret);
  const id = await page.evaluate(() => window.story.id);
  const replayed = replay(trace).flatMap((line) => line.match(new RegExp(`${id}: (\\w+ -> \\w+)`))?.[1] ?? []);
  assert.deepEqual(replayed.map((change) => change.toLowerCase()), await states());
  await page.close();
});
