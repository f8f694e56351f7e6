/** @typedef {import("../log.js").Logger} Logger */

/** Where each level is written, so that the console's own filter works. */
const METHODS = /** @type {const} */ ({
  error: "error", warn: "warn", info: "info", debug: "debug", verto: "debug", stats: "debug",
});

const MARK = "font-weight: bold";

/**
 * Writes to the browser's console.
 *
 * @implements {Logger}
 */
export const consoleLogger = Object.freeze({
  /**
   * @param {import("../log.js").EntryLevel} level
   * @param {string} message
   * @param {import("../log.js").LogEntry} entry
   */
  log(level, message, { at, context }) {
    const time = at.toISOString().slice(11, -1);
    // The message is no format: it may have percent signs of its own.
    const line = ["%c%s%c %s %s", MARK, `offhook ${level}`, "", time, message];
    console[METHODS[level]](...line, ...(context === undefined ? [] : [context]));
  },
});
