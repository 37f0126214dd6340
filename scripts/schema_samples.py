"""What the checks of written formats have in common: reading JSON, and naming what does not fit its schema."""

import glob
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, ".build")
PROGRAM = os.path.splitext(os.path.basename(sys.argv[0]))[0]


def cannot_tell(reason):
    print(f"{PROGRAM}: {reason}", file=sys.stderr)
    sys.exit(2)


def read(name):
    try:
        with open(name, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        cannot_tell(f"{name}: {error}")


def samples(folder, *patterns):
    """The files that the tests have left in a folder of .build."""
    folder = os.path.join(BUILD, folder)
    names = sorted(name for pattern in patterns for name in glob.glob(os.path.join(folder, pattern)))
    if not names:
        cannot_tell(f"no samples in {folder}: run swift test first")
    return names


def validator(schema):
    """A validator of the schema's own draft, once the schema itself has turned out to be one."""
    try:
        from jsonschema.validators import validator_for
    except ImportError:
        cannot_tell("needs jsonschema: apt-get install python3-jsonschema, or pip install jsonschema")
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def errors(check, document):
    for error in check.iter_errors(document):
        yield f"/{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"


def tell(names, errors_of, success):
    """Prints what is wrong with each file, or `success`; the exit code."""
    count = 0
    for name in names:
        for error in errors_of(name):
            print(f"{name}: {error}")
            count += 1
    if count == 0:
        print(f"{len(names)} {success}")
    return 1 if count else 0
