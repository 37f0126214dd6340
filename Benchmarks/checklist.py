#!/usr/bin/env python3
"""Times whole runs of `migrate status` on the demo's repository after its checklist is finished, and of `migrate plan`
on a large repository (REPOSITORY, for instance of 200,000 commits) in which nothing has changed since the run before.

Everything is local: the vault, and the double of SendGrid of the demo. The median counts.
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


def median(words, folder, environment, rounds):
    """Milliseconds: the median, the fastest and the slowest; and how long the first one took, which finds no cache."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        outcome = subprocess.run(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        times.append((time.perf_counter() - start) * 1000)
        # 2: what a double that is gone would have said is not known. The work is the same.
        if outcome.returncode not in (0, 2):
            sys.exit(f"bench: {words} failed: {outcome.stderr.decode(errors='replace').strip()}")
    first, rest = times[0], times[1:]
    return statistics.median(rest), min(rest), max(rest), first


def show(name, result, goal):
    middle, fastest, slowest, first = result
    print(f"{name:40}{middle:9.1f} ms   (fastest {fastest:.1f}, slowest {slowest:.1f}, the first {first:.0f}; "
          f"goal {goal} ms{'' if middle <= goal else ': MISSED'})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", nargs="?", type=pathlib.Path, help="a large repository, which is not changed")
    parser.add_argument("--migrate", type=pathlib.Path, default=ROOT / ".build/release/migrate")
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    migrate = str(options.migrate.absolute())
    with tempfile.TemporaryDirectory() as scratch:
        home = scratch + "/home"
        os.mkdir(home)
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("AWS_", "MIGRATE_", "XDG_", "SENDGRID_"))}
        demo = subprocess.run([ROOT / "scripts/demo.sh", scratch + "/demo"], check=False, capture_output=True,
                              text=True, env=environment | {"MIGRATE_PROGRAM": migrate, "DEMO_KEEPS_DOUBLE": "1"})
        if demo.returncode != 0:
            sys.exit(f"bench: the demo failed: {demo.stderr[-500:]}")
        environment["HOME"] = home
        said = dict(line.split("=", 1) for line in pathlib.Path(scratch, "demo/double").read_text().splitlines()
                    if line.startswith("url="))
        environment["MIGRATE_SENDGRID_URL"] = said["url"]
        try:
            print(f"\nthe checklist, everything local, median of {options.rounds} whole runs\n")
            show("migrate status (demo, finished)",
                 median([migrate, "status"], scratch + "/demo/fluxion", environment, options.rounds), 150)
        finally:
            os.kill(int(pathlib.Path(scratch, "demo/double.pid").read_text()), 15)
        if options.repository is None:
            print("migrate plan on a large repository: left out; BENCH_REPO names one")
            return
        clone = scratch + "/large"
        subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", options.repository.absolute(), clone],
                       check=True)
        subprocess.run(["git", "reset", "--quiet"], cwd=clone, check=True)
        os.mkdir(clone + "/.migrate")
        pathlib.Path(clone, ".migrate/config.yml").write_text(
            f"store: local\nsecret: bench/production\nvault:\n  folder: {scratch}/vault\n  key-file: {scratch}/key\n")
        # The cache keeps no scan of a repository that was written to in the two seconds before: file systems tell times
        # too coarsely for that.
        time.sleep(3)
        # No address of SendGrid but one where nobody listens: a large repository may hold real keys.
        environment["MIGRATE_SENDGRID_URL"] = "http://127.0.0.1:9"
        show("migrate plan (large, nothing changed)",
             median([migrate, "plan"], clone, environment, max(3, options.rounds // 2)), 2000)


if __name__ == "__main__":
    main()
