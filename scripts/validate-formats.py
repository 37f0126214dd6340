#!/usr/bin/env python3
"""Reads reports with parsers that are not ours: *.gitlab, *.junit, *.gitleaks, *.jsonl, *.markdown, and *.fleet.

    scripts/validate-formats.py [FILE...]

Without a FILE: the samples that the tests of Reporting leave in .build/format-samples/. Needs the Python package
jsonschema. Markdown is rendered by markdown-it-py, which is fetched once into .build/python-markdown. GitLab's own schema
is in no package: GITLAB_SCHEMA names a copy of it to check against; without that, docs/gitlab-report.schema.json says what
it demands of what we write. Exit codes: 0 valid, 1 invalid, 2 cannot tell.
"""

import html.parser
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from schema_samples import BUILD, ROOT, cannot_tell, errors, read, samples, tell, validator

MARKDOWN = ["markdown-it-py==3.0.0", "mdurl==0.1.2"]
GITLEAKS = {
    "RuleID": str, "Description": str, "StartLine": int, "EndLine": int, "StartColumn": int, "EndColumn": int,
    "Match": str, "Secret": str, "File": str, "SymlinkFile": str, "Commit": str, "Entropy": (int, float), "Author": str,
    "Email": str, "Date": str, "Message": str, "Tags": list, "Fingerprint": str,
}
# What a summary is made of; anything else came out of a name.
ELEMENTS = {
    "h2", "h3", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "ol", "ul", "li", "details", "summary",
}
checks = {}


def schema_errors(name, schema):
    if schema not in checks:
        checks[schema] = validator(read(schema))
    yield from errors(checks[schema], read(name))


def gitlab(name):
    own = os.path.join(ROOT, "docs", "gitlab-report.schema.json")
    yield from schema_errors(name, own)
    if os.environ.get("GITLAB_SCHEMA"):
        yield from schema_errors(name, os.environ["GITLAB_SCHEMA"])


def junit(name):
    try:
        root = ElementTree.parse(name).getroot()
    except ElementTree.ParseError as error:
        yield f"no XML: {error}"
        return
    for element in [root, *root.findall("testsuite")]:
        cases = element.findall(".//testcase")
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if int(element.get(attribute)) != sum(case.find(tag) is not None for case in cases):
                yield f"{element.tag}: {attribute} does not count the cases"
        if int(element.get("tests")) != len(cases) or not cases:
            yield f"{element.tag}: tests does not count the cases"
    for case in root.iter("testcase"):
        if not case.get("name") or not case.get("classname"):
            yield "a case without a name"


def gitleaks(name):
    for number, leak in enumerate(read(name)):
        if set(leak) != set(GITLEAKS):
            yield f"/{number}: members {sorted(set(leak) ^ set(GITLEAKS))}"
        for member, kind in GITLEAKS.items():
            if not isinstance(leak.get(member), kind):
                yield f"/{number}/{member}: {type(leak.get(member)).__name__}"


def jsonl(name):
    with open(name, encoding="utf-8", newline="\n") as file:
        lines = [json.loads(line) for line in file.read().split("\n")[:-1]]
    kinds = [line.get("type") for line in lines]
    if kinds[:1] != ["header"] or kinds[-1:] != ["summary"] or set(kinds[1:-1]) - {"finding", "unread"}:
        yield f"types {kinds[:1]} … {kinds[-1:]}"
    if not str(lines[0].get("schema")).startswith("migrate."):
        yield "the header names no schema"


def fleet(name):
    yield from schema_errors(name, os.path.join(ROOT, "docs", "fleet.schema.json"))
    check = validator(read(os.path.join(ROOT, "docs", "report.schema.json")))
    for entry in read(name)["repositories"]:
        if "report" in entry:
            yield from (f"{entry['path']}: {error}" for error in errors(check, entry["report"]))


def markdown_parser():
    if "markdown" in checks:
        return checks["markdown"]
    folder = os.path.join(BUILD, "python-markdown")
    sys.path.insert(0, folder)
    try:
        import markdown_it
    except ImportError:
        from importlib import invalidate_caches, import_module

        python = os.path.join(BUILD, "venv", "bin", "python")
        if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
            python = sys.executable
        elif not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", os.path.join(BUILD, "venv")], stdout=sys.stderr)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--root-user-action=ignore"]
        if subprocess.run(command + ["--target", folder] + MARKDOWN, stdout=sys.stderr).returncode != 0:
            cannot_tell(f"could not fetch {MARKDOWN[0]}")
        invalidate_caches()
        markdown_it = import_module("markdown_it")
    # As services do: tables, and elements that stand in the text.
    checks["markdown"] = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table")
    return checks["markdown"]


class Elements(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.wrong = []
        self.rows = []

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            self.wrong.append(f"<{tag}> out of a name")
        if any(key not in ("style", "start") for key, _ in attributes):
            self.wrong.append(f"<{tag}> with {attributes}")
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1


def markdown(name):
    with open(name, encoding="utf-8", newline="\n") as file:
        text = file.read()
    elements = Elements()
    elements.feed(markdown_parser().render(text))
    yield from elements.wrong
    if len(set(elements.rows)) > 1:
        yield f"rows of {sorted(set(elements.rows))} cells"


KINDS = {"gitlab": gitlab, "junit": junit, "gitleaks": gitleaks, "jsonl": jsonl, "markdown": markdown, "fleet": fleet}


def main(names):
    names = names or samples("format-samples", *("*." + kind for kind in KINDS))

    def errors_of(name):
        kind = name.rsplit(".", 1)[-1]
        if kind not in KINDS:
            cannot_tell(f"{name}: none of {', '.join(KINDS)}")
        return KINDS[kind](name)

    return tell(names, errors_of, "reports are read by others")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
