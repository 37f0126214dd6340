#!/usr/bin/env bash
# Builds the sample repository afresh and scans it. Finding secrets there is success; anything else is not.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${MIGRATE_PROGRAM:-.build/release/migrate}
[[ $program == /* ]] || program=$PWD/$program
folder=.build/demo

rm -rf "$folder"
mkdir -p "$folder"
echo "demo: building a sample repository in $folder/fluxion" >&2
python3 scripts/make-demo-repository.py "$folder/fluxion"

cd "$folder"
printf 'demo: migrate scan fluxion\n\n' >&2
status=0
"$program" scan fluxion || status=$?
if ((status != 1)); then
    echo "demo: expected exit code 1 (findings), got $status" >&2
    exit 1
fi
printf '\ndemo: migrate exited with 1, which says that there are findings. All of them are fake.\n' >&2
