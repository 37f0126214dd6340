#!/usr/bin/env python3
"""Measures what a full-history scan costs when most of the history was scanned before.

Takes a repository (BENCH_REPO, or the first argument), never changes it, and works in clones of it: the first run, a
second one with nothing new, one in a fresh clone in another folder with the cache brought along (what a pipeline
does), and runs after 1 and after 100 commits. Each is run several times, and the best counts. Beside it stands what
kingfisher, which keeps nothing between runs, takes for the same full history, if it is at hand.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
ROUNDS = 3
GIT = {"GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada Lovelace",
       "GIT_COMMITTER_EMAIL": "ada@example.com", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


class Run:
    """One finished process: what it cost, and what it said."""

    def __init__(self, wall, usage, report):
        self.wall = wall
        self.processor = usage.ru_utime + usage.ru_stime
        # Kilobytes on Linux, bytes on macOS.
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        self.report = report

    @property
    def statistics(self):
        return self.report.get("statistics", {})

    def content(self):
        """All that a report says of the repository, but for its name and what the scan has cost."""
        report = dict(self.report)
        report.pop("statistics", None)
        report["target"] = {key: value for key, value in report["target"].items() if key != "path"}
        return json.dumps(report, sort_keys=True)


def measure(arguments, report, good):
    report.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as log:
        start = time.monotonic()
        process = subprocess.Popen([str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in good:
            log.seek(0)
            raise SystemExit(f"{arguments[0]} ended with {process.returncode}:\n{log.read().decode(errors='replace')}")
    return Run(wall, usage, json.loads(report.read_text()))


def git(repository, *arguments, **more):
    environment = {**os.environ, **GIT, **more.pop("environment", {})}
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True, text=True,
                          env=environment, **more).stdout.strip()


def add_commits(repository, count):
    """Commits on the branch of a bare repository, each with a new file, without a worktree."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        git(repository, "read-tree", "HEAD", environment=environment)
        branch = git(repository, "symbolic-ref", "HEAD")
        for number in range(count):
            name = f"src/added-{time.monotonic_ns()}.py"
            blob = git(repository, "hash-object", "-w", "--stdin", input=f"print({number})\n")
            git(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", environment=environment)
            tree = git(repository, "write-tree", environment=environment)
            commit = git(repository, "commit-tree", tree, "-p", "HEAD", "-m", f"Add {name}")
            git(repository, "update-ref", branch, commit)


def small_repository():
    target = BUILD / "bench/small.git"
    if not target.exists():
        print("bench: no BENCH_REPO given; making a small repository", file=sys.stderr)
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, ROOT / "Benchmarks/make-large-repository.py", target, "--commits", "10000",
                        "--files", "225"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", nargs="?", type=pathlib.Path, default=os.environ.get("BENCH_REPO"))
    parser.add_argument("--migrate", type=pathlib.Path, default=BUILD / "release/migrate")
    parser.add_argument("--kingfisher", type=pathlib.Path,
                        default=next(BUILD.glob("bench-venv/lib*/python*/site-packages/kingfisher/bin/kingfisher*"), None))
    parser.add_argument("--folder", type=pathlib.Path, help="where to put the clones; default: the temporary folder")
    options = parser.parse_args()
    repository = pathlib.Path(options.repository or small_repository()).resolve()

    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        folder = pathlib.Path(folder)
        report = folder / "report.json"
        cache = folder / "cache"
        rows = []

        def scan(place, where, *more):
            return measure([options.migrate, "scan", place, "--format", "json", "--output", report, *more,
                            *(["--cache", where] if where else [])], report, (0, 1, 2))

        def add(name, place, rounds=ROUNDS, again=True):
            """The best of several runs; each begins with the same cache."""
            runs = []
            for _ in range(rounds):
                where = cache
                if again:
                    where = folder / "copy"
                    shutil.rmtree(where, ignore_errors=True)
                    shutil.copytree(cache, where)
                runs.append(scan(place, where))
            rows.append((name, min(runs, key=lambda run: run.wall)))
            return runs[0]

        # The patterns are compiled once for each machine, and that is not what is measured.
        scan(ROOT, None, "--no-cache", "--scope", "index")
        plain = scan(repository, None, "--no-cache")
        rows.append(("without the cache", plain))
        add("first run", repository, rounds=1, again=False)
        same = add("nothing new", repository)
        if same.content() != plain.content():
            raise SystemExit("the cached report differs from the uncached one")
        fresh = folder / "fresh.git"
        print("bench: cloning", file=sys.stderr)
        subprocess.run(["git", "clone", "--quiet", "--bare", "--no-local", f"file://{repository}", fresh], check=True,
                       stdout=subprocess.DEVNULL)
        add("nothing new, fresh clone, cache restored", fresh)
        add_commits(fresh, 1)
        add("1 commit more", fresh)
        add_commits(fresh, 99)
        hundred = add("100 commits more", fresh)
        check = scan(fresh, None, "--no-cache")
        if hundred.content() != check.content():
            raise SystemExit("the cached report differs from the uncached one after 100 commits")
        if options.kingfisher:
            kingfisher = measure(
                [options.kingfisher, "scan", repository, "--git-history", "full", "--no-validate", "--no-update-check",
                 "--format", "json", "--output", report], report, (0, 200))
            rows.append(("kingfisher, any run", kingfisher))

        size = (cache / "objects.bin").stat().st_size
        print(f"\n{repository}: {plain.statistics['objects']:,} objects, {plain.statistics['commits']:,} commits, "
              f"{os.cpu_count()} cores, best of {ROUNDS}\n")
        print(f"{'':42}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'read':>11}")
        for name, run in rows:
            statistics = run.statistics
            read = f"{statistics['objects'] - statistics.get('known', 0):,}" if statistics else "all"
            print(f"{name:42}{run.wall:9.2f}{run.processor:9.2f}{run.peak / 2**20:10.0f}{read:>11}")
        print(f"\ncache: {size / 2**20:.1f} MiB, {size / plain.statistics['objects']:.0f} bytes an object; "
              f"load average {os.getloadavg()[0]:.1f}.\n"
              "read: objects whose content was looked at. The reports with and without the cache are the same.\n")


if __name__ == "__main__":
    main()
