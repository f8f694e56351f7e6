// As at a person's desk: local addresses are hidden behind mDNS names until the microphone is allowed.

import { test } from "node:test";
import { signedIn } from "../harness/phone.mjs";
import { MICROPHONE_TONE } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage({ browser: { isPlain: true } });

for (const dialect of ["freeswitch", "telnyx"]) {
  test(`${dialect}: calls go both ways in a browser that hides its addresses`, async () => {
    const alice = await signedIn(here.browser, here.gateway, { dialect });
    const bob = await signedIn(here.browser, here.gateway, { user: "1001", dialect });

    const echo = await alice.dial("9196");
    await echo.hears(MICROPHONE_TONE);
    await echo.flowsBothWays();
    await echo.does("hangup");
    await echo.ends();
    const out = await alice.dial("1001");
    const incoming = await bob.incoming();
    await incoming.does("answer");
    await out.hears(MICROPHONE_TONE);
    await incoming.hears(MICROPHONE_TONE);

    await alice.close();
    await bob.close();
  });
}
