// What nearly every test file needs: a gateway and a browser, for all tests of the file, and gone after them.

import { after, afterEach, before } from "node:test";
import { launchBrowser } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";
import { closePages } from "./phone.mjs";

/**
 * Starts both before the file's tests; what it returns is filled in by then. `also` starts what stands on the gateway,
 * by name; each must have a `stop`. Where tests run `together`, the pages that a failed one leaves stay until the end.
 */
export function stage({ gateway = {}, browser = {}, also = {}, together = false } = {}) {
  const set = {};
  const started = [];
  before(async () => {
    started.push(set.gateway = await startGateway(gateway));
    for (const [name, start] of Object.entries(also)) started.push(set[name] = await start(set.gateway));
    set.browser = await launchBrowser(browser);
  });
  if (!together) afterEach(closePages);
  after(async () => {
    await set.browser?.close();
    for (const { stop } of started.reverse()) await stop();
  });
  return set;
}
