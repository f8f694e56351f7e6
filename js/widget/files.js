/** What each file of the widget has to be, by its path beside the loader: written by the build, unknown in a checkout. */
export const FILES = /** @type {Record<string, string>} */ ({});
