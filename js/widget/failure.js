import { misuse } from "../error.js";

/** Browsers' own names for what happens to a microphone. @type {Record<string, string>} */
const BROWSERS = {
  NotAllowedError: "permissionDenied", NotFoundError: "deviceNotFound", NotReadableError: "deviceBusy",
};

/** Failures of a microphone that are told alike. @type {Record<string, string>} */
const ALIKE = {
  permissionDismissed: "permissionDenied", insecureContext: "permissionBlocked", microphone: "deviceBusy",
};

/**
 * What failed, and what to do next.
 *
 * @param {any} error
 * @param {import("./language.js").Texts} t
 */
export function wordsOf(error, t) {
  const media = error?.media ?? BROWSERS[error?.name];
  const key = [ALIKE[media], media, error?.kind].find((name) => name && name in t) ?? "error";
  return [t[key], t[`${key}Hint`] ?? t.defectHint];
}

/** As the agent says it of a call. */
export function noConversation() {
  return misuse(60072, "there is no conversation to say it in");
}
