#!/usr/bin/env python3
"""Plays SendGrid's API of keys on this machine, for demonstrations: nothing is sent anywhere.

Reads keys from standard input, one JSON object a line: {"name": "...", "scopes": ["mail.send"], "key": "SG..."}
("key" may be missing, and is then made up). Prints `url=...`, `admin=...` and `key=<id> <text>` for each of them, and
serves until it is ended. `--delay SECONDS` lets a deleted key in for a while, as SendGrid does.
"""

import argparse
import json
import secrets
import signal
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

LIMIT = 100
MANAGING = ["api_keys.create", "api_keys.read", "api_keys.update", "api_keys.delete"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Account:
    def __init__(self, delay):
        self.delay = delay
        self.keys = []
        self.fading = []
        self.lock = threading.Lock()

    def add(self, name, scopes, text=None):
        def letters(count):
            return "".join(secrets.choice(LETTERS) for _ in range(count))

        text = text or f"SG.{letters(22)}.{letters(43)}"
        key = {"id": text.split(".")[1], "name": name, "scopes": scopes, "text": text}
        self.keys.append(key)
        return key

    def caller(self, authorization):
        words = (authorization or "").split()
        if len(words) != 2 or words[0].lower() != "bearer":
            return None
        self.fading = [(key, until) for key, until in self.fading if time.time() < until]
        for key in self.keys + [key for key, _ in self.fading]:
            if secrets.compare_digest(key["text"], words[1]):
                return key
        return None

    def handle(self, method, path, authorization, body):
        """Status and answer; None for none."""
        caller = self.caller(authorization)
        if caller is None:
            return error(401, "authorization required")
        parts = path.split("?")[0].split("/")
        if method == "GET" and parts[1:] == ["v3", "scopes"]:
            return 200, {"scopes": caller["scopes"]}
        if parts[1:] == ["v3", "api_keys"]:
            return self.all(method, caller, body)
        if parts[1:3] == ["v3", "api_keys"] and len(parts) == 4:
            return self.one(method, caller, unquote(parts[3]), body)
        return error(404, "not found")

    def all(self, method, caller, body):
        if method == "GET":
            if "api_keys.read" not in caller["scopes"]:
                return error(403, "access forbidden")
            return 200, {"result": [{"api_key_id": key["id"], "name": key["name"]} for key in self.keys]}
        if method != "POST":
            return error(405, "method not allowed")
        if "api_keys.create" not in caller["scopes"]:
            return error(403, "access forbidden")
        if not isinstance(body, dict):
            return error(400, "JSON in body is invalid")
        if not body.get("name"):
            return error(400, "missing required argument", "name")
        if len(self.keys) >= LIMIT:
            return error(403, "Cannot create more than 100 API Keys")
        # Without scopes, a key may do everything.
        key = self.add(body["name"], body.get("scopes") or MANAGING + ["mail.send"])
        answer = {"api_key": key["text"], "api_key_id": key["id"], "name": key["name"], "scopes": key["scopes"]}
        return 201, answer

    def one(self, method, caller, key_id, body):
        verbs = {"GET": "read", "PATCH": "update", "PUT": "update", "DELETE": "delete"}
        if method not in verbs:
            return error(405, "method not allowed")
        if "api_keys." + verbs[method] not in caller["scopes"]:
            return error(403, "access forbidden")
        key = next((key for key in self.keys if key["id"] == key_id), None)
        if key is None:
            return error(404, "unable to find API Key")
        words = {"api_key_id": key["id"], "name": key["name"], "scopes": key["scopes"]}
        if method == "GET":
            return 200, {"result": [words]}
        if method == "DELETE":
            self.keys.remove(key)
            self.fading.append((key, time.time() + self.delay))
            return 204, None
        if not isinstance(body, dict):
            return error(400, "JSON in body is invalid")
        if not body.get("name"):
            return error(400, "missing required argument", "name")
        if method == "PUT":
            if not body.get("scopes"):
                return error(400, "must contain at least one scope", "scopes")
            key["scopes"] = body["scopes"]
        key["name"] = body["name"]
        answer = {"api_key_id": key["id"], "name": key["name"]}
        if method == "PUT":
            answer["scopes"] = key["scopes"]
        return 200, answer


def error(status, message, field=None):
    return status, {"errors": [{"message": message, "field": field}]}


def handler(account):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            try:
                body = json.loads(self.rfile.read(length)) if length else None
            except ValueError:
                body = None
            with account.lock:
                status, answer = account.handle(self.command, self.path, self.headers.get("Authorization"), body)
            text = b"" if answer is None else json.dumps(answer).encode()
            self.send_response_only(status)
            self.send_header("Date", formatdate(usegmt=True))
            self.send_header("X-RateLimit-Limit", "600")
            self.send_header("X-RateLimit-Remaining", "599")
            self.send_header("X-RateLimit-Reset", str(int(time.time()) + 60))
            if answer is not None:
                self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=0, help="seconds in which a deleted key is still let in")
    arguments = parser.parse_args()
    account = Account(arguments.delay)
    admin = account.add("admin", MANAGING)
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    seeds = [json.loads(line) for line in lines]
    keys = [account.add(seed["name"], seed.get("scopes", ["mail.send"]), seed.get("key")) for seed in seeds]
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(account))
    server.daemon_threads = True
    print(f"url=http://127.0.0.1:{server.server_port}")
    print(f"admin={admin['text']}")
    for key in keys:
        print(f"key={key['id']} {key['text']}")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Whoever started this may have blocked it, and what is blocked is handed on.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM, signal.SIGINT])
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
