#!/usr/bin/env bash
# Checks the formatting of Swift code, which floor imports which, and the shell scripts.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --parallel --recursive Package.swift Sources Tests Examples Benchmarks
scripts/check-imports.sh
if command -v shellcheck >/dev/null; then
    shellcheck scripts/*.sh .ci/run
else
    echo 'lint: shellcheck is not installed; shell scripts are not checked' >&2
fi
