#!/usr/bin/env python3
"""Checks state files against docs/state-schema.json, and their events' digests by a second
implementation.

    scripts/validate-state.py [FILE...]

Without a FILE: the samples that the tests of Checklist leave in .build/state-samples/.
Needs the Python package jsonschema. Exit codes: 0 valid, 1 invalid, 2 cannot tell.
"""

import hashlib
import json
import os
import sys

from schema_samples import ROOT, errors, read, samples, tell, validator

MEMBERS = ["event", "at", "by", "tool", "effect", "mark", "summary", "until", "facts"]


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
    check = validator(read(os.path.join(ROOT, "docs", "state-schema.json")))

    def errors_of(name):
        state = read(name)
        # Only a file of the right shape has links to look at.
        return list(errors(check, state)) or [f"/{place}: the digest does not fit" for place in broken_links(state)]

    names = names or samples("state-samples", "*.json")
    return tell(names, errors_of, "state files keep to the schema, and their chains hold")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
