#!/usr/bin/env python3
"""Times whole runs of `migrate secret get` and `migrate run` against a server on this machine, beside the AWS command
line on the same secret in the same run.

The server is moto, in an environment of its own; `--aws` names another aws than the one on the PATH. The commands take
turns, so that whatever else the machine does falls on all of them, and the median counts.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "bench/production"


def start_server():
    python = subprocess.run([ROOT / "scripts/test-servers.sh", "--print-python"], capture_output=True, text=True,
                            check=True).stdout.strip()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(url + "/moto-api/data.json", timeout=1).close()
            return server, url
        except OSError:
            time.sleep(0.05)
    server.kill()
    sys.exit("bench: moto does not answer")


def milliseconds(command, environment):
    start = time.perf_counter()
    outcome = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, check=False)
    elapsed = (time.perf_counter() - start) * 1000
    if outcome.returncode != 0:
        sys.exit(f"bench: {command} failed: {outcome.stderr.decode(errors='replace').strip()}")
    return elapsed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--migrate", type=pathlib.Path, default=ROOT / ".build/release/migrate")
    parser.add_argument("--aws", default=shutil.which("aws"))
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    server, url = start_server()
    try:
        with tempfile.TemporaryDirectory() as home:
            environment = {
                "PATH": os.environ["PATH"], "HOME": home, "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench",
                "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": url,
            }
            # pyenv finds its versions there, whatever HOME is.
            environment |= {name: value for name, value in os.environ.items() if name.startswith("PYENV")}
            environment.setdefault("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
            migrate = str(options.migrate)
            subprocess.run([migrate, "secret", "create", NAME], env=environment, check=True, stdout=subprocess.DEVNULL)
            for number in range(20):
                subprocess.run([migrate, "secret", "set", "--secret", NAME, f"KEY_{number}", "--yes"], env=environment,
                               input=b"value of the benchmark", check=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
            vault = ["--store", "local"]
            subprocess.run([migrate, "secret", "create", NAME, *vault], env=environment, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            child = shutil.which("true")
            commands = {
                "true": [child],
                "migrate secret get": [migrate, "secret", "get", "--secret", NAME],
                "migrate secret get (vault)": [migrate, "secret", "get", "--secret", NAME, *vault],
                "migrate run -- true": [migrate, "run", "--secret", NAME, "--", child],
                "migrate run -- true (vault)": [migrate, "run", "--secret", NAME, *vault, "--", child],
                "migrate --version": [migrate, "--version"],
            }
            if options.aws:
                commands["aws secretsmanager get-secret-value"] = [
                    options.aws, "secretsmanager", "get-secret-value", "--secret-id", NAME]
            rounds = {name: [] for name in commands}
            for number in range(options.rounds + 1):
                for name, command in commands.items():
                    elapsed = milliseconds(command, environment)
                    # The first round finds cold caches.
                    if number:
                        rounds[name].append(elapsed)
            print(f"\na secret of 20 keys on loopback (moto), median of {options.rounds} whole runs\n")
            for name, times in rounds.items():
                print(f"{name:40}{statistics.median(times):9.1f} ms   (fastest {min(times):.1f}, slowest {max(times):.1f})")
            added = statistics.median(rounds["migrate run -- true"]) - statistics.median(rounds["true"])
            print(f"{'what migrate run adds to its child':40}{added:9.1f} ms")
            if not options.aws:
                print("no aws on the PATH: nothing to compare with")
            print()
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
