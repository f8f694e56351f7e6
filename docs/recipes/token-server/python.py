# A token server for Telnyx. Python 3.9 or newer, no packages.
#
#   TELNYX_API_KEY=KEY… ALLOWED_ORIGIN=https://app.example SESSIONS=session-key=credential-id python3 python.py
#
# POST /token with "Authorization: Bearer session-key" answers { "token": "eyJ…", "expiresAt": 1798761600 }.

import base64
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# A token lasts a day: whoever asks this often in one minute has a loop in the page.
MOST_PER_MINUTE = 10


def required(name):
    return os.environ.get(name) or sys.exit(f"set {name}")


API = os.environ.get("TELNYX_API", "https://api.telnyx.com/v2")
API_KEY = required("TELNYX_API_KEY")
ALLOWED_ORIGIN = required("ALLOWED_ORIGIN")
# Which session may have tokens of which credential. Put your own sign-in here.
CREDENTIALS = dict(pair.split("=", 1) for pair in required("SESSIONS").split(","))

asked = {}
asking = threading.Lock()


def is_too_often(session):
    minute = int(time.time() // 60)
    with asking:
        before, count = asked.get(session, (minute, 0))
        asked[session] = (minute, count + 1 if before == minute else 1)
        return asked[session][1] > MOST_PER_MINUTE


def issue(credential):
    """Status, headers and body of the answer."""
    address = f"{API}/telephony_credentials/{urllib.parse.quote(credential, safe='')}/token"
    request = urllib.request.Request(address, method="POST", headers={"Authorization": f"Bearer {API_KEY}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            token = response.read().decode().strip()
    except urllib.error.HTTPError as error:
        if error.code == 429:
            return 503, {"Retry-After": error.headers.get("x-ratelimit-reset", "1")}, {"error": "Telnyx is busy"}
        print(f"Telnyx refused a token: {error.code} {error.read().decode()}", file=sys.stderr)
        return 502, {}, {"error": "Telnyx refused a token"}
    except OSError as error:
        print(f"Telnyx cannot be reached: {error}", file=sys.stderr)
        return 502, {}, {"error": "Telnyx cannot be reached"}
    return 200, {}, {"token": token, "expiresAt": expiry(token)}


def expiry(token):
    """Seconds since 1970, as the token says; None where it does not."""
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("exp")
    except (IndexError, ValueError, AttributeError):
        return None


class Handler(BaseHTTPRequestHandler):
    def do_OPTIONS(self):
        allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "authorization"}
        self.reply(204, {**allowed, "Access-Control-Max-Age": "600"}, None)

    def do_GET(self):
        self.reply(405, {"Allow": "POST, OPTIONS"}, {"error": "use POST"})

    def do_POST(self):
        if self.path != "/token":
            return self.reply(404, {}, {"error": "there is only /token"})
        scheme, _, session = self.headers.get("Authorization", "").partition(" ")
        credential = CREDENTIALS.get(session) if scheme == "Bearer" else None
        if credential is None:
            return self.reply(401, {}, {"error": "sign in first"})
        if is_too_often(session):
            return self.reply(429, {"Retry-After": "60"}, {"error": "too many requests"})
        return self.reply(*issue(credential))

    def reply(self, status, headers, body):
        text = b"" if body is None else json.dumps(body).encode()
        common = {
            "Content-Type": "application/json", "Cache-Control": "no-store",
            "Access-Control-Allow-Origin": ALLOWED_ORIGIN, "Vary": "Origin",
        }
        self.send_response(status)
        for name, value in {**common, **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler)
print(f"token server at http://127.0.0.1:{server.server_port}/token", flush=True)
server.serve_forever()
