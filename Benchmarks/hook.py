#!/usr/bin/env python3
"""Times the pre-commit hook beside `kingfisher scan --staged`: ten staged files, then one megabyte more, and more.

Whole processes, one tool after the other in each round, and the median counts. The repository is BENCH_REPO, or one
that is made here; it is cloned without copying its objects, and nothing is written into it.
"""

import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
sys.path.insert(0, str(ROOT / "Benchmarks"))
from history import installed_kingfisher, small_repository  # noqa: E402

ROUNDS = 31
KINGFISHER_ROUNDS = 7
FILES = 10
MEGABYTES = (1, 2, 4)
MOST_MILLISECONDS = 25
MOST_MILLISECONDS_PER_MEGABYTE = 5
MOST_MEGABYTES_OF_MEMORY = 60


def git(repository, *arguments):
    result = subprocess.run(["git", "-C", repository, "-c", "gc.auto=0", *arguments], check=True, capture_output=True,
                            text=True)
    return result.stdout


def run(command, repository, good):
    """Seconds and peak bytes of one process."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=repository, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{process.stderr.read().decode()}")
    process.stderr.close()
    return wall, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def code(lines, seed):
    """Text that looks like code, and holds nothing to find."""
    source = random.Random(seed)
    words = ["request", "token_count", "buffer", "length", "result", "handler", "value", "index", "parse", "secret_name"]
    return "".join(f"    {source.choice(words)} = {source.choice(words)}({source.randrange(9999)}, "
                   f"\"{source.choice(words)} {source.choice(words)}\")\n" for _ in range(lines))


def stage(repository):
    """Ten files of the last commit get some lines more."""
    names = sorted(name for name in git(repository, "ls-files").splitlines() if name.endswith((".c", ".py", ".sh")))
    for number, name in enumerate(names[:: max(1, len(names) // FILES)][:FILES]):
        with open(os.path.join(repository, name), "a", encoding="utf-8") as file:
            file.write(code(20, number))
    git(repository, "add", "--all")
    # As `git commit` does before it calls the hook.
    git(repository, "write-tree")


def stage_megabytes(repository, count):
    for number in range(count):
        text = code(20_000, 100 + number)[: 1 << 20]
        pathlib.Path(repository, f"megabyte-{number}.py").write_text(text, encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "write-tree")


def compare(commands, repository):
    figures = {name: [] for name in commands}
    for round_number in range(ROUNDS):
        for name, (command, good) in commands.items():
            if name == "kingfisher" and round_number >= KINGFISHER_ROUNDS:
                continue
            figures[name].append(run(command, repository, good))
    return {name: (statistics.median(wall for wall, _ in rounds) * 1000, max(peak for _, peak in rounds) / 2**20)
            for name, rounds in figures.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", nargs="?", type=pathlib.Path,
                        default=os.environ.get("BENCH_REPO") and pathlib.Path(os.environ["BENCH_REPO"]),
                        help="a repository with history; default: BENCH_REPO, or a small one that is made")
    parser.add_argument("--migrate", type=pathlib.Path, default=BUILD / "release/migrate")
    parser.add_argument("--kingfisher", type=pathlib.Path, help="a kingfisher binary to use instead of PyPI's")
    options = parser.parse_args()
    source = (options.repository or small_repository()).resolve()
    kingfisher = options.kingfisher or installed_kingfisher()
    migrate = options.migrate.resolve()
    commands = {"migrate": ([migrate, "hook", "run"], (0,)),
                "kingfisher": ([kingfisher, "scan", ".", "--staged", "--no-validate", "--no-update-check"], (0, 200))}
    with tempfile.TemporaryDirectory() as folder:
        repository = os.path.join(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", "--shared", source, repository], check=True)
        git(repository, "config", "user.name", "Bench")
        git(repository, "config", "user.email", "bench@example.com")
        count = int(git(repository, "rev-list", "--all", "--count"))
        files = len(git(repository, "ls-files").splitlines())
        stage(repository)
        for command, good in commands.values():
            run(command, repository, good)
        print(f"\nthe hook, {count:,} commits, {files:,} files, {FILES} staged; median of {ROUNDS} whole runs, "
              f"of kingfisher {KINGFISHER_ROUNDS}\n")
        base = compare(commands, repository)
        print(f"{'':24}{'ms':>9}{'peak MiB':>10}")
        for name, (milliseconds, peak) in base.items():
            print(f"{name:24}{milliseconds:9.1f}{peak:10.0f}")
        ours = {"migrate": commands["migrate"]}
        rows = []
        for megabytes in MEGABYTES:
            stage_megabytes(repository, megabytes)
            milliseconds, peak = compare(ours, repository)["migrate"]
            rows.append((megabytes, (milliseconds - base["migrate"][0]) / megabytes))
            print(f"{f'migrate, {megabytes} MB more':24}{milliseconds:9.1f}{peak:10.0f}{rows[-1][1]:9.1f} ms a MB")
        good = (base["migrate"][0] <= MOST_MILLISECONDS and base["migrate"][1] < MOST_MEGABYTES_OF_MEMORY
                and all(each <= MOST_MILLISECONDS_PER_MEGABYTE for _, each in rows))
        print(f"\nwanted: {MOST_MILLISECONDS} ms, {MOST_MEGABYTES_OF_MEMORY} MiB, "
              f"{MOST_MILLISECONDS_PER_MEGABYTE} ms a MB: {'met' if good else 'NOT met'}\n")


if __name__ == "__main__":
    main()
