// As much of Telnyx's API as a token server uses: POST /v2/telephony_credentials/{id}/token.

import { createServer } from "node:http";
import { once } from "node:events";

/** What the API's own key is here. */
export const API_KEY = "KEY-of-the-test";

/** What the credentials of the test do. */
export const CREDENTIALS = { good: "0f3c-good", unknown: "0f3c-unknown", busy: "0f3c-busy", opaque: "0f3c-opaque" };

/** When every token ends, in seconds since 1970. */
export const EXPIRES_AT = 1_798_761_600;

/** In the payload the two letters that tell base64url from base64 must occur. */
const PAYLOAD = Buffer.from(JSON.stringify({ sub: "ü?~>", exp: EXPIRES_AT })).toString("base64url");
export const TOKEN = `eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.${PAYLOAD}.c2lnbmF0dXJl`;

/** Starts it; `asked` is what it was asked, one line each. */
export async function startTelnyxApi() {
  const asked = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    asked.push(`${method} ${url}`);
    const { status, more, text } = answer(method, url, headers.authorization);
    response.writeHead(status, more).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/v2`,
    asked,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

function answer(method, url, authorization) {
  const json = (status, more, code) => ({
    status, more: { "content-type": "application/json", ...more }, text: JSON.stringify({ errors: [{ code }] }),
  });
  const id = url.match(/^\/v2\/telephony_credentials\/([^/]+)\/token$/)?.[1];
  if (method !== "POST" || id === undefined) return json(404, {}, "10005");
  if (authorization !== `Bearer ${API_KEY}`) return json(401, {}, "10009");
  switch (id) {
    case CREDENTIALS.good:
      return { status: 201, more: { "content-type": "text/plain; charset=utf-8" }, text: `${TOKEN}\n` };
    case CREDENTIALS.opaque:
      return { status: 201, more: { "content-type": "text/plain; charset=utf-8" }, text: "opaque" };
    case CREDENTIALS.busy:
      return json(429, { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "7" }, "10011");
    default:
      return json(404, {}, "10005");
  }
}
