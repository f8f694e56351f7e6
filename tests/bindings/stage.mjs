// A gateway, a browser, and a page that holds the package, the store, and React.

import { join } from "node:path";
import { openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { startMuteVerto } from "../harness/servers.mjs";
import { scratchFolder } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { ROOT } from "../../scripts/process.mjs";
import { bundlePage } from "./application.mjs";

/** Starts all that a file's tests need; `open()` opens a page with `window.modules` in it. */
export async function bindingsStage() {
  const www = scratchFolder();
  await bundlePage(join(ROOT, "tests", "bindings", "modules.js"), www, "modules");
  const here = stage({ gateway: { www }, also: { mute: startMuteVerto } });
  return Object.assign(here, {
    async open() {
      const page = await openPage(here.browser, `${here.gateway.page}modules.html`);
      await until("the modules are loaded", () => page.evaluate(() => window.modules !== undefined));
      return page;
    },
    /** Options that sign `user` in. */
    as: (user, more) => ({ url: here.gateway.freeswitch, login: user, password: "1234", ...more }),
    /** Options for a gateway that never answers. */
    nowhere: () => ({ url: here.mute.url, login: "1000", password: "1234" }),
  });
}
