// No log, report, trace, event or line on a console of the whole run has a password, a token or an ICE password in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HEARD } from "../../scripts/tools.mjs";
import { count, findSecrets, readHeard } from "./secrets.mjs";

/** What each source has at least told in a run of the end-to-end tests, in bytes. */
const ENOUGH = { log: 1_000_000, events: 50_000, gateway: 5000, report: 50_000, trace: 10_000, console: 10_000 };

/** How many secrets of each kind such a run has at least. */
const MANY = { passwd: 50, login_token: 5, "ice-pwd": 100, credential: 1 };

const RUNS = ["chromium", "firefox"].map((browser) => [
  browser, readHeard(HEARD, [`tests-e2e-${browser}`, `tests-e2e-silent-${browser}`, `tests-e2e-measured-${browser}`]),
]);
const bindings = readHeard(HEARD, ["tests-bindings-chromium"]);

for (const [browser, heard] of RUNS) {
  test(`${browser}: nothing that was said has a secret in it`, () => {
    assert.ok(heard.length > 0, `nothing was kept: run \`npm test -- e2e-${browser}\` before`);
    const { bytes, kinds } = count(heard);
    for (const [source, least] of Object.entries(ENOUGH)) {
      assert.ok(bytes[source] >= least, `too little to tell: ${source} has ${bytes[source] ?? 0} bytes of ${least}`);
    }
    for (const [kind, least] of Object.entries(MANY)) {
      assert.ok(kinds[kind] >= least, `too few secrets to tell: ${kinds[kind] ?? 0} of ${least} ${kind}`);
    }

    const found = findSecrets(heard);

    assert.deepEqual(found.slice(0, 10), [], `${found.length} secrets`);
  });
}

test("the store's, the hooks' and the frameworks' pages say no secret either", () => {
  assert.ok(bindings.length > 0, "nothing was kept: run `npm test -- bindings` before");
  assert.ok(count(bindings).kinds.passwd > 0);

  assert.deepEqual(findSecrets(bindings).slice(0, 10), []);
});

test("a secret of any kind would be found in any source, wherever it was put", () => {
  const whole = RUNS.flatMap(([, heard]) => heard);
  const kinds = new Map(whole.flatMap(({ secrets }) => secrets.map((one) => [one.kind, one])));
  assert.deepEqual([...kinds.keys()].sort(), Object.keys(MANY).sort());

  for (const { kind, secret } of kinds.values()) {
    for (const source of Object.keys(ENOUGH)) {
      const file = whole.find(({ texts, secrets }) => {
        return texts.some((one) => one.source === source) && secrets.some((one) => one.secret === secret);
      }) ?? { texts: [{ source, text: "x" }], secrets: [{ kind, secret }] };
      const leak = (text) => `${text.slice(0, text.length / 2)}{"passwd": "${secret}"}${text.slice(text.length / 2)}`;
      const texts = file.texts.map((one) => (one.source === source ? { source, text: leak(one.text) } : one));

      const found = findSecrets([{ from: "planted", texts, secrets: file.secrets }]);

      assert.ok(found.some((words) => words.startsWith(`planted: ${source} has the ${kind} `)), `${kind} in ${source}`);
    }
  }
});
