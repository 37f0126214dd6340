#!/usr/bin/env python3
"""Writes a large, realistic bare repository for benchmarks: code-like text, topic branches, tags, a few leaks.

Streams into `git fast-import`, one file's whole life after another, so memory stays flat, then repacks to the
shape an ordinary clone has. The same seed gives the same objects. Full size needs about 10 minutes on two cores.
"""

import argparse
import base64
import itertools
import os
import random
import shutil
import subprocess
import sys
from collections import deque

MEAN_BLOB_BYTES = 31_000  # the mean of git.git, where 262,343 blobs expand to 8.1 GB
CHANGES_PER_COMMIT = 1.3  # blobs per commit, merges included
MERGE_SHARE = 0.25  # follows from the odds in write_history
FIRST_COMMIT_TIME = 1_120_000_000
SECONDS_PER_COMMIT = 3_000

STEMS = """add alloc append apply args array attr base batch bit blob block branch buf buffer bytes cache call case
check child chunk clean clear clone close cmd code color column commit compare config content context copy count
create current cursor data date debug decode default delete delta depth desc diff dir dirty disk done dst dump edge
empty encode end entry error exec expand extra fd field file filter find first fix flag flush fn format free from full
func get graft group handle hash head header hook hunk id ignore index init input insert int item iter kind last leaf
left len level limit line link list load local lock log loop map mark match max mem merge message min mode module
mtime name nested next node note nr num object offset oid old open opt order output owner pack pager parent parse
patch path pathspec peel pending pick pos prefix prepare prev print process progress prune push queue quiet range raw
read rebase record ref refspec remote remove repo reset resolve result revision right root rule run scan score seen
send sequence set sha shallow side signature size skip slot sort source split stack start stat state status step
stream string strip submodule suffix symlink sync table tag tail temp term text todo total trace track trailer tree
type unpack update upload url use util value verify version view walk width window word work worktree write""".split()
SENSITIVE_STEMS = "token key password secret credential auth user pass".split()  # present in any code, but rare
TYPES = ["int", "char", "size_t", "unsigned long", "uint32_t", "const char", "void", "struct strbuf", "off_t"]
PROSE = """the a of and to in is that it for with as be this on by are or not from when which if can has have but an
at will only also into than then other may such any each one two first given used using shown default same must more
behavior command option argument output input working current specified instead without before after between""".split()
FOLDERS = ["builtin", "compat", "contrib", "docs", "docs/howto", "lib", "lib/pack", "lib/refs", "po", "server", "src",
           "src/ui", "t", "t/helper", "templates", "tools"]
NAMES = "Ada Bo Carl Dana Eli Faye Gus Hana Ivo Jun Kim Lea Max Nia Omar Pia Quin Rosa Sam Tess Uma Vik Yara".split()


class Writer:
    """Makes lines of C, shell or prose from one file's own vocabulary."""

    def __init__(self, rng, kind):
        self.random = rng.random
        self.rng = rng
        self.kind = kind
        stems = rng.sample(STEMS, 60) + rng.sample(SENSITIVE_STEMS, rng.choices([0, 1, 4], [60, 35, 5])[0])
        names = stems + ["_".join(rng.sample(stems, 2 + (rng.random() < 0.3))) for _ in range(160)]
        self.names = names
        self.prose = PROSE * 2 + stems
        self.makers = {"c": self.c_line, "sh": self.shell_line, "txt": self.prose_line}

    def name(self):
        return self.names[int(self.random() * len(self.names))]

    def words(self, least, most):
        count = least + int(self.random() * (most - least + 1))
        return " ".join(self.prose[int(self.random() * len(self.prose))] for _ in range(count))

    def lines(self, count):
        make = self.makers[self.kind]
        return [(make() + "\n").encode() for _ in range(count)]

    def c_line(self):
        roll, name = self.random(), self.name
        indent = "\t" * (1 + int(self.random() ** 2 * 4))
        if roll < 0.20:
            return f"{indent}{name()}({name()}, &{name()}->{name()});"
        if roll < 0.34:
            return f"{indent}if ({name()}->{name()} && !{name()}({name()}))"
        if roll < 0.46:
            return f"{indent}{name()} = {name()}({name()}, {int(self.random() * 4096)});"
        if roll < 0.54:
            return indent[1:] + "}"
        if roll < 0.62:
            return ""
        if roll < 0.70:
            return f"{indent}return {name()}[{name()}++] | 0x{int(self.random() * 0x10000):04x};"
        if roll < 0.76:
            return f"{indent}/* {self.words(4, 11)} */"
        if roll < 0.82:
            return f"{indent}for ({name()} = 0; {name()} < {name()}->nr; {name()}++) {{"
        if roll < 0.87:
            return f'{indent}die(_("{self.words(3, 9)}: \'%s\'"), {name()});'
        if roll < 0.92:
            kind = TYPES[int(self.random() * len(TYPES))]
            return f"static {kind} *{name()}({kind} *{name()}, int {name()})\n{{"
        if roll < 0.96:
            return f"#define {name().upper()} 0x{int(self.random() * 2**32):08x}"
        return f'\t{{ "{name()}.{name()}", &{name()}, {name().upper()} }},'

    def shell_line(self):
        roll, name = self.random(), self.name
        if roll < 0.25:
            return f'\tgit {name()} --{name().replace("_", "-")}="${name()}" {name()}.t >actual &&'
        if roll < 0.40:
            return f"test_expect_success '{self.words(3, 9)}' '"
        if roll < 0.55:
            return "\ttest_cmp expect actual\n'\n"
        if roll < 0.65:
            return f"\techo {self.rng.getrandbits(160):040x} {name()} >{name()} &&"
        if roll < 0.75:
            return f"# {self.words(4, 11)}"
        if roll < 0.85:
            return f"{name()}=$(git rev-parse {name()}^{{tree}}) &&"
        return f'\ttest_{name()} "${name()}" -eq {int(self.random() * 99)} &&'

    def prose_line(self):
        roll = self.random()
        if roll < 0.78:
            return self.words(8, 13)
        if roll < 0.90:
            return ""
        if roll < 0.96:
            return f"--{self.name().replace('_', '-')}=<{self.name()}>::"
        return f"`{self.name()}.{self.name()}`:: {self.words(4, 8)}."


class SourceFile:
    """One path and the plan of its life: when it changes, how large it is."""

    def __init__(self, rng, number):
        self.kind = rng.choices(["c", "sh", "txt"], [6, 2, 2])[0]
        folder = rng.choice(FOLDERS) if rng.random() < 0.9 else ""
        stem = "-".join(rng.sample(STEMS, 2))
        self.path = f"{folder}/{stem}-{number}.{self.kind}".lstrip("/")
        self.weight = rng.paretovariate(0.95) * (4 if not folder else 1)
        self.weight = min(self.weight, 400)
        self.lines = rng.lognormvariate(5.5, 0.9) * self.weight**0.25
        self.birth = 0 if rng.random() < 0.15 else rng.random() * 0.9
        self.versions = 1
        self.first_mark = 0


def plan(rng, file_count, change_count):
    """The files, and for each change in time order the index of the file it touches."""
    files = [SourceFile(rng, number) for number in range(file_count)]
    share = (change_count - file_count) / sum(file.weight for file in files)
    times = []
    for index, file in enumerate(files):
        file.versions = 1 + int(file.weight * share + rng.random())
        times.append((file.birth, index))
        times += [(rng.uniform(file.birth, 1), index) for _ in range(file.versions - 1)]
    times.sort()
    # 47 bytes is the mean length of a made line; scale all files so that the mean *blob* comes out right.
    weighted = sum(file.lines * file.versions for file in files) / sum(file.versions for file in files)
    for file in files:
        file.lines = max(5, int(file.lines * MEAN_BLOB_BYTES / 47 / weighted))
    return files, [index for _, index in times]


def write_life(out, rng, file, first_mark):
    """Every version of one file, each a few hunks away from the one before."""
    file.first_mark = first_mark
    writer = Writer(rng, file.kind)
    lines = writer.lines(max(2, int(file.lines * 0.5)))
    for version in range(file.versions):
        # Files grow, as real ones do: git packs in order of size, so neighbours in time are neighbours there.
        goal = int(file.lines * (0.5 + version / file.versions))
        if version:
            for _ in range(1 + int(rng.expovariate(0.45))):
                size = 1 + int(min(rng.lognormvariate(1.6, 1.0), 200))
                place = int(rng.random() * len(lines))
                gone = min(max(0, len(lines) + size - goal), size + 5)
                lines[place:place + gone] = writer.lines(size)
        text = b"".join(lines)
        out.write(b"blob\nmark :%d\ndata %d\n" % (first_mark + version, len(text)))
        out.write(text)
        out.write(b"\n")


def leaks(rng, commit_count):
    """A handful of files with fake secrets, by the commit that brings them in."""

    def text(length, alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"):
        return "".join(rng.choices(alphabet, k=length))

    def env():
        sendgrid = ".".join(["SG", text(22), base64.urlsafe_b64encode(rng.randbytes(32)).decode().rstrip("=")])
        return (f"DEBUG=false\nPORT={rng.randint(3000, 9000)}\nSENDGRID_API_KEY={sendgrid}\n"
                f"DATABASE_URL=postgres://app:{text(20)}@db.internal:5432/app\n"
                f"JWT_SECRET_KEY={rng.getrandbits(256):064x}\n")

    def source():
        access_key = "AK" + "IA" + text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        return f'REGION = "us-east-1"\nACCESS_KEY_ID = "{access_key}"\nSECRET_ACCESS_KEY = "{text(40)}"\n'

    paths = ["server/.env", "server/.env.production", "server/.env", "tools/deploy.py", ".env", "server/settings.py"]
    chosen = sorted(rng.sample(range(1, commit_count), min(len(paths), commit_count - 1)))
    return [(commit, (path, env() if ".env" in path else source())) for commit, path in zip(chosen, paths)]


class History:
    """Writes commits in time order: a main line, topic branches merged back into it, tags, and branches left open."""

    def __init__(self, out, rng, first_mark):
        self.out, self.rng, self.mark, self.number = out, rng, first_mark, 0
        self.writer = Writer(rng, "txt")
        self.authors = [f"{name} {chr(65 + n)}. <{name.lower()}.{n}@example.com>" for n in range(13) for name in NAMES]

    def commit(self, branch, parents, changes, inline=None, subject=None):
        """One commit; `changes` maps path to blob mark. Returns its mark."""
        self.mark, self.number = self.mark + 1, self.number + 1
        body = [subject or f"{self.writer.name()}: {self.writer.words(3, 8)}", ""]
        body += [self.writer.words(9, 13) for _ in range(int(self.rng.expovariate(0.3)))]
        author = self.authors[int(self.rng.random() ** 2.5 * len(self.authors))]
        message = "\n".join(body + ["", f"Signed-off-by: {author}", ""]).encode()
        when = FIRST_COMMIT_TIME + self.number * SECONDS_PER_COMMIT + int(self.rng.random() * 2_000)
        lines = [f"commit refs/heads/{branch}", f"mark :{self.mark}", f"author {author} {when} +0000",
                 f"committer {author} {when + 60} +0000", f"data {len(message)}"]
        self.out.write("\n".join(lines).encode() + b"\n" + message)
        for word, parent in zip(["from"] + ["merge"] * 9, parents):
            self.out.write(b"%s :%d\n" % (word.encode(), parent))
        for path, mark in changes.items():
            self.out.write(b"M 100644 :%d %s\n" % (mark, path.encode()))
        if inline:
            data = inline[1].encode()
            self.out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (inline[0].encode(), len(data), data))
        self.out.write(b"\n")
        return self.mark

    def tag(self, name, commit):
        when = FIRST_COMMIT_TIME + self.number * SECONDS_PER_COMMIT
        message = f"{name}: {self.writer.words(3, 8)}\n".encode()
        self.out.write(f"tag {name}\nfrom :{commit}\ntagger {self.authors[0]} {when} +0000\n"
                       f"data {len(message)}\n".encode() + message + b"\n")


def write_history(out, rng, files, changes, commit_count, next_mark):
    """Deals the changes out to commits, in order, and joins them into branches."""
    history = History(out, rng, next_mark)
    planted = leaks(rng, commit_count)
    pending = deque(changes)
    seen = [0] * len(files)
    plain_commits = max(1, int(commit_count * (1 - MERGE_SHARE)))
    surplus = max(0.0, len(changes) / plain_commits - 1)

    def take():
        taken = {}
        wanted = 1 + int(rng.expovariate(1 / surplus) + 0.5) if surplus else 1
        if history.number == 0:  # the import that starts a project
            wanted = len(files) // 8
        while pending and len(taken) < wanted and files[pending[0]].path not in taken:
            index = pending.popleft()
            taken[files[index].path] = files[index].first_mark + seen[index]
            seen[index] += 1
        return taken

    def leak():
        return planted.pop(0)[1] if planted and planted[0][0] <= history.number else None

    main = history.commit("main", [], take(), subject="Initial import")
    recent = deque([main], maxlen=40)
    release, open_topics = 0, itertools.count(1)
    while pending or history.number < commit_count:
        if rng.random() < 0.45:  # direct work on the main line
            main = history.commit("main", [main], take(), leak())
        else:  # a topic of a few commits, begun some time ago, then merged
            topic, brought = rng.choice(recent), {}
            for _ in range(1 + int(rng.expovariate(0.6))):
                changed = take()
                brought.update(changed)
                topic = history.commit("topic", [topic], changed)
            if len(recent) > 30 and rng.random() < 0.001:
                out.write(f"reset refs/heads/feature-{next(open_topics)}\nfrom :{topic}\n\n".encode())
            main = history.commit("main", [main, topic], brought, subject=f"Merge branch '{history.writer.name()}'")
        recent.append(main)
        if history.number // max(1, commit_count // 100) > release:
            release += 1
            history.tag(f"v{release // 10}.{release % 10}", main)
            if release % 20 == 0:
                out.write(f"reset refs/heads/maint-{release // 10}\nfrom :{main}\n\n".encode())


def git(target, *arguments, **options):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(["git", "-C", target, *arguments], check=True, env=clean, **options)


def write_stream(out, options):
    rng = random.Random(options.seed)
    files, changes = plan(rng, options.files, max(options.files, int(options.commits * CHANGES_PER_COMMIT)))
    mark = 1
    for number, file in enumerate(files):
        write_life(out, rng, file, mark)
        mark += file.versions
        if number % 250 == 0:
            print(f"files {number}/{len(files)}, blobs {mark - 1}/{len(changes)}", file=sys.stderr, flush=True)
    print("commits", file=sys.stderr, flush=True)
    write_history(out, rng, files, changes, options.commits, mark)
    out.write(b"done\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", help="the bare repository to write; must not exist yet")
    parser.add_argument("--commits", type=int, default=200_000)
    parser.add_argument("--files", type=int, default=4_500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if os.path.exists(options.target):
        parser.error(f"{options.target} already exists")

    os.makedirs(options.target)
    try:
        git(options.target, "-c", "init.defaultBranch=main", "init", "--quiet", "--bare", ".")
        importer = subprocess.Popen(["git", "-C", options.target, "fast-import", "--quiet", "--done", "--depth=50"],
                                    stdin=subprocess.PIPE)
        with importer.stdin as out:
            write_stream(out, options)
        if importer.wait() != 0:
            raise SystemExit("git fast-import failed")
        git(options.target, "update-ref", "-d", "refs/heads/topic")
        print("repack", file=sys.stderr, flush=True)
        git(options.target, "repack", "-a", "-d", "-f", "-q", "--depth=50", "--window=10", "--threads=2")
        git(options.target, "count-objects", "-v")
    except BaseException:
        shutil.rmtree(options.target, ignore_errors=True)
        raise


if __name__ == "__main__":
    main()
