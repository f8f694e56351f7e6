/** One for all widgets of a page. @type {Map<string, CSSStyleSheet>} */
const SHEETS = new Map();

/** A sheet that a strict policy lets in: made by a script, not written into the page. @param {string} text */
export function sheetOf(text) {
  let sheet = SHEETS.get(text);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    SHEETS.set(text, sheet);
  }
  return sheet;
}
