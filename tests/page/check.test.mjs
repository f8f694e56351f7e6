// The page of the check before a call, in each of its states, and for those who see, hear or press otherwise.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openCheckPage } from "../harness/checkpage.mjs";
import { startCoturn } from "../harness/coturn.mjs";
import { isForEverybody } from "../harness/everybody.mjs";
import { nothingIsLeft } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

describe("with a microphone", () => {
  const here = stage({ gateway: { www: "www" }, also: { relay: startCoturn } });
  const turn = (more = "") => `turn:${here.relay.host}:${here.relay.port}${more}`;

  test("before it begins, with its options open", async () => {
    const check = await openCheckPage(here);
    await isForEverybody(check.page, "idle");
    await check.click("options");
    await check.click("call-echo");
    await isForEverybody(check.page, "options");
  });

  test("while it listens, and stopped", async () => {
    const check = await openCheckPage(here);
    // Longer than all looks at it take.
    await check.page.evaluate(() => {
      const set = window.setTimeout;
      window.setTimeout = (work, ms, ...rest) => set(work, ms === 4_000 ? 120_000 : ms, ...rest);
    });
    await check.click("start");
    await until("it listens", async () => (await check.stateOf("microphone")) === "running");
    await isForEverybody(check.page, "running");

    await check.page.keyboard.press("Enter");
    assert.equal(await check.ends(), undefined);
    assert.match(await check.words("verdict"), /Stopped/);
    assert.equal(await check.page.evaluate(() => document.activeElement.dataset.testid), "start", "the focus is lost");
    await nothingIsLeft(check.page);
  });

  test("with reasons, of which each has its advice", async () => {
    const servers = `${turn()}, ${turn("?transport=tcp")}`;
    const check = await openCheckPage(here, { turn: servers, ...here.relay.credentials, credential: "wrong" });
    await check.click("start");
    assert.equal(await check.ends(), "degraded");
    assert.match(await check.words("reasons", "ice"), /refuses the user name.*valid now/);
    await isForEverybody(check.page, "degraded");
  });

  test("what cannot be checked says why", async () => {
    const check = await openCheckPage(here, { url: "pbx.example" });
    await check.click("start");
    await until("it says why", async () => /ws:\/\//.test(await check.words("outcome-words")));
    await isForEverybody(check.page, "misuse");
  });
});

describe("with a microphone that is refused", () => {
  const here = stage({ gateway: { www: "www" }, browser: { microphone: "refused" } });

  test("it says so, and what to do", async () => {
    const check = await openCheckPage(here, { url: "ws://127.0.0.1:9/" });
    await check.click("start");
    assert.equal(await check.ends(), "permissionDenied");
    assert.match(await check.words("verdict"), /not allowed/);
    assert.match(await check.words("outcome-words"), /Allow the microphone/);
    assert.deepEqual([await check.stateOf("microphone"), await check.stateOf("gateway")], ["skipped", "blocked"]);
    await isForEverybody(check.page, "refused");
  });
});
