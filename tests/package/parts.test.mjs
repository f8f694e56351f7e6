// What `npm run size -- --parts` counts, and whose it says it is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dissect, owner } from "../../scripts/parts.mjs";
import { ROOT } from "../../scripts/process.mjs";

const text = (words) => [words.length, ...Buffer.from(words)];
const section = (id, ...body) => [id, body.length, ...body];

const NAMES = section(0, ...text("name"), ...section(1, 2, 1, ...text("a::b::c"), 2, ...text("memcpy")));

/** One imported function, and two of its own: one that does nothing, one that does nothing twice. */
const MODULE = Uint8Array.from([
  0, ...Buffer.from("asm"), 1, 0, 0, 0,
  ...section(1, 1, 0x60, 0, 0), ...section(2, 1, ...text("m"), ...text("f"), 0, 0), ...section(3, 2, 0, 0),
  ...section(10, 2, 2, 0, 0x0b, 4, 0, 1, 1, 0x0b), ...NAMES,
]);

test("each function is counted under its own name", () => {
  assert.ok(WebAssembly.validate(MODULE));

  const { functions, data, rest } = dissect(MODULE);

  assert.deepEqual(functions, [{ name: "a::b::c", size: 3 }, { name: "memcpy", size: 5 }]);
  assert.deepEqual([data, rest], [0, MODULE.length - NAMES.length - 8]);
});

test("the parts of what is shipped add up to it", () => {
  const bytes = readFileSync(join(ROOT, "pkg", "offhook_bg.wasm"));

  const { functions, data, rest } = dissect(bytes);

  assert.ok(functions.length > 100 && data > 1_000, `${functions.length} functions, ${data} bytes of data`);
  assert.equal(functions.reduce((sum, { size }) => sum + size, data + rest), bytes.length);
});

for (const [name, group] of [
  ["offhook_core[1f]::verto::json::quote", "offhook_core::verto"],
  ["<offhook_core[1f]::client::Client>::tidy", "offhook_core::client"],
  ["<offhook[2e]::engine::Listener as offhook[2e]::driver::Audience>::hear", "offhook::engine"],
  ["<&str as core[3d]::fmt::Display>::fmt", "core::fmt"],
  ["<fn(u8) -> u8 as core[3d]::ops::function::FnOnce<(u8,)>>::call_once", "core::ops"],
  ["<alloc[4c]::vec::Vec<offhook_core[1f]::call::Call>>::push", "alloc::vec"],
  ["core[3d]::ptr::drop_in_place::<offhook_core[1f]::call::Call>", "core::ptr"],
  ["<offhook[2e]::driver::Driver>::run::{closure#0}", "offhook::driver"],
  ["engine_new externref shim multivalue shim", "bindings"],
  ["memcpy", "compiler_builtins"],
]) {
  test(`${name} belongs to ${group}`, () => {
    assert.deepEqual(owner(name), { crate: group.split("::")[0], group });
  });
}
