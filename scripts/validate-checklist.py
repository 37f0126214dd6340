#!/usr/bin/env python3
"""Checks what the commands on the checklist say in JSON against docs/checklist-schema.json.

    scripts/validate-checklist.py [FILE...]

Without a FILE: the samples that the tests of Reporting leave in .build/checklist-samples/.
Needs the Python package jsonschema. Exit codes: 0 valid, 1 invalid, 2 cannot tell.
"""

import glob
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

FORMS = {"migrate.plan/1": "plan", "migrate.outcome/1": "outcome", "migrate.undo/1": "undo"}


def cannot_tell(reason):
    print(f"validate-checklist: {reason}", file=sys.stderr)
    sys.exit(2)


def read(name):
    try:
        with open(name, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        cannot_tell(f"{name}: {error}")


def main(names):
    try:
        from jsonschema.validators import validator_for
    except ImportError:
        cannot_tell("needs jsonschema: apt-get install python3-jsonschema, or pip install jsonschema")
    samples = os.path.join(ROOT, ".build", "checklist-samples")
    names = names or sorted(glob.glob(os.path.join(samples, "*.json")))
    if not names:
        cannot_tell(f"no samples in {samples}: run swift test first")
    schema = read(os.path.join(ROOT, "docs", "checklist-schema.json"))
    validator = validator_for(schema)
    validator.check_schema(schema)
    count = 0
    for name in names:
        document = read(name)
        # Against the form that it names, so that an error tells what is wrong and not that neither form fits.
        kind = FORMS.get(document.get("schema") if isinstance(document, dict) else None, "list")
        form = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"}
        for error in validator(form).iter_errors(document):
            place = "/".join(str(part) for part in error.absolute_path)
            print(f"{name}: /{place}: {error.message[:300]}")
            count += 1
    if count == 0:
        print(f"{len(names)} documents keep to their schema")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
