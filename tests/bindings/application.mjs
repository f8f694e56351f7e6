// Applications that have the package and their framework installed, and the pages that they are bundled into.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { compile } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { scratchFolder } from "../harness/sound.mjs";
import { ROOT } from "../../scripts/process.mjs";

/** What an application may import, as npm would have installed it. */
const INSTALLED = ["react", "react-dom", "vue", "svelte", "@types/react", "@types/react-dom"];

/** A folder with these files in it, by name, beside what an application has installed. */
export function application(files) {
  const folder = scratchFolder();
  mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
  for (const name of INSTALLED) symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  symlinkSync(ROOT, join(folder, "node_modules", "offhook"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "application", private: true, type: "module" }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Bundles a module into a page `name.html` in `www`. The package's own modules are loaded as they are shipped. */
export async function bundlePage(entry, www, name) {
  await build({
    entryPoints: [entry], outfile: join(www, `${name}.js`), bundle: true, format: "esm", target: "es2022",
    jsx: "automatic",
    // React's StrictMode does nothing in production.
    define: { "process.env.NODE_ENV": '"development"' }, conditions: ["development"],
    plugins: [shipped, vue, svelte], nodePaths: [join(ROOT, "node_modules")], logLevel: "warning",
  });
  writeFileSync(join(www, `${name}.html`), `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title>
    <div id="app"></div><script type="module" src="${name}.js"></script></html>`);
}

/** The entry, the store, the directory and the widget come from the server; what is for React is bundled, since it needs the page's own React. */
const shipped = {
  name: "shipped",
  setup({ onResolve }) {
    const react = join(ROOT, "pkg", "react.js");
    const entry = { path: "/pkg/index.js", external: true };
    const store = { path: "/pkg/store.js", external: true };
    onResolve({ filter: /^offhook$/ }, () => entry);
    onResolve({ filter: /^offhook\/store$/ }, () => store);
    onResolve({ filter: /^offhook\/directory$/ }, () => ({ path: "/pkg/directory.js", external: true }));
    onResolve({ filter: /^offhook\/widget$/ }, () => ({ path: "/pkg/widget.js", external: true }));
    onResolve({ filter: /^offhook\/react$/ }, () => ({ path: react }));
    onResolve({ filter: /^\.\/store\.js$/ }, ({ importer }) => (importer === react ? store : undefined));
  },
};

const vue = {
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor, errors } = parse(readFileSync(path, "utf8"), { filename: path });
      if (errors.length > 0) throw errors[0];
      return { contents: compileScript(descriptor, { id: path, inlineTemplate: true }).content };
    });
  },
};

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { js, warnings } = compile(readFileSync(path, "utf8"), { filename: path, generate: "client", dev: false });
      if (warnings.length > 0) throw new Error(warnings.map(({ message }) => message).join("\n"));
      return { contents: js.code };
    });
  },
};
