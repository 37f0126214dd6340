#!/usr/bin/env python3
"""Times whole runs that do next to nothing: `--version`, and a scan of a repository of some twenty files.

Each command runs many times, and the median counts. The first scan has no compiled patterns to take from the cache.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
ROUNDS = 30


def seconds(arguments, environment):
    start = time.monotonic()
    subprocess.run(arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--migrate", type=pathlib.Path, default=BUILD / "release/migrate")
    parser.add_argument("--kingfisher", type=pathlib.Path,
                        default=next(BUILD.glob("bench-venv/lib*/python*/site-packages/kingfisher/bin/kingfisher*"), None))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repository = os.path.join(folder, "fluxion")
        subprocess.run([sys.executable, ROOT / "scripts/make-demo-repository.py", repository], check=True,
                       stdout=subprocess.DEVNULL)
        files = subprocess.run(["git", "-C", repository, "ls-files"], capture_output=True, text=True, check=True)
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        scan = [options.migrate, "scan", repository]
        commands = {"migrate --version": [options.migrate, "--version"], "migrate scan": scan,
                    "migrate scan --staged": [*scan, "--staged"]}
        if options.kingfisher:
            commands["kingfisher scan"] = [options.kingfisher, "scan", repository, "--no-validate", "--no-update-check"]
        print(f"\na repository of {len(files.stdout.splitlines())} files, median of {ROUNDS} whole runs\n")
        print(f"{'migrate scan, no cache yet':28}{seconds(scan, environment) * 1000:9.1f} ms")
        for name, command in commands.items():
            rounds = [seconds(command, environment) for _ in range(ROUNDS)]
            print(f"{name:28}{statistics.median(rounds) * 1000:9.1f} ms")
        print()


if __name__ == "__main__":
    main()
