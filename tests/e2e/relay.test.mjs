// Calls that may only be relayed: through Debian's coturn, in both dialects.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startCoturn } from "../harness/coturn.mjs";
import { VOICES, person, talking } from "../harness/people.mjs";
import { signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ also: { relay: startCoturn } });

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: a call that may only be relayed is heard both ways through the relay, and shows no address`, async () => {
    const { iceServers } = here.relay;
    const phone = await signedIn(here.browser, here.gateway, { dialect, forceRelay: true, iceServers });
    const call = await phone.dial("9196");
    await call.reaches("active");
    await call.hears(MICROPHONE_TONE);
    await call.flowsBothWays();

    assert.deepEqual(await waysOf(phone), ["relay"]);
    const shown = JSON.stringify(await phone.frames("out")).match(/ typ \w+/g);
    assert.deepEqual([...new Set(shown)], [" typ relay"]);
    await phone.close();
  });

  test(`${dialect}: a call that is answered may only be relayed, too`, async () => {
    const { iceServers } = here.relay;
    const phone = await person(here, "1001", { dialect, forceRelay: true, iceServers });
    const other = await person(here, "1000");
    await talking(other, phone, "1001", VOICES[1000]);

    assert.deepEqual(await waysOf(phone), ["relay"]);
    await phone.close();
    await other.close();
  });
}

/** Runs in the page: what kinds of its own candidates carry media. */
async function waysTaken() {
  const ways = [];
  for (const peer of watched.peers) {
    const report = await peer.getStats();
    report.forEach((entry) => {
      const isTaken = entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded" && entry.bytesSent > 0;
      if (isTaken) ways.push(report.get(entry.localCandidateId).candidateType);
    });
  }
  return [...new Set(ways)];
}

/** The same, once there is any: media flows before the browser calls its way nominated. */
function waysOf({ page }) {
  return until("media has a way", async () => {
    const ways = await page.evaluate(waysTaken);
    return ways.length > 0 && ways;
  });
}
