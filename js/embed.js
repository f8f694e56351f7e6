// The widget for pages without a bundler: one script tag. Who holds this file to a hash holds all that it loads to one.

import { OffhookAgentElement, defineElement } from "./widget/element.js";
import { FILES } from "./widget/files.js";

/** What was found to be what it has to be, or is being looked at. @type {Map<string, Promise<unknown>>} */
const seen = new Map();

/** A file that was loaded with its hash is the one that an import of it gets; any other must not be imported at all. */
OffhookAgentElement.vouch = (path, integrity = FILES[path]) => {
  const link = document.createElement("link");
  if (!integrity || !link.relList.supports("modulepreload")) return;
  let known = seen.get(path);
  if (!known) {
    known = new Promise((onload, reject) => {
      const onerror = () => {
        // Who tries again has it looked at again.
        seen.delete(path);
        link.remove();
        reject(new TypeError(`${path} is not there, or not this version's own`));
      };
      const { href } = new URL(path, import.meta.url);
      Object.assign(link, { rel: "modulepreload", href, integrity, crossOrigin: "anonymous", onload, onerror });
      document.head.append(link);
    });
    seen.set(path, known);
  }
  return known;
};

defineElement();
