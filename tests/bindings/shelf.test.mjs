// A directory in a database, which other pages of the same origin open, too.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { OffhookError } from "offhook";
import { openDirectory } from "offhook/directory";
import { until } from "../harness/poll.mjs";

const opened = [];

/** Opens a directory, each test's own, as one of several pages may. */
async function open(name, options) {
  const directory = await openDirectory({ name, ...options });
  opened.push(directory);
  return directory;
}

afterEach(() => {
  for (const directory of opened.splice(0)) directory[Symbol.dispose]();
});

const ADA = { number: 49301234567, label: "Ada" };
const BEN = { number: 49307654321, action: "silent", label: "Ben" };

test("what one page has loaded, the next one has, with its versions and its switch", async () => {
  const before = await open("again");
  await before.replaceAll([ADA, BEN], { version: 4 });
  await before.replaceAll([ADA], { source: "crm" });
  await before.setEnabled(false);
  before[Symbol.dispose]();

  const after = await open("again");

  assert.deepEqual([after.persistent, after.enabled], [true, false]);
  assert.deepEqual([...after.entries()], [ADA, BEN]);
  const sources = after.sources.map(({ source, version, size }) => [source, version, size]);
  assert.deepEqual(sources, [["", 4, 2], ["crm", undefined, 1]]);
  assert.equal((await after.applyDelta({ version: 5, from: 4 })).outcome, "loaded");
});

test("directories of other names have other entries", async () => {
  await (await open("one")).replaceAll([ADA]);

  assert.deepEqual([...(await open("two")).entries()], []);
});

test("what changes in one page, changes in the others", async () => {
  const [here, there] = [await open("shared"), await open("shared")];
  const told = [];
  there.on("changed", ({ source }) => told.push(source));

  await here.replaceAll([ADA, BEN]);
  await until("the entries are there", () => there.lookup(ADA.number)?.label === "Ada");
  await here.applyDelta({ remove: [ADA.number] });
  await until("one has gone", () => there.lookup(ADA.number) === undefined);
  await here.setEnabled(false);
  await until("it is off", () => !there.enabled);
  await here.setEnabled(true);
  await here.remove("");
  await until("all have gone", () => there.sources.length === 0);

  assert.deepEqual(told, ["", "", undefined, undefined, ""]);
});

test("of two pages that apply the same delta, one changes something", async () => {
  const [here, there] = [await open("race"), await open("race")];
  await here.replaceAll([ADA], { version: 1 });
  const delta = { version: 2, from: 1, add: [BEN] };

  const reports = await Promise.all([here.applyDelta(delta), there.applyDelta(delta)]);

  assert.deepEqual(reports.map(({ outcome, version }) => [outcome, version]), [["loaded", 2], ["unchanged", 2]]);
  assert.deepEqual([...there.entries()], [ADA, BEN]);
});

test("a load that cannot be stored changes nothing, and says so", async () => {
  const directory = await open("full");
  await directory.replaceAll([ADA]);
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  try {
    const failure = await directory.replaceAll([BEN]).catch((error) => error);
    assert.ok(failure instanceof OffhookError);
    assert.deepEqual([failure.kind, failure.code, failure.cause.name], ["refused", 60150, "QuotaExceededError"]);
  } finally {
    IDBObjectStore.prototype.put = put;
  }

  assert.deepEqual([...directory.entries()], [ADA]);
  assert.deepEqual([...(await open("full")).entries()], [ADA]);
});

test("a database that the browser has closed is opened again", async () => {
  const directory = await open("closed");
  await directory.replaceAll([ADA]);
  const { transaction } = IDBDatabase.prototype;
  let failures = 0;
  IDBDatabase.prototype.transaction = function (...args) {
    if (failures > 0) return transaction.apply(this, args);
    failures += 1;
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  };
  try {
    await directory.applyDelta({ add: [BEN] });
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }

  assert.equal(failures, 1);
  assert.deepEqual([...directory.entries()], [ADA, BEN]);
});

test("a page that deletes the database does not have to wait for this one", async () => {
  const directory = await open("deleted");
  await directory.replaceAll([ADA]);

  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase("offhook deleted");
    Object.assign(request, { onsuccess: resolve, onerror: reject });
  });
  await directory.applyDelta({ add: [BEN] });

  assert.deepEqual([...directory.entries()], [BEN]);
});

test("where the browser refuses a database, entries are kept in memory", async () => {
  const real = indexedDB.open;
  indexedDB.open = () => {
    throw new DOMException("not in this window", "SecurityError");
  };
  try {
    const directory = await open("refused");
    await directory.replaceAll([ADA]);
    assert.equal(directory.persistent, false);
    assert.equal(directory.lookup(ADA.number).label, "Ada");
  } finally {
    indexedDB.open = real;
  }
});
