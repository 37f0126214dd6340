#!/usr/bin/env python3
"""Checks what the commands on the checklist say in JSON against docs/checklist-schema.json.

    scripts/validate-checklist.py [FILE...]

Without a FILE: the samples that the tests of Reporting leave in .build/checklist-samples/.
Needs the Python package jsonschema. Exit codes: 0 valid, 1 invalid, 2 cannot tell.
"""

import os
import sys

from schema_samples import ROOT, errors, read, samples, tell, validator

FORMS = {"migrate.plan/1": "plan", "migrate.outcome/1": "outcome", "migrate.undo/1": "undo"}


def main(names):
    schema = read(os.path.join(ROOT, "docs", "checklist-schema.json"))
    validator(schema)

    def errors_of(name):
        document = read(name)
        # Against the form that it names, so that an error tells what is wrong and not that neither form fits.
        kind = FORMS.get(document.get("schema") if isinstance(document, dict) else None, "list")
        form = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"}
        return errors(validator(form), document)

    return tell(names or samples("checklist-samples", "*.json"), errors_of, "documents keep to their schema")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
