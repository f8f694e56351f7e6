// Which language the widget speaks, and the few words that it needs before it is loaded.

/** @typedef {Record<string, string>} Texts */

import { keep, kept } from "./storage.js";

/** What the closed widget says in each language: to call, to write. */
const CLOSED = /** @type {Record<string, [string, string]>} */ ({
  en: ["Talk to us", "Write to us"],
  ar: ["تحدّث إلينا", "اكتب إلينا"],
  de: ["Sprechen Sie mit uns", "Schreiben Sie uns"],
  es: ["Habla con nosotros", "Escríbenos"],
  fr: ["Parlez-nous", "Écrivez-nous"],
  it: ["Parla con noi", "Scrivici"],
  ja: ["話してみる", "メッセージを書く"],
  nl: ["Praat met ons", "Schrijf ons"],
  pl: ["Porozmawiaj z nami", "Napisz do nas"],
  pt: ["Fale connosco", "Escreva-nos"],
  tr: ["Bizimle konuşun", "Bize yazın"],
  zh: ["与我们通话", "给我们留言"],
});

const RIGHT_TO_LEFT = ["ar"];

/** Where the person's own choice is kept. */
const KEY = "offhook-language";

/** @type {Record<string, () => Promise<{ default: Texts }>>} */
const LOADERS = {
  en: () => import("./lang/en.js"),
  ar: () => import("./lang/ar.js"),
  de: () => import("./lang/de.js"),
  es: () => import("./lang/es.js"),
  fr: () => import("./lang/fr.js"),
  it: () => import("./lang/it.js"),
  ja: () => import("./lang/ja.js"),
  nl: () => import("./lang/nl.js"),
  pl: () => import("./lang/pl.js"),
  pt: () => import("./lang/pt.js"),
  tr: () => import("./lang/tr.js"),
  zh: () => import("./lang/zh.js"),
};

/** Every language that there is. */
export const LANGUAGES = Object.keys(CLOSED);

/**
 * The page's wish, else the person's, else the server's, else the browser's, else English.
 *
 * @param {string | undefined} wished
 * @param {string | undefined} server
 */
export function chooseLanguage(wished, server) {
  for (const tag of [wished, kept(KEY), server, ...navigator.languages]) {
    const known = knownLanguage(tag);
    if (known) return known;
  }
  return "en";
}

/** The language of a tag such as `pt-BR`, if it is one of ours. @param {string | null | undefined} tag */
function knownLanguage(tag) {
  const language = tag?.toLowerCase().split(/[-_]/)[0] ?? "";
  return Object.hasOwn(CLOSED, language) ? language : undefined;
}

/** @param {string} language */
export function directionOf(language) {
  return RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
}

/** What the closed widget says: to call, to write. @param {string} language */
export function closedTexts(language) {
  return /** @type {[string, string]} */ (CLOSED[language] ?? CLOSED["en"]);
}

/** All that the open widget says. @param {string} language */
export async function loadTexts(language) {
  const { default: texts } = await /** @type {() => Promise<{ default: Texts }>} */ (LOADERS[language])();
  return texts;
}

/** Remembers what the person chose. @param {string} language */
export function keepLanguage(language) {
  keep(KEY, language);
}
