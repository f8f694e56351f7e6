/** @typedef {import("../directory.js").DirectorySource} DirectorySource */

import { OffhookError } from "../error.js";

/** A feed that hangs must not keep `reload()` from settling. */
const WITHIN_MS = 30_000;

/**
 * What a source's server has to say; `undefined` if that is what it said when it gave `etag`.
 *
 * @param {DirectorySource} source
 * @param {string | undefined} etag
 * @returns {Promise<{ feed: unknown, etag: string | undefined } | undefined>}
 */
export async function fetchFeed(source, etag) {
  const { url, credentials = "same-origin" } = source;
  const signal = AbortSignal.timeout(WITHIN_MS);
  const headers = new Headers(typeof source.headers === "function" ? await source.headers() : source.headers);
  if (etag) headers.set("If-None-Match", etag);
  try {
    // The browser's own cache would answer 304 by itself. Nobody else than who was named is asked.
    const response = await fetch(url, { headers, credentials, cache: "no-store", redirect: "error", signal });
    if (response.status === 304 && etag) return undefined;
    if (!response.ok) throw refused(response);
    const text = await response.text();
    return { feed: read(text), etag: response.headers.get("ETag") ?? undefined };
  } catch (cause) {
    if (cause instanceof OffhookError) throw cause;
    const message = `cannot load the directory's feed from ${url}: ${cause}`;
    throw new OffhookError({ message, kind: "lost", code: 60450, fatal: false, url: String(url), cause });
  }
}

/** The server sent something that is no feed. @param {string} what */
export function noFeed(what) {
  const message = `the directory's feed is not understood: ${what}`;
  return new OffhookError({ message, kind: "peerMisbehaved", code: 60250, fatal: false });
}

/** @param {Response} response */
function refused({ status, statusText }) {
  const message = `the server refused the directory's feed: ${status} ${statusText}`;
  return new OffhookError({
    message, kind: "refused", code: 60151, fatal: false, serverCode: status, serverMessage: statusText,
  });
}

/** @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noFeed(String(error));
  }
}
