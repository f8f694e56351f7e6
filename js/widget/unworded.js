// In place of what has the words of errors (`phrases.js`), in the widget: they are loaded where something failed.

import { late } from "../late.js";
import { wording } from "../wording.js";

/** What the core says in place of words. */
const MARKS = /[\ue000-\uf8ff]/g;

/** @type {((text: string) => string) | undefined} */
let speller;

/** Errors whose words are on their way. @type {WeakMap<object, Promise<void>>} */
const coming = new WeakMap();

/** Every failure that the widget tells of. */
export class OffhookError extends Error {
  /** @param {{ message: string, [field: string]: any }} fields */
  constructor(fields) {
    const { message, ...others } = wording(fields, spell);
    super(message);
    Object.assign(this, others);
    if (speller || fields.message.search(MARKS) < 0) return;
    coming.set(this, loadWords().then(() => {
      Object.assign(this, wording(fields, spell));
    }));
  }
}
Object.defineProperty(OffhookError.prototype, "name", { value: "OffhookError" });

/** Without words it is left at where they would be. @param {string} text */
export function spell(text) {
  return speller?.(text) ?? text.replace(MARKS, "…");
}

/** Has all that fails from here on told in words. Without them there is the code. */
export async function loadWords() {
  try {
    speller ??= (await late("widget/words.js", () => import("./words.js"))).spell;
  } catch {
    // That they are missing is no failure of its own: what failed is told all the same.
  }
}

/** Until an error has its words, or cannot have them: nothing where it has. @param {any} error */
export function wordsFor(error) {
  return coming.get(error);
}
