#!/usr/bin/env python3
"""Scans one repository's full history with kingfisher and with migrate, in turn, and prints times and memory.

Kingfisher comes from PyPI into .build/bench-venv and runs without validation and update check, so nothing else uses
the network. Without a repository, a small one is made first, and the figures say little about large ones.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
KINGFISHER = "kingfisher-bin==2.14.0"
QUICK_SECONDS = 20  # below this a tool is run again, and the best round counts
QUICK_ROUNDS = 3


class Run:
    """One finished process: what it cost, and how many findings it reported."""

    def __init__(self, wall, usage, findings):
        self.wall = wall
        self.processor = usage.ru_utime + usage.ru_stime
        # Kilobytes on Linux, bytes on macOS.
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        self.findings = findings


def measure(arguments, report, good):
    """Runs a command to its end; `good` are the exit codes of a scan that worked."""
    report.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as log:
        start = time.monotonic()
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in good:
            log.seek(0)
            raise SystemExit(f"{arguments[0]} ended with {process.returncode}:\n{log.read().decode(errors='replace')}")
    return Run(wall, usage, len(json.loads(report.read_text())["findings"]))


def installed_kingfisher():
    """The kingfisher binary itself, past the Python wrapper that would add to its time."""
    folder = BUILD / "bench-venv"
    if not any(folder.glob("lib*/python*/site-packages/kingfisher/bin/kingfisher*")):
        print(f"bench: installing {KINGFISHER} into {folder.relative_to(ROOT)}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                        KINGFISHER], check=True)
    return next(folder.glob("lib*/python*/site-packages/kingfisher/bin/kingfisher*"))


def small_repository():
    target = BUILD / "bench/small.git"
    if not target.exists():
        print("bench: no BENCH_REPO given; making a small repository", file=sys.stderr)
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, ROOT / "Benchmarks/make-large-repository.py", target, "--commits", "10000",
                        "--files", "225"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target


def contenders(kingfisher, migrate, repository, report):
    """Name, command and exit codes of success; both write a JSON document with a list of `findings`."""
    full = [kingfisher, "scan", repository, "--git-history", "full", "--no-validate", "--no-update-check",
            "--format", "json", "--output", report]
    ours = [migrate, "scan", repository, "--format", "json", "--output", report]
    yield "kingfisher", full, (0, 200)
    yield "kingfisher --turbo", [*full, "--turbo"], (0, 200)
    yield "migrate", ours, (0, 1, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", nargs="?", type=pathlib.Path, help="a repository with history")
    parser.add_argument("--migrate", type=pathlib.Path, default=BUILD / "release/migrate",
                        help="the program to measure")
    parser.add_argument("--kingfisher", type=pathlib.Path, help="a kingfisher binary to use instead of PyPI's")
    options = parser.parse_args()
    repository = (options.repository or small_repository()).resolve()
    kingfisher = options.kingfisher or installed_kingfisher()

    best = {}
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        for round_number in range(1, QUICK_ROUNDS + 1):
            for name, arguments, good in contenders(kingfisher, options.migrate, repository, report):
                if round_number > 1 and best[name].wall > QUICK_SECONDS:
                    continue
                run = measure([str(argument) for argument in arguments], report, good)
                print(f"bench: round {round_number}: {name} {run.wall:.2f} s", file=sys.stderr)
                if name not in best or run.wall < best[name].wall:
                    best[name] = run

    ours = best["migrate"]
    print(f"\n{repository}, full history, {os.cpu_count()} cores, best round\n")
    print(f"{'':20}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'findings':>10}{'time':>10}{'memory':>10}")
    for name, run in best.items():
        ratios = f"{run.wall / ours.wall:9.2f}x{run.peak / ours.peak:9.2f}x"
        print(f"{name:20}{run.wall:9.2f}{run.processor:9.2f}{run.peak / 2**20:10.0f}{run.findings:10}{ratios}")
    print("\ntime, memory: as multiples of what migrate takes.\n")


if __name__ == "__main__":
    main()
