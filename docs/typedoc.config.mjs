// How TypeDoc makes the documentation site: see scripts/docs.mjs.

import { existsSync } from "node:fs";
import { join } from "node:path";

const DOCS = import.meta.dirname;
const ROOT = join(DOCS, "..");

/** The package's entries: their types are the reference. */
const NAMES = [
  "index", "store", "react", "audio", "check", "control", "directory", "tones", "quality", "log", "reports", "agent",
  "widget", "trace",
];
const ENTRIES = NAMES.map((name) => join(ROOT, "js", `${name}.d.ts`));

/** The pages in the order of the navigation. */
const PAGES = [
  "getting-started", "calls", "ai-agents", "widget", "control", "tones", "recovery", "devices", "audio", "check",
  "quality", "options", "react", "vue", "svelte",
  "token-servers", "incoming-calls", "directory", "agents", "freeswitch", "csp", "preloading", "server-side", "migrating",
  "troubleshooting", "traces", "logging", "reports", "errors", "privacy",
];

const MDN = "https://developer.mozilla.org/docs/Web/API";

/** Types that others explain. */
const BROWSERS_OWN = ["AbortSignal", "AudioBuffer", "Blob", "MediaStream", "RTCIceServer", "URL"];

/** @type {import("typedoc").TypeDocOptions} */
export default {
  name: "Offhook",
  entryPoints: ENTRIES.filter(existsSync),
  tsconfig: join(DOCS, "tsconfig.json"),
  out: join(ROOT, "target", "docs"),
  plugin: [join(DOCS, "plugin.mjs")],
  readme: join(DOCS, "index.md"),
  projectDocuments: PAGES.map((name) => join(DOCS, `${name}.md`)).filter(existsSync),
  basePath: ROOT,
  disableGit: true,
  disableSources: true,
  favicon: join(ROOT, "www", "favicon.svg"),
  customCss: join(DOCS, "theme.css"),
  customJs: join(DOCS, "page.js"),
  visibilityFilters: {},
  navigationLinks: { GitHub: "https://github.com/offhook/offhook" },
  externalSymbolLinkMappings: { typescript: Object.fromEntries(BROWSERS_OWN.map((name) => [name, `${MDN}/${name}`])) },

  // In the order of the source and of PAGES, not of the alphabet.
  sort: ["source-order"],
  sortEntryPoints: false,
  groupOrder: ["Guide", "Frameworks", "Recipes", "Help", "Reference", "Functions", "Interfaces", "Type Aliases", "*"],
  navigation: { includeGroups: true, includeCategories: true, includeFolders: false },
  headings: { readme: false, document: false },
  searchInDocuments: true,
  searchInComments: true,
  hideGenerator: true,
  highlightLanguages: [
    "js", "ts", "tsx", "html", "json", "sh", "http", "nginx", "xml", "python", "ruby", "php", "java", "vue", "svelte",
    "text",
  ],

  // What is not documented, and a link that leads nowhere, is a mistake.
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: false },
};
