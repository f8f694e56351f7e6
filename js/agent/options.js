// What an agent is given, and what it must be.

/** @typedef {import("../agent.js").AgentOptions} AgentOptions */

import { wrongOption } from "../error.js";
import { flag, kind, number, object, oneOf, readFunction, readText, text } from "../options.js";
import { MOST_CHARACTERS } from "./said.js";

const MOST_IMAGES = 8;

/**
 * What `createAgent()` takes.
 *
 * @param {unknown} options
 */
export function checkAgentOptions(options) {
  const read = object("options", options, "an object");
  flag(read, "recover");
  flag(read, "levels");
  text(read, "transcript");
}

/**
 * What `sendMessage()` takes.
 *
 * @param {unknown} words
 * @param {unknown} options
 */
export function checkMessage(words, options) {
  const images = object("options", options, "an object")["images"] ?? [];
  if (!Array.isArray(images)) throw wrongOption("images", kind(images), "an array");
  if (images.length > MOST_IMAGES) throw wrongOption("images", `${images.length} images`, `${MOST_IMAGES} at most`);
  if (readText("text", words).trim() === "" && images.length === 0) {
    throw wrongOption("text", kind(words), "something to say, unless there are images");
  }
  checkLength(words);
}

/**
 * What `sendContext()` takes.
 *
 * @param {unknown} words
 */
export function checkContext(words) {
  if (readText("text", words).trim() === "") throw wrongOption("text", kind(words), "something to know");
  checkLength(words);
}

/**
 * What `exportTranscript()` takes.
 *
 * @param {unknown} format
 */
export function checkFormat(format) {
  oneOf({ format: readText("format", format) }, "format", ["text", "json"]);
}

/**
 * What `registerTool()` takes.
 *
 * @param {unknown} given
 */
export function checkTool(given) {
  const tool = object("tool", given, "an object with `name` and `handler`");
  const name = readText("name", tool["name"]);
  if (!/^[\w-]{1,64}$/.test(name)) throw wrongOption("name", kind(name), "letters, digits, _ and -, 64 at most");
  if (typeof tool["handler"] !== "function") throw wrongOption("handler", kind(tool["handler"]), "a function");
  readFunction("approval", tool["approval"]);
  number(tool, "timeout", (seconds) => seconds > 0 && seconds <= 600, "a number of seconds, 600 at most");
  if (tool["parameters"] != null) object("parameters", tool["parameters"], "a JSON Schema");
}

/** @param {any} words */
function checkLength({ length }) {
  if (length > MOST_CHARACTERS) throw wrongOption("text", `${length} characters`, `${MOST_CHARACTERS} at most`);
}
