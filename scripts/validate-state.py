#!/usr/bin/env python3
"""Checks state files against docs/state-schema.json, and their events' digests by a second
implementation.

    scripts/validate-state.py [FILE...]

Without a FILE: the samples that the tests of Checklist leave in .build/state-samples/.
Needs the Python package jsonschema. Exit codes: 0 valid, 1 invalid, 2 cannot tell.
"""

import glob
import hashlib
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MEMBERS = ["event", "at", "by", "tool", "effect", "mark", "summary", "until", "facts"]


def cannot_tell(reason):
    print(f"validate-state: {reason}", file=sys.stderr)
    sys.exit(2)


def read(name):
    try:
        with open(name, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        cannot_tell(f"{name}: {error}")


def sha256(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def broken_links(state):
    """The events that follow no event above them, by step and number."""
    for step, memory in state["steps"].items():
        above = [sha256(f"migrate.state/1\n{state['checklist']['id']}\n{step}")]
        for number, event in enumerate(memory["events"], 1):
            members = {name: event[name] for name in MEMBERS if name in event}
            if "facts" in members:
                members["facts"] = dict(sorted(members["facts"].items()))
            body = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
            if event["digest"] not in [sha256(f"{digest}\n{body}") for digest in above]:
                yield f"steps/{step}/events/{number}"
            above.append(event["digest"])


def main(names):
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        cannot_tell("needs jsonschema: apt-get install python3-jsonschema, or pip install jsonschema")
    samples = os.path.join(ROOT, ".build", "state-samples")
    names = names or sorted(glob.glob(os.path.join(samples, "*.json")))
    if not names:
        cannot_tell(f"no samples in {samples}: run swift test first")
    schema = read(os.path.join(ROOT, "docs", "state-schema.json"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    count = 0
    for name in names:
        state = read(name)
        errors = [
            f"/{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"
            for error in validator.iter_errors(state)
        ]
        # Only a file of the right shape has links to look at.
        errors = errors or [f"/{place}: the digest does not fit" for place in broken_links(state)]
        for error in errors:
            print(f"{name}: {error}")
        count += len(errors)
    if count == 0:
        print(f"{len(names)} state files keep to the schema, and their chains hold")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
