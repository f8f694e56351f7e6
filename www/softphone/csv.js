import { toCsv } from "../js/quality.js";
import { saveFile } from "./save.js";

/** @typedef {import("../../js/quality.js").CallRecord} CallRecord */

/**
 * Saves the samples of a call as a table, named by when it began.
 *
 * @param {CallRecord} record
 */
export function saveCsv(record) {
  const time = record.startedAt.toISOString().slice(0, 19).replaceAll(":", "-");
  saveFile(new Blob([toCsv(record)], { type: "text/csv" }), `call-${time}.csv`);
}
