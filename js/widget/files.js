/** What each file of the widget has to be, by its path beside the loader: the build knows, a checkout does not. */
export const FILES = /** @type {Record<string, string>} */ ({});
