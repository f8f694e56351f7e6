// What corners stand on: the words that the first moments of a conversation need none of, and the looks that they share.

/** @typedef {import("./language.js").Texts} Texts */

export { default as styles } from "./ground.css.js";

/** @type {Record<string, () => Promise<{ default: Texts }>>} */
const LOADERS = {
  en: () => import("./lang/later/en.js"),
  ar: () => import("./lang/later/ar.js"),
  de: () => import("./lang/later/de.js"),
  es: () => import("./lang/later/es.js"),
  fr: () => import("./lang/later/fr.js"),
  it: () => import("./lang/later/it.js"),
  ja: () => import("./lang/later/ja.js"),
  nl: () => import("./lang/later/nl.js"),
  pl: () => import("./lang/later/pl.js"),
  pt: () => import("./lang/later/pt.js"),
  tr: () => import("./lang/later/tr.js"),
  zh: () => import("./lang/later/zh.js"),
};

/**
 * @param {string} language
 * @param {typeof import("../late.js").late} late
 */
export async function loadTexts(language, late) {
  const load = /** @type {() => Promise<{ default: Texts }>} */ (LOADERS[language]);
  return (await late(`widget/lang/later/${language}.js`, load)).default;
}
