// What nearly every test file needs: a gateway and a browser, for all tests of the file, and gone after them.

import { after, afterEach, before } from "node:test";
import { launchBrowser } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";
import { closePages } from "./phone.mjs";

/** Starts both before the file's tests. What it returns is filled in by then. */
export function stage({ gateway = {}, browser = {} } = {}) {
  const set = { gateway: undefined, browser: undefined };
  before(async () => {
    set.gateway = await startGateway(gateway);
    set.browser = await launchBrowser(browser);
  });
  afterEach(closePages);
  after(async () => {
    await set.browser?.close();
    await set.gateway?.stop();
  });
  return set;
}
