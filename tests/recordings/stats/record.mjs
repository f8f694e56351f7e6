// Records what a real browser's `getStats()` says of a call to the gateway, second by second:
//
//   OFFHOOK_BROWSER=firefox node tests/recordings/stats/record.mjs
//
// Addresses, certificates and what else is of one machine only is left out.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BROWSER, launchBrowser } from "../../harness/browser.mjs";
import { startGateway } from "../../harness/gateway.mjs";
import { signedIn } from "../../harness/phone.mjs";
import { until } from "../../harness/poll.mjs";

/** How many reports: enough for a few samples. */
const REPORTS = 8;

/** Of a network that is for documentation. */
const ADDRESS = "203.0.113.7";

const gateway = await startGateway();
const browser = await launchBrowser();
try {
  const phone = await signedIn(browser, gateway);
  const call = await phone.dial("9196");
  await call.reaches("active");
  await phone.page.evaluate((id) => {
    window.reports = [];
    window.phone.calls.get(id).on("report", ({ report }) => window.reports.push([...report.values()]));
  }, call.id);
  const areThere = () => phone.page.evaluate((count) => window.reports.length >= count, REPORTS);
  await until("the reports", areThere, { within: 60_000 });
  const reports = await phone.page.evaluate((count) => window.reports.slice(0, count), REPORTS);
  const about = `${await browser.version()}, in a call to the gateway's echo over loopback, a report each second`;
  const path = join(import.meta.dirname, `${BROWSER}.json`);
  const text = reports.map((report) => `    ${JSON.stringify(report.filter(isTold).map(plain))}`).join(",\n");
  writeFileSync(path, `{\n  "about": ${JSON.stringify(about)},\n  "reports": [\n${text}\n  ]\n}\n`);
  await call.does("hangup");
  await phone.close();
} finally {
  await browser.close();
  await gateway.stop();
}

function isTold({ type }) {
  return type !== "certificate";
}

function plain({ usernameFragment, iceLocalUsernameFragment, localCertificateId, remoteCertificateId, ...entry }) {
  for (const name of ["address", "ip", "relatedAddress"]) if (entry[name]) entry[name] = ADDRESS;
  return entry;
}
