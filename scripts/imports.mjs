// Who may import whom: the direction of dependencies that keeps the core pure and the layers apart.

import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "./process.mjs";

/** All that the core may be built from. */
const CORE_CRATES = ["serde", "serde_json", "uuid"];

/** What would give the core a clock, the network, randomness or the web. */
const IMPURE = /\b(?:std::(?:net|fs|thread|process|env)\b|std::time::(?:Instant|SystemTime)|web_sys|js_sys|wasm_bindgen|tokio|getrandom)/;

/** In the core, a module may import modules of its own rank's list only. What is not named here, anybody may. */
const CORE_MAY = {
  client: ["session", "call", "agent", "outbox", "verto"],
  session: ["outbox", "verto"],
  call: ["outbox", "verto"],
  agent: ["call", "outbox", "verto"],
  outbox: ["verto"],
  verto: [],
};

/** The parts of the browser crate that its drivers must not know: they carry out orders of the core. */
const ABOVE_DRIVER = ["client", "call", "options", "events"];

/** Sentences about imports that go the wrong way; none is good. */
export function importViolations() {
  return [...coreManifest(), ...coreModules(), ...driverModules(), ...gatewayModules(), ...scripts()];
}

function coreManifest() {
  const manifest = readFileSync(join(ROOT, "core/Cargo.toml"), "utf8");
  const [, table = ""] = manifest.match(/^\[dependencies\]\n([^[]*)/m) ?? [];
  const crates = [...table.matchAll(/^([\w-]+)\s*[.=]/gm)].map(([, name]) => name);
  return crates.filter((name) => !CORE_CRATES.includes(name)).map((name) => `core/Cargo.toml: the core must not need ${name}`);
}

function coreModules() {
  return rustFiles("core/src").flatMap((file) => {
    const [rank] = modulePath("core/src", file);
    const may = CORE_MAY[rank];
    const wrong = may === undefined ? [] : imports("core/src", file)
      .filter((target) => target in CORE_MAY && target !== rank && !may.includes(target))
      .map((target) => `${file}: ${rank} must not import ${target}`);
    const impure = code(file).match(IMPURE);
    return impure ? [...wrong, `${file}: the core must not use ${impure[0]}`] : wrong;
  });
}

function driverModules() {
  return rustFiles("src/driver").flatMap((file) => imports("src", file)
    .filter((target) => ABOVE_DRIVER.includes(target))
    .map((target) => `${file}: a driver must not import ${target}`));
}

function gatewayModules() {
  return rustFiles("gateway/src").filter((file) => /\boffhook::/.test(code(file)))
    .map((file) => `${file}: the gateway must not import the browser crate`);
}

/**
 * The modules of `js/` stand on the bindings (the hooks on React), those of `www/` on `js/`, and the trace viewer on the
 * core that was made for it; nobody stands on the page.
 */
function scripts() {
  const rules = [
    ["js", /^(?:\.\/|(?:\.\.\/)+pkg\/|\.\.\/(?:(?:agent|media)\/)?\w+\.js$|react$)/],
    ["www", /^(?:\.\.\/pkg\/replay\.js$|(?!.*\bpkg\/)(?:\.{1,2}|\/js)\/)/],
  ];
  return rules.flatMap(([folder, allowed]) => filesUnder(folder, /\.(?:m?js|ts|html)$/).flatMap((file) => {
    const found = readFileSync(join(ROOT, file), "utf8").matchAll(/(?<![\w-])(?:from|import\s*\(|import)\s*["']([^"'\n]+)["']/g);
    return [...found].filter(([, path]) => !allowed.test(path)).map(([, path]) => `${file}: must not import ${path}`);
  }));
}

/** The top-level modules of its own crate that a file names, in `use` or in a path. */
function imports(root, file) {
  const text = code(file);
  const path = modulePath(root, file);
  const found = new Set();
  for (const match of text.matchAll(/\b(crate|(?:super::)*super)::/g)) {
    const up = match[1] === "crate" ? path.length : match[1].split("::").length;
    const base = path.slice(0, Math.max(0, path.length - up));
    const names = namesAt(text, match.index + match[0].length);
    for (const name of names) found.add(base[0] ?? name);
  }
  return [...found];
}

/** The first segments of a path or of a braced list of paths that begins at `start`. */
function namesAt(text, start) {
  if (text[start] !== "{") return text.slice(start).match(/^\w+/) ?? [];
  const names = [];
  let depth = 0;
  let segment = "";
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "{") depth += 1;
    else if (letter === "}") depth -= 1;
    if (depth === 1 && letter !== "{" && letter !== "}" && letter !== ",") segment += letter;
    if ((depth === 1 && letter === ",") || depth === 0) {
      names.push(...(segment.match(/\w+/) ?? []));
      segment = "";
    }
    if (depth === 0) break;
  }
  return names;
}

/** `core/src/call/hold.rs` is `["call", "hold"]`; `mod.rs` and `lib.rs` are their folder. */
function modulePath(root, file) {
  const parts = relative(root, file).replace(/\.rs$/, "").split("/");
  return ["mod", "lib"].includes(parts.at(-1)) ? parts.slice(0, -1) : parts;
}

/** A Rust file without its comments and its tests, which may meet whom they like. */
function code(file) {
  return readFileSync(join(ROOT, file), "utf8").split(/^#\[cfg\(test\)\]/m)[0].replace(/\/\/.*$/gm, "");
}

function rustFiles(folder) {
  return filesUnder(folder, /\.rs$/);
}

function filesUnder(folder, name) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, file)).filter((file) => name.test(file));
}
