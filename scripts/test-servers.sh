#!/usr/bin/env bash
# Makes the Python environment of the tests that speak to moto: the system's python3 when it has moto and boto3, else a
# virtual environment under .build. Quiet when there is nothing to do; `--print-python` names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

moto_version=5.2.1
boto3_version=1.43.11
# By name: boto3 takes any later one, and those make up for lost answers in ways that our tests of lost answers see.
botocore_version=1.43.11
venv=.build/servers/venv

has_packages() {
    "$1" -c '
import sys
import boto3, botocore, moto
import moto.server
sys.exit([moto.__version__, botocore.__version__] != sys.argv[1:])' "$moto_version" "$botocore_version" >/dev/null 2>&1
}

# Its own path: behind a shim such as pyenv it starts faster, and killing it kills it.
own_path() {
    "$1" -c 'import sys; print(sys.executable)'
}

if has_packages python3; then
    python=$(own_path python3)
else
    mkdir -p .build/servers
    # Several test processes may come at once; one makes the environment, the others wait for it.
    exec 9>.build/servers/lock
    if command -v flock >/dev/null; then flock 9; fi
    if ! has_packages "$venv/bin/python3"; then
        echo "making $venv with moto $moto_version" >&2
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/python3" -m pip install --quiet --disable-pip-version-check \
            "moto[server,secretsmanager,iam,sts]==$moto_version" "boto3==$boto3_version" "botocore==$botocore_version" >&2
        has_packages "$venv/bin/python3" || {
            echo "test-servers.sh: moto $moto_version cannot be imported from $venv" >&2
            exit 1
        }
    fi
    python=$PWD/$venv/bin/python3
fi

if [[ ${1:-} == --print-python ]]; then printf '%s\n' "$python"; fi
