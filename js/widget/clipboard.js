/**
 * Whether it is on the clipboard now. Not every page may write there: what is on the screen can still be selected.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
