#!/usr/bin/env bash
# Everything that must hold before a change goes in: lint, build, tests, written formats against their schemas.
set -euo pipefail
cd "$(dirname "$0")/.."

log=.build/test.log
step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

# A Python that can import jsonschema: the system's, or one of our own.
python_with_jsonschema() {
    if python3 -c 'import jsonschema' 2>/dev/null; then
        echo python3
        return
    fi
    if [[ ! -x .build/venv/bin/python ]] || ! .build/venv/bin/python -c 'import jsonschema' 2>/dev/null; then
        python3 -m venv .build/venv >&2
        .build/venv/bin/python -m pip install --quiet --disable-pip-version-check jsonschema >&2
    fi
    echo .build/venv/bin/python
}

mkdir -p .build
step 'setup'
scripts/setup.sh --tests
step 'lint'
scripts/lint.sh
step 'servers'
scripts/test-servers.sh
step 'build'
swift build --build-tests
# In three processes, and a few tests at a time in each: all at once, on two cores, a test's time runs out while it waits
# for its turn.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-8}
servers='^(AWSTests|StoresTests|SecretsManagerTests|SendGridTests|StepsTests|TestServersTests)\.'
programs='^(CommandTests|DeliveryTests)\.'
: >"$log"
step 'test: values, files, repositories'
swift test --skip-build --parallel --skip "$servers" --skip "$programs" 2>&1 | tee -a "$log"
step 'test: stores, providers, steps'
swift test --skip-build --parallel --filter "$servers" 2>&1 | tee -a "$log"
step 'test: the program'
swift test --skip-build --parallel --filter "$programs" 2>&1 | tee -a "$log"

for validator in scripts/validate-*.py; do
    [[ -e $validator ]] || continue
    step "$validator"
    "$(python_with_jsonschema)" "$validator"
done

step 'done'
grep -E 'Test run with [0-9]+ tests?' "$log"
