// A token server for Telnyx. Node.js 20 or newer, no packages.
//
//   TELNYX_API_KEY=KEY… ALLOWED_ORIGIN=https://app.example SESSIONS=session-key=credential-id node node.mjs
//
// POST /token with "Authorization: Bearer session-key" answers { "token": "eyJ…", "expiresAt": 1798761600 }.

import { createServer } from "node:http";

const API = process.env.TELNYX_API ?? "https://api.telnyx.com/v2";
const API_KEY = required("TELNYX_API_KEY");
const ALLOWED_ORIGIN = required("ALLOWED_ORIGIN");

/** Which session may have tokens of which credential. Put your own sign-in here. */
const CREDENTIALS = new Map(required("SESSIONS").split(",").map((pair) => pair.split("=", 2)));

/** A token lasts a day: whoever asks this often in one minute has a loop in the page. */
const MOST_PER_MINUTE = 10;
const asked = new Map();

const server = createServer(async (request, response) => {
  const { status, headers, body } = await answer(request);
  response.writeHead(status, {
    "content-type": "application/json", "cache-control": "no-store",
    "access-control-allow-origin": ALLOWED_ORIGIN, vary: "origin", ...headers,
  });
  response.end(body && JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`token server at http://127.0.0.1:${server.address().port}/token`);
});

async function answer({ method, url, headers }) {
  if (url !== "/token") return { status: 404, body: { error: "there is only /token" } };
  if (method === "OPTIONS") {
    const allowed = { "access-control-allow-methods": "POST", "access-control-allow-headers": "authorization" };
    return { status: 204, headers: { ...allowed, "access-control-max-age": "600" } };
  }
  if (method !== "POST") return { status: 405, headers: { allow: "POST, OPTIONS" }, body: { error: "use POST" } };
  const session = headers.authorization?.match(/^Bearer (\S+)$/)?.[1];
  const credential = CREDENTIALS.get(session);
  if (credential === undefined) return { status: 401, body: { error: "sign in first" } };
  if (isTooOften(session)) {
    return { status: 429, headers: { "retry-after": "60" }, body: { error: "too many requests" } };
  }
  return issue(credential);
}

async function issue(credential) {
  let response;
  let text;
  try {
    response = await fetch(`${API}/telephony_credentials/${encodeURIComponent(credential)}/token`, {
      method: "POST", headers: { authorization: `Bearer ${API_KEY}` }, signal: AbortSignal.timeout(10_000),
    });
    text = (await response.text()).trim();
  } catch (error) {
    console.error(`Telnyx cannot be reached: ${error}`);
    return { status: 502, body: { error: "Telnyx cannot be reached" } };
  }
  if (response.status === 429) {
    const wait = response.headers.get("x-ratelimit-reset") ?? "1";
    return { status: 503, headers: { "retry-after": wait }, body: { error: "Telnyx is busy" } };
  }
  if (!response.ok) {
    console.error(`Telnyx refused a token: ${response.status} ${text}`);
    return { status: 502, body: { error: "Telnyx refused a token" } };
  }
  return { status: 200, body: { token: text, expiresAt: expiry(text) } };
}

/** Seconds since 1970, as the token says; null where it does not. */
function expiry(token) {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64url")).exp ?? null;
  } catch {
    return null;
  }
}

function isTooOften(session) {
  const minute = Math.floor(Date.now() / 60_000);
  const before = asked.get(session);
  const count = before?.minute === minute ? before.count + 1 : 1;
  asked.set(session, { minute, count });
  return count > MOST_PER_MINUTE;
}

function required(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`set ${name}`);
  process.exit(1);
}
