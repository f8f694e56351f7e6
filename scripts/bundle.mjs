// From the modules of `js/` to the files that pages load: bundled, as small as they get, and with the hashes by which they
// hold each other to what was built.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, ROOT } from "./process.mjs";

const PKG = join(ROOT, "pkg");
const ENTRY = join(ROOT, "js");

/** What a page downloads. */
export const DOWNLOADS = ["index.js", "offhook_bg.wasm"];
/** What a page downloads instead that wants to know what happened. */
export const RECORDS = ["trace.js", "trace_bg.wasm"];
/** What a page downloads instead that talks to an agent. */
export const TALKS = ["agent.js", "agent_bg.wasm"];
/** What a page downloads beside the entry that wants to know how good its calls are. */
export const JUDGES = ["quality.js", "quality_bg.wasm"];
/** Modules of their own, which import the entry. */
const BESIDE = [
  "store.js", "react.js", "audio.js", "check.js", "control.js", "directory.js", "tones.js", "log.js", "reports.js",
  "quality.js", "schema.js",
];
/** What talks to an agent loads when it is needed. */
const AGENT_PARTS = ["agent/images.js", "agent/run.js"];
/** The widget: what a page loads, and in a folder what that loads when it is needed. */
const WIDGET = ["widget.js", "embed.js"];
const PANEL = "widget/panel.js";
const HASHES = "widget/hashes.js";
const LANGUAGES = readdirSync(join(ENTRY, "widget", "lang")).filter((name) => name.endsWith(".js")).map((name) => `widget/lang/${name}`);
const LATER = LANGUAGES.map((name) => name.replace("lang/", "lang/later/"));
const PARTS = [
  "asks", "bars", "ended", "gate", "ground", "muted", "pictures", "rich", "settings", "styles", "trouble",
].map((name) => `widget/${name}.js`);
/** What the widget's client does without, until it is needed. */
const LEAN = ["widget/judge.js", "widget/words.js"];
/** What the panel loads when it is needed. */
const LATE = [...PARTS, ...LATER, ...LEAN, ...AGENT_PARTS, "schema.js"];

/** All of it. */
export const BUNDLES = [
  "index.js", "trace.js", "agent.js", ...BESIDE, ...AGENT_PARTS, ...WIDGET, PANEL, HASHES, ...PARTS, ...LANGUAGES, ...LATER, ...LEAN,
];

/** What is imported by whoever is bundled, and stays a file of its own. */
const APART = new Set([PANEL, HASHES, ...LANGUAGES, ...LATE].map((name) => join(ENTRY, name)));

/**
 * What the package ships: the entry and the bindings in one file. The store, what is for React and what else an
 * application may leave out stay modules of their own that import it, so that an application has the entry once. In a
 * checkout `js/` runs as it is.
 *
 * @param {{ recording: string, listening: string }} bindings of the other modules than the entry's
 */
export async function bundle({ recording, listening }) {
  const { build, stop } = await import("esbuild");
  const written = (finish) => async (names, ...plugins) => {
    const { outputFiles, metafile } = await build({
      entryPoints: names.map((name) => join(ENTRY, name)), outbase: ENTRY, outdir: PKG, bundle: true, write: false,
      minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning", absWorkingDir: ROOT,
      metafile: true, plugins,
    });
    for (const { path, text } of outputFiles) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await finish(text));
    }
    return metafile.inputs;
  };
  const [plain, bundled] = [written((text) => text), written(squeezed)];
  const inputs = await bundled(["index.js"], apart, besideTheModule("offhook_bg.wasm"));
  if (!inputs["js/module.js"]) throw new Failure("js/module.js is not in the entry: it would trust any module");
  await plain(["trace.js"], apart, besideTheModule("trace_bg.wasm"), keeping(recording));
  await bundled(["agent.js"], apart, besideTheModule("agent_bg.wasm"), speaking(listening));
  await bundled(AGENT_PARTS, apart);
  await plain(BESIDE, besideTheModule("quality_bg.wasm", "./", /[\\/]js[\\/]quality[\\/]module\.js$/), beside);
  await bundleWidget(bundled, listening);
  // It leaves a process running that waits for more to do.
  await stop();
}

/** From the inside out: each file holds those that it loads to what they are. */
async function bundleWidget(bundled, listening) {
  // Its folder is packed as it is.
  rmSync(join(PKG, "widget"), { recursive: true, force: true });
  await bundled([...LANGUAGES, ...LATER]);
  await bundled(PARTS, apart, sheets);
  await bundled(LEAN, atThePanel);
  await bundled([HASHES], apart, vouched(LATE));
  await bundled([PANEL], lean, apart, sheets, vouched([HASHES]), besideTheModule("agent_bg.wasm", "../"), speaking(listening));
  await bundled(WIDGET, apart, sheets, vouched([PANEL, ...LANGUAGES]));
}

/** A second look, at what is held to a size: what one minifier leaves, the other finds. It takes its time. */
async function squeezed(text) {
  const { minify } = await import("terser");
  const { code } = await minify(text, {
    module: true, ecma: 2020, compress: { ecma: 2020, passes: 2, keep_fargs: false, pure_getters: true, unsafe_arrows: true },
  });
  return `${code}\n`;
}

/** Has the bundle look for the module in the folder of the entries, and take no other than the one that was built with it. */
function besideTheModule(module, folder = "./", filter = /[\\/]js[\\/]module\.js$/) {
  const contents = `
    export const address = () => new URL("${folder}${module}", import.meta.url);
    export const integrity = ${JSON.stringify(integrityOf(module))};
  `;
  return {
    name: "beside the module",
    setup: ({ onLoad }) => onLoad({ filter }, () => ({ contents })),
  };
}

/**
 * Has a bundle import the entry and the other modules beside it, and take in what only it needs. The class of all errors
 * is the entry's own, or `instanceof` would not know them.
 */
const beside = {
  name: "beside the entry",
  setup({ onResolve }) {
    const own = new Map(["index.js", ...BESIDE].map((name) => [join(ENTRY, name), `./${name}`]));
    own.set(join(ENTRY, "offhook-error.js"), "./index.js");
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const name = kind === "entry-point" ? undefined : own.get(join(resolveDir, path));
      return name && { path: name, external: true };
    });
    onResolve({ filter: /^[^.]/ }, ({ kind }) => (kind === "entry-point" ? undefined : { external: true }));
  },
};

/** Has bundles, all of one folder, load what is apart when they ask for that. */
const apart = {
  name: "apart",
  setup({ onResolve }) {
    let root = "";
    onResolve({ filter: /^[./]/ }, ({ path, resolveDir, kind }) => {
      const file = join(resolveDir, path);
      if (kind === "entry-point") {
        root = "../".repeat(relative(ENTRY, path).split(/[\\/]/).length - 1) || "./";
        return undefined;
      }
      return APART.has(file) ? { path: root + relative(ENTRY, file), external: true } : undefined;
    });
  },
};

/** Has a bundle do without what judges options and without the words of errors, until they are loaded. */
const lean = {
  name: "lean",
  setup({ onResolve }) {
    const places = new Map(Object.entries({
      "options.js": "unjudged.js", "agent/options.js": "unjudged.js",
      "phrases.js": "unworded.js", "offhook-error.js": "unworded.js",
    }).map(([name, place]) => [join(ENTRY, name), join(ENTRY, "widget", place)]));
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const place = places.get(join(resolveDir, path));
      return place && { path: place };
    });
  },
};

/** Has what the panel loads say by the panel's own class what is wrong, or `instanceof` would not know it. */
const atThePanel = {
  name: "at the panel",
  setup: ({ onResolve }) => onResolve({ filter: /[\\/]error\.js$/ }, () => ({ path: "./panel.js", external: true })),
};

/** Style sheets in scripts, as small as the scripts. */
const sheets = {
  name: "sheets",
  setup: ({ onLoad, esbuild }) => onLoad({ filter: /\.css\.js$/ }, async ({ path }) => {
    const { default: text } = await import(`${pathToFileURL(path)}?${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
    const { code } = await esbuild.transform(text, { loader: "css", minify: true });
    return { contents: `export default ${JSON.stringify(code.trim())}` };
  }),
};

/** Has a bundle know what the files that it loads have to be. */
function vouched(names) {
  const hashes = Object.fromEntries(names.map((name) => [name, integrityOf(name, "sha256")]));
  return {
    name: "vouched",
    setup: ({ onLoad }) => onLoad({ filter: /[\\/]js[\\/]widget[\\/]files\.js$/ }, () => {
      return { contents: `export const FILES = ${JSON.stringify(hashes)}` };
    }),
  };
}

/** Has the bundle speak to the module that records, through what keeps its traces. */
function keeping(bindings) {
  const keeper = join(ENTRY, "recording.js");
  return {
    name: "keeping",
    setup: ({ onResolve }) => onResolve({ filter: /pkg[\\/]offhook\.js$/ }, ({ importer }) => {
      return { path: importer === keeper ? bindings : keeper };
    }),
  };
}

/** Has the bundle speak to another module. */
function speaking(bindings) {
  return {
    name: "speaking",
    setup: ({ onResolve }) => onResolve({ filter: /pkg[\\/]offhook\.js$/ }, () => ({ path: bindings })),
  };
}

/** What pages and content delivery networks can hold a file to (Subresource Integrity). */
export function integrityOf(name, hash = "sha384") {
  return `${hash}-${createHash(hash).update(readFileSync(join(PKG, name))).digest("base64")}`;
}
