// What wasm-bindgen writes around a module, without what only other modules need: who loads ours is known, its texts are
// short, and browsers that lack what is looked for here cannot run the rest of the package.

import { Failure } from "./process.mjs";

/** Browsers compile while they download only what is served as WebAssembly. */
const LOADER = `
let wasm;

export default async function init({ module_or_path }) {
    const response = await module_or_path;
    if (!response.ok) throw new Error(\`HTTP \${response.status}\`);
    const type = response.headers.get("Content-Type");
    if (type !== "application/wasm") console.warn(\`served as \${type}: loads slower\`);
    const load = type === "application/wasm"
        ? WebAssembly.instantiateStreaming(response, __wbg_get_imports())
        : WebAssembly.instantiate(await response.arrayBuffer(), __wbg_get_imports());
    wasm = (await load).instance.exports;
    wasm.__wbindgen_start();
}
`;

/** Nearly all texts are ASCII, and fit at once; any other is measured, and fits then. An encoder for each text is dear. */
const ENCODE = `
const encoder = new TextEncoder();

function passText(text, size = text.length) {
    const ptr = wasm.__wbindgen_malloc(size, 1);
    if (encoder.encodeInto(text, bytesAt(ptr, size)).read === text.length) return [ptr, size];
    wasm.__wbindgen_free(ptr, size, 1);
    return passText(text, encoder.encode(text).length);
}
`;

const ENCODE_ROW = `
function passRow(row) {
    const ptr = wasm.__wbindgen_malloc(row.length * 8, 8);
    new Float64Array(wasm.memory.buffer, ptr, row.length).set(row);
    return [ptr, row.length];
}
`;

/**
 * Each time a view of its own: what was kept would be of no use once the memory grows. It stays far below the two
 * gigabytes from which on places are negative.
 */
const MEMORY = `
function bytesAt(ptr, length) {
    return new Uint8Array(wasm.memory.buffer, ptr, length);
}
`;

/** Nothing here throws but what the module asks for. */
const RETURN = `
        if (ret[3]) throw takeFromExternrefTable0(ret[2]);
        const text = getStringFromWasm0(ret[0], ret[1]);
        wasm.__wbindgen_free(ret[0], ret[1], 1);
        return text;
`;

/** A decoder for many texts: making one costs more than a text, and Safari's decode no more than two gigabytes in all. */
const DECODE = `
let decoder;
let left = 0;

function decodeText(bytes) {
    left -= bytes.length;
    if (left < 0) {
        decoder = new TextDecoder("utf-8", { ignoreBOM: true });
        left = 1e9;
    }
    return decoder.decode(bytes);
}
`;

const CHANGES = [
  [/^let wasmModule, wasmInstance, wasm;\n.*/ms, LOADER],
  [/^function passStringToWasm0\(.*?^}\n/ms, ENCODE],
  [/^function passArrayF64ToWasm0\(.*?^}\n/ms, ENCODE_ROW],
  [/^let cachedFloat64ArrayMemory0 = null;\n.*?^}\n/ms, ""],
  [/^let WASM_VECTOR_LEN = 0;\n/m, ""],
  [/^let cachedTextDecoder = .*?^const cachedTextEncoder = .*?^}\n/ms, DECODE],
  [/^let cachedUint8ArrayMemory0 = null;\n.*?^}\n/ms, MEMORY],
  [/^function getArrayU8FromWasm0\(.*?^}\n/ms, ""],
  [/\bgetArrayU8FromWasm0\b/g, "bytesAt"],
  [/^ +ptr = ptr >>> 0;\n( +return decodeText\()getUint8ArrayMemory0\(\)\.subarray\(ptr, ptr \+ len\)/m, "$1bytesAt(ptr, len)"],
  // What has no room for a text has trapped, and runs no more: there is nothing to give back.
  [/^( +)try \{\n((?: +(?:ptr|len)\d+ = [^\n]+;\n)+)\1\} catch \(e\) \{\n.*?^\1\}\n/gms, "$2"],
  [/^ +let ptr\d+, len\d+.*;\n/gm, ""],
  [/^ {4}\w+\(.*?^ {4}\}\n/gms, spread],
  [/^ +let deferred(\d+)_0;\n +let deferred\1_1;\n +try \{\n( +const ret = [^\n]+;\n) +var .*?^ {8}\}\n/gms, `$2${RETURN}`],
  [/^if \(Symbol\.dispose\) .*\n/m, ""],
  [/^ +__proto__: null,\n/gm, ""],
  // Numbers of sockets, peers and tickets, which are counted from one on.
  [/(?<=\b(?:arg\d|ret\[0\])) >>> 0/g, ""],
  // An engine holds the page's functions and they hold it: it is freed by hand, or never.
  [/^ +EngineFinalization\.\w+\(.*\);\n/gm, ""],
  [/^const EngineFinalization = .*?;\n/ms, ""],
];

/** How what is handed over by its place and its length is called in wasm-bindgen's words, and in ours. */
const PASSED = { passStringToWasm0: "passText", passArrayF64ToWasm0: "passRow" };

/** A method that hands its texts and rows over where it calls. */
function spread(method) {
  const given = new Map();
  const pass = /^ +(?:const )?ptr(\d+) = (pass\w+ToWasm0)\((\w+), .+\);\n +(?:const )?len\1 = WASM_VECTOR_LEN;\n/gm;
  return method
    .replace(pass, (_, number, way, name) => {
      given.set(number, `...${PASSED[way]}(${name})`);
      return "";
    })
    .replace(/\bptr(\d+), len\1\b/g, (pair, number) => given.get(number) ?? pair);
}

/** What was taken out: where it is still used, that would fail only when it runs. */
const GONE = /\b(?:WASM_VECTOR_LEN|getUint8ArrayMemory0|pass\w+ToWasm0)/;

/** The bindings, as small as that. */
export function trim(script) {
  const trimmed = CHANGES.reduce((text, [from, to]) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Failure(`the bindings have nothing like ${from}`);
    return changed;
  }, script);
  const [left] = trimmed.match(GONE) ?? [];
  if (left) throw new Failure(`the trimmed bindings still use ${left}`);
  return trimmed;
}
