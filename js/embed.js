// The widget for pages without a bundler: one script tag. Who holds this file to a hash holds all that it loads to one.

import { OffhookAgentElement, defineElement } from "./widget/element.js";
import { FILES } from "./widget/files.js";

/** @type {Set<string>} */
const seen = new Set();

/** A file that was loaded with its hash is the one that an import of it gets. */
OffhookAgentElement.vouch = (path, integrity = FILES[path]) => {
  if (!integrity || seen.has(path)) return;
  seen.add(path);
  const link = document.createElement("link");
  const { href } = new URL(path, import.meta.url);
  Object.assign(link, { rel: "modulepreload", href, integrity, crossOrigin: "anonymous" });
  document.head.append(link);
};

defineElement();
