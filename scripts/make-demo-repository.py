#!/usr/bin/env python3
"""Builds the sample repository of `make demo`: months of work on a small backend whose secrets went into git.

Every value is random, fake and made while this runs; nothing here is, or ever was, a real credential. A bare
"origin" is written beside the target, so that part of the history is pushed and part is not. With --manifest, a
JSON list tells what was planted where: `value`, `kind`, `place`, `path`, `name`, and `expect`, which is "secret" for
what a scan must find and must never print, and "quiet" for what it must not call a secret.
"""

import argparse
import base64
import binascii
import datetime
import json
import os
import pathlib
import secrets
import string
import subprocess
import textwrap

ALPHANUMERIC = string.ascii_letters + string.digits


def text(length, alphabet=ALPHANUMERIC):
    return "".join(secrets.choice(alphabet) for _ in range(length))


def base64url(count):
    return base64.urlsafe_b64encode(secrets.token_bytes(count)).decode().rstrip("=")


def sendgrid_key():
    return ".".join(["SG", base64url(16), base64url(32)])


def aws_key_id():
    """Twenty characters whose base32 part holds a twelve-digit account number, as a real one does."""
    account = secrets.randbelow(10**12)
    packed = (1 << 47 | account << 7 | secrets.randbits(7)).to_bytes(6, "big") + secrets.token_bytes(4)
    return "AK" + "IA" + base64.b32encode(packed).decode()


def aws_secret_key():
    return base64.b64encode(secrets.token_bytes(30)).decode()


def github_token():
    """A personal access token; its last six characters are a checksum of the thirty before."""
    body, digits = text(30), string.digits + string.ascii_uppercase + string.ascii_lowercase
    check, tail = binascii.crc32(body.encode()), ""
    for _ in range(6):
        check, digit = divmod(check, 62)
        tail = digits[digit] + tail
    return "gh" + "p_" + body + tail


def sentry_dsn():
    return f"https://{secrets.token_hex(16)}@o{secrets.randbelow(10**6)}.ingest.sentry.io/{secrets.randbelow(10**7)}"


def human_password():
    words = "maple tiger harbor violet copper falcon meadow granite walnut ember".split()
    return f"{secrets.choice(words).title()}{secrets.choice(words).title()}{secrets.randbelow(9000) + 1000}!"


def private_key():
    """An elliptic curve key in its proper DER structure, with random numbers inside."""
    der = (bytes.fromhex("30770201010420") + secrets.token_bytes(32) + bytes.fromhex("a00a06082a8648ce3d030107")
           + bytes.fromhex("a14403420004") + secrets.token_bytes(64))
    label = "EC PRIVATE" + " KEY"
    return "\n".join([f"-----BEGIN {label}-----", *textwrap.wrap(base64.b64encode(der).decode(), 64),
                      f"-----END {label}-----"])


class Repository:
    """A repository under construction: files, commits by named people on given days, and what was planted."""

    PEOPLE = {"mara": "Mara Lindqvist", "devon": "Devon Okafor", "priya": "Priya Raman", "tomas": "Tomas Weber"}

    def __init__(self, root):
        self.root = root
        self.origin = root.with_name(root.name + "-origin.git")
        self.planted = []
        self.act("mara", "2025-03-03")
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--template=")
        self.git("init", "--quiet", "--template=", "--bare", str(self.origin))
        self.git("remote", "add", "origin", f"../{self.origin.name}")

    def act(self, person, day, hour=10):
        """Lets `person` act on `day` from here on."""
        when = datetime.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        for role in ("AUTHOR", "COMMITTER"):
            self.environment |= {
                f"GIT_{role}_NAME": self.PEOPLE[person], f"GIT_{role}_EMAIL": f"{person}@fluxion.example",
                f"GIT_{role}_DATE": f"{int(when.timestamp())} +0000",
            }
        self.environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
                             "GIT_TERMINAL_PROMPT": "0"}

    def git(self, *arguments, data="", check=True):
        options = ["-c", "init.defaultBranch=main", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0",
                   "-c", "commit.gpgSign=false", "-c", "core.autocrlf=false"]
        result = subprocess.run(["git", *options, *arguments], cwd=self.root, env=self.environment, input=data,
                                text=True, capture_output=True, check=False)
        if check and result.returncode != 0:
            raise SystemExit(f"git {' '.join(arguments)} failed: {result.stderr.strip()}")
        return result.stdout.strip()

    def plant(self, value, kind, place, path=None, name=None, expect="secret"):
        """Notes that `value` stands at `place`, and returns it."""
        self.planted.append(
            {"value": value, "kind": kind, "place": place, "path": path, "name": name, "expect": expect})
        return value

    def write(self, path, content):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(content).lstrip("\n"))

    def commit(self, message, *options):
        self.git("add", "--all")
        self.git("commit", "--quiet", "-F", "-", *options, data=message)


def dotenv(entries):
    return "".join(f"{line}\n" if isinstance(line, str) else f"{line[0]}={line[1]}\n" for line in entries)


SEND_MAIL = """
    # Transactional mail through SendGrid.
    import os

    from sendgrid import SendGridAPIClient
    from sendgrid.helpers.mail import Mail

    client = SendGridAPIClient({key})


    def send_welcome(address: str, name: str) -> int:
        mail = Mail("hello@fluxion.example", address, f"Welcome, {{name}}", "It is good to have you here.")
        return client.send(mail).status_code
    """

CONFIG = """
    # Settings, read once at start.
    import os

    DATABASE_URL = os.environ["DATABASE_URL"]
    SENDGRID_API_KEY = {sendgrid}
    REPORT_PAGE_SIZE = {page}
    """


def beginnings(repository):
    """Mara starts the backend, its `.env` included; Devon pastes a key to get mail going."""
    plant, env = repository.plant, "backend/.env"
    first_key = plant(sendgrid_key(), "sendgrid-api-key", "history", env, "SENDGRID_API_KEY")
    password, jwt, dsn = text(18), secrets.token_hex(32), sentry_dsn()
    plant(password, "database-url", "history", env, "DATABASE_URL")
    plant(jwt, "jwt-secret", "history", env, "JWT_SECRET_KEY")
    plant(dsn, "sentry-dsn", "history", env, "SENTRY_DSN", expect="quiet")
    repository.write("README.md", "# Fluxion\n\nThe backend of Fluxion: FastAPI, SQL Server, SendGrid.\n")
    repository.write(".gitignore", "__pycache__/\n.venv/\n")
    repository.write(".gitattributes", "*.env.production -diff\n")
    repository.write("backend/requirements.txt", "fastapi==0.115.0\nuvicorn==0.30.6\nsendgrid==6.11.0\n")
    repository.write("backend/config.py", CONFIG.format(sendgrid='os.environ["SENDGRID_API_KEY"]', page=25))
    repository.write("backend/main.py", """
        from fastapi import FastAPI

        app = FastAPI(title="Fluxion")


        @app.get("/")
        def index() -> dict[str, str]:
            return {"service": "fluxion"}
        """)
    repository.write(env, dotenv([
        "# Local settings", ("PORT", 8000), ("DEBUG", "true"), ("LOG_LEVEL", "info"), "",
        ("DATABASE_URL", f"postgresql://fluxion:{password}@db.fluxion.example:5432/fluxion"),
        ("SENDGRID_API_KEY", first_key), ("JWT_SECRET_KEY", jwt), ("SENTRY_DSN", dsn), ("AWS_SECRET_NAME", "")]))
    placeholders = {"SENDGRID_API_KEY": "SG.your-actual-key-here", "JWT_SECRET_KEY": "<openssl rand -hex 32>",
                    "SQL_SERVER_PASSWORD": "your-password", "SENTRY_DSN": "https://your-sentry-dsn"}
    for name, value in placeholders.items():
        plant(value, "placeholder", "head", "backend/.env.example", name, expect="quiet")
    repository.write("backend/.env.example", dotenv(["# Copy to .env", ("PORT", 8000), *placeholders.items()]))
    repository.commit("Start the backend")

    repository.act("devon", "2025-03-10")
    repository.write("backend/send_mail.py", SEND_MAIL.format(key='os.environ["SENDGRID_API_KEY"]'))
    repository.commit("Send a welcome mail")

    repository.act("devon", "2025-03-21", 18)
    pasted = plant(sendgrid_key(), "sendgrid-api-key", "history", "backend/send_mail.py")
    password = plant(human_password(), "password", "head", "backend/.env.development", "SQL_SERVER_PASSWORD")
    repository.write("backend/send_mail.py", SEND_MAIL.format(key=f'"{pasted}"'))
    repository.write("backend/.env.development", dotenv([
        ("PORT", 8001), ("SQL_SERVER_HOST", "localhost"), ("SQL_SERVER_PASSWORD", f"'{password}'"),
        ("API_BASE_URL", "http://localhost:${PORT}"), ("AWS_SECRET_NAME", "")]))
    repository.commit("Mail works on my machine now")


def production(repository):
    """Priya deploys; Tomas changes the database password, and so leaves the old one behind in history."""
    plant, env = repository.plant, "backend/.env.production"
    repository.act("priya", "2025-04-08")
    key_id = plant(aws_key_id(), "aws-access-key-id", "head", env, "AWS_ACCESS_KEY_ID")
    secret_key = plant(aws_secret_key(), "aws-secret-access-key", "head", env, "AWS_SECRET_ACCESS_KEY")
    key = plant(sendgrid_key(), "sendgrid-api-key", "head", env, "SENDGRID_API_KEY")
    pem = plant(private_key(), "private-key", "head", "deploy/deploy_key.pem")

    def write_env(password):
        repository.write(env, dotenv([
            ("PORT", 80), ("DEBUG", "false"), ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", key_id), ("AWS_SECRET_ACCESS_KEY", secret_key), ("SENDGRID_API_KEY", f'"{key}"'),
            ("DATABASE_URL", f"postgresql://fluxion:{password}@prod.fluxion.example:5432/fluxion"),
            ("SENTRY_DSN", sentry_dsn()), ("ALLOWED_HOSTS", "fluxion.example,www.fluxion.example")]))

    write_env(plant(text(20), "database-url", "history", env, "DATABASE_URL"))
    repository.write("deploy/deploy_key.pem", pem + "\n")
    repository.write("deploy/deploy.sh", """
        #!/bin/sh
        set -eu
        scp -i deploy/deploy_key.pem -r backend deploy@prod.fluxion.example:/srv/fluxion
        """)
    repository.commit("Deploy to production")
    repository.act("tomas", "2025-05-02")
    write_env(plant(text(20), "database-url", "head", env, "DATABASE_URL"))
    repository.commit("Rotate the database password")


def merges_and_messages(repository):
    """A key that only a merge brings in, and values in a commit message, a tag and a note; then all is pushed."""
    plant, git = repository.plant, repository.git
    git("switch", "--quiet", "--create", "feature/reports")
    repository.act("priya", "2025-05-20")
    repository.write("backend/config.py", CONFIG.format(sendgrid='os.environ["SENDGRID_API_KEY"]', page=100))
    repository.write("backend/reports.py", "def monthly(rows: list[int]) -> int:\n    return sum(rows)\n")
    repository.commit("Add monthly reports")
    git("switch", "--quiet", "main")
    repository.act("devon", "2025-05-22")
    repository.write("backend/config.py", CONFIG.format(sendgrid='os.getenv("SENDGRID_API_KEY")', page=25))
    repository.commit("Start without a SendGrid key")
    repository.act("devon", "2025-05-23")
    git("merge", "--quiet", "feature/reports", check=False)  # conflicts in config.py
    key = plant(sendgrid_key(), "sendgrid-api-key", "merge", "backend/config.py")
    repository.write("backend/config.py", CONFIG.format(sendgrid=f'os.getenv("SENDGRID_API_KEY", "{key}")', page=100))
    repository.commit("Merge branch 'feature/reports'")

    repository.act("priya", "2025-06-12")
    repository.write("backend/send_mail.py", SEND_MAIL.format(key='os.environ["SENDGRID_API_KEY"]'))
    repository.write("backend/config.py", CONFIG.format(sendgrid='os.getenv("SENDGRID_API_KEY")', page=100))
    key = plant(sendgrid_key(), "sendgrid-api-key", "commit-message")
    repository.commit(f"Take keys out of the source\n\nTested against staging with SENDGRID_API_KEY={key}\n")
    repository.act("tomas", "2025-07-01")
    password = plant(text(16), "database-url", "tag-message")
    git("tag", "--annotate", "v1.0.0", "-F", "-",
        data=f"Fluxion 1.0\n\nTo roll back: psql postgresql://admin:{password}@prod.fluxion.example/fluxion\n")
    key = plant(sendgrid_key(), "sendgrid-api-key", "note")
    git("notes", "add", "-F", "-", "HEAD~3", data=f"Staging uses SENDGRID_API_KEY={key}\n")

    git("switch", "--quiet", "--create", "hotfix/mail")
    repository.act("devon", "2025-07-14")
    key = plant(sendgrid_key(), "sendgrid-api-key", "remote-branch", "backend/hotfix.py")
    repository.write("backend/hotfix.py", f'KEY = "{key}"\n')
    repository.commit("Hotfix: mail bounces")
    git("switch", "--quiet", "main")
    git("push", "--quiet", "--tags", "origin", "main", "feature/reports", "hotfix/mail")
    git("fetch", "--quiet", "origin")
    git("branch", "--quiet", "-D", "hotfix/mail")
    git("repack", "-d", "-q")  # what is pushed lies in a pack, what follows is loose


def half_a_cleanup(repository):
    """Not pushed: `.env` is removed, three names are ignored, and the other two files stay tracked."""
    plant, git = repository.plant, repository.git
    repository.act("mara", "2025-10-01")
    git("rm", "--quiet", "backend/.env")
    repository.write(".gitignore", """
        __pycache__/
        .venv/

        # ENVIRONMENT
        backend/.env.development
        backend/.env.production
        backend/.env
        """)
    repository.commit("Stop committing .env")

    git("switch", "--quiet", "--create", "wip/store-secret")
    repository.act("tomas", "2025-10-06")
    token = plant(github_token(), "github-token", "local-branch", "deploy/release.py")
    repository.write("deploy/release.py", f'import urllib.request\n\nGITHUB_TOKEN = "{token}"\n')
    repository.commit("Draft a release script")
    git("switch", "--quiet", "main")

    repository.act("priya", "2025-10-09")
    key = plant(sendgrid_key(), "sendgrid-api-key", "reflog", "backend/health.py")
    repository.write("backend/health.py", f'CHECK_KEY = "{key}"\n')
    repository.commit("Add a health check")
    repository.write("backend/health.py", 'import os\n\nCHECK_KEY = os.environ["SENDGRID_API_KEY"]\n')
    repository.commit("Add a health check", "--amend")

    repository.act("devon", "2025-10-14")
    key = plant(sendgrid_key(), "sendgrid-api-key", "stash", "backend/send_mail.py")
    repository.write("backend/send_mail.py", SEND_MAIL.format(key=f'"{key}"'))
    git("stash", "push", "--quiet", "--message", "debug bounces")
    key = plant(sendgrid_key(), "sendgrid-api-key", "unreachable")
    git("hash-object", "-w", "--stdin", data=f'SENDGRID_API_KEY = "{key}"\n')


def the_desk_today(repository):
    """What lies in the worktree now: one file staged, one untracked, one ignored on this machine only."""
    plant = repository.plant
    key = plant(sendgrid_key(), "sendgrid-api-key", "index", "backend/.env.staging", "SENDGRID_API_KEY")
    repository.write("backend/.env.staging", dotenv([("PORT", 8002), ("SENDGRID_API_KEY", key)]))
    repository.git("add", "backend/.env.staging")
    key_id = plant(aws_key_id(), "aws-access-key-id", "untracked", "backend/backfill.py")
    secret_key = plant(aws_secret_key(), "aws-secret-access-key", "untracked", "backend/backfill.py")
    repository.write("backend/backfill.py", f"""
        import boto3

        s3 = boto3.client("s3", aws_access_key_id="{key_id}", aws_secret_access_key="{secret_key}")
        """)
    (repository.root / ".git/info").mkdir(exist_ok=True)
    (repository.root / ".git/info/exclude").write_text("backend/.env.local\n")
    key = plant(sendgrid_key(), "sendgrid-api-key", "ignored", "backend/.env.local", "SENDGRID_API_KEY")
    repository.write("backend/.env.local", dotenv([("PORT", 8000), ("SENDGRID_API_KEY", key)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", type=pathlib.Path, help="folder to create; must not exist yet")
    parser.add_argument("--manifest", type=pathlib.Path, help="write what was planted where to this JSON file")
    options = parser.parse_args()
    target = options.target.absolute()
    if target.exists() or target.with_name(target.name + "-origin.git").exists():
        parser.error(f"{target} or its -origin.git exists already")

    repository = Repository(target)
    for chapter in (beginnings, production, merges_and_messages, half_a_cleanup, the_desk_today):
        chapter(repository)
    if options.manifest:
        with open(os.open(options.manifest, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(repository.planted, file, indent=2)


if __name__ == "__main__":
    main()
